package outreach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
)

// sweepBatch is how many overdue cases one pass looks at.
const sweepBatch = 500

// Sweep acts on every case whose deadline has passed and returns how many it
// changed: offers that ran out expire or, for safety, go to an adviser; visits
// to which nobody came are no-shows for an adviser; what anybody left lying
// goes up.
//
//	open      no slot could be offered        -> escalated, adviser
//	offered   nobody answered                 -> expired; safety: escalated, adviser
//	booked    nobody came                     -> booking no_show, escalated, adviser
//	arrived   the workshop reported nothing   -> escalated, adviser
//	escalated the adviser did not act         -> stays, owner manager, a day more
func (s *Service) Sweep(ctx context.Context) (int, error) {
	cases, err := s.store.CasesDue(ctx, s.now(), sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	changed := 0
	var faults []error
	for _, c := range cases {
		switch err := s.overdue(ctx, c); {
		case overtaken(err): // it moved while we looked
		case err != nil:
			faults = append(faults, fmt.Errorf("sweep case %s: %w", c.ID, err))
		default:
			changed++
		}
	}
	return changed, errors.Join(faults...)
}

// OwnerManager answers for what an adviser left lying.
const OwnerManager = "manager"

func (s *Service) overdue(ctx context.Context, c presage.Case) error {
	switch c.State {
	case presage.CaseOpen:
		return s.escalate(ctx, c, "sweep", "no free slot could be offered in time")
	case presage.CaseOffered:
		if c.Severity == presage.Safety {
			return s.escalate(ctx, c, "sweep", "safety, no answer until the offer ran out: call the customer")
		}
		return s.move(ctx, c, presage.CaseExpired, CaseChange{}, note{"sweep", "no answer until the offer ran out"})
	case presage.CaseBooked:
		return s.noShow(ctx, c)
	case presage.CaseArrived:
		return s.escalate(ctx, c, "sweep", "the workshop has not reported the result")
	case presage.CaseEscalated:
		return s.store.ChangeCase(ctx, c.ID, CaseChange{Owner: OwnerManager, DueAt: s.now().Add(24 * time.Hour)}, s.now())
	default:
		return nil
	}
}

// noShow frees the bay, the technician and the parts of a visit nobody came to.
func (s *Service) noShow(ctx context.Context, c presage.Case) error {
	bookings, err := s.store.BookingsOf(ctx, c.ID)
	if err != nil {
		return err
	}
	now := s.now()
	for _, b := range bookings {
		if b.State != presage.BookingConfirmed {
			continue
		}
		if until := b.Start.Add(s.cfg.NoShowAfter); now.Before(until) {
			return s.store.ChangeCase(ctx, c.ID, CaseChange{DueAt: until}, now)
		}
		err := s.store.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingNoShow, now)
		if err != nil {
			return err
		}
	}
	return s.escalate(ctx, c, "sweep", "nobody came to the visit: call the customer")
}
