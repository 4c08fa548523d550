package outreach

import (
	"context"
	"errors"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
)

// verdict is whether a message may go out now. The zero verdict lets it go.
type verdict struct {
	hold    time.Time // not before this
	drop    string    // never: why; "" otherwise
	mute    bool      // dropped because the customer may not be told, not because it is untrue
	channel bool      // ... over this channel only
}

// directFor is how long a message counts as the direct answer to something the
// customer has just done: quiet hours do not hold those.
const directFor = 15 * time.Minute

// gate checks a message at the moment it would be sent: consent, whether it is
// still true, the frequency cap and quiet hours.
func (s *Service) gate(ctx context.Context, m presage.Message, c presage.Customer) (verdict, error) {
	now := s.now()
	if !s.allowed(c, m.Channel) {
		return verdict{drop: "no consent for " + string(m.Channel), mute: true, channel: true}, nil
	}
	untrue, err := s.untrue(ctx, m)
	if err != nil {
		return verdict{}, err
	}
	if untrue != "" {
		return verdict{drop: untrue}, nil
	}
	offer := m.Kind == string(wording.Offer)
	if offer && !m.Safety {
		capped, err := s.capped(ctx, c.ID)
		if err != nil {
			return verdict{}, err
		}
		if capped {
			return verdict{drop: "frequency cap", mute: true}, nil
		}
	}
	planned := offer || m.Kind == string(wording.Reminder)
	if planned || now.Sub(m.CreatedAt) > directFor {
		return s.quiet(ctx, m, c)
	}
	return verdict{}, nil
}

// quiet holds a message through the customer's quiet hours, unless it wakes.
func (s *Service) quiet(ctx context.Context, m presage.Message, c presage.Customer) (verdict, error) {
	now := s.now()
	until := s.cfg.quietUntil(now, zoneOf(c.Zone))
	if !until.After(now) {
		return verdict{}, nil
	}
	wakes, err := s.wakes(ctx, m)
	if err != nil || wakes {
		return verdict{}, err
	}
	return verdict{hold: until}, nil
}

// wakes tells whether a message goes out in quiet hours: a safety-critical
// alert stands.
func (s *Service) wakes(ctx context.Context, m presage.Message) (bool, error) {
	if !m.Safety {
		return false, nil
	}
	c, err := s.store.Case(ctx, m.CaseID)
	if err != nil {
		return false, err
	}
	alerts, err := s.alertsOf(ctx, m.VIN)
	return urgent(c, alerts), err
}

// untrue says why a message no longer holds; "" when it does.
func (s *Service) untrue(ctx context.Context, m presage.Message) (string, error) {
	lost, err := s.lost(ctx, m.VIN, m.CustomerID)
	if err != nil {
		return "", err
	}
	if lost {
		return "the car has another owner", nil
	}
	switch wording.Kind(m.Kind) {
	case wording.Offer:
		return s.offerUntrue(ctx, m)
	case wording.Confirmation, wording.Reminder:
		b, err := s.store.Booking(ctx, aboutOf(m.Key))
		if errors.Is(err, presage.ErrNotFound) {
			return "the booking is gone", nil
		}
		if err != nil {
			return "", err
		}
		if b.State != presage.BookingConfirmed {
			return "the booking is " + string(b.State), nil
		}
		if !s.now().Before(b.Start) {
			return "the visit has begun", nil
		}
	default:
	}
	return "", nil
}

func (s *Service) offerUntrue(ctx context.Context, m presage.Message) (string, error) {
	c, err := s.store.Case(ctx, m.CaseID)
	if err != nil {
		return "", err
	}
	if c.State != presage.CaseOffered {
		return "the case is " + string(c.State), nil
	}
	o, err := s.store.Offer(ctx, m.OfferID)
	if err != nil {
		return "", err
	}
	switch {
	case s.now().After(o.ExpiresAt):
		return "the offer has run out", nil
	case o.Answer != "":
		return "the offer was answered", nil
	case !o.OpenedAt.IsZero():
		return "the offer was opened", nil
	}
	return "", nil
}

// aboutOf is the middle of a message's key: the thing it is about.
func aboutOf(key string) string {
	parts := strings.Split(key, "/")
	if len(parts) != 3 {
		return ""
	}
	return parts[1]
}
