package deliver

import (
	"context"
	"errors"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
)

// verdict is whether a message may go out now. The zero verdict lets it go.
type verdict struct {
	hold    time.Time      // not before this
	drop    presage.Reason // never: why; zero otherwise
	mute    bool           // dropped because the customer may not be told, not because it is untrue
	channel bool           // ... over this channel only
	anew    bool           // held no longer: its offer is withdrawn and made again
}

// passes tells whether the message may go out now.
func (v verdict) passes() bool { return v.hold.IsZero() && v.drop.IsZero() }

// stay keeps a message from going out as a verdict says.
func (d *Deliverer) stay(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	switch {
	case v.anew:
		return d.offerAnew(ctx, m, v.drop)
	case !v.drop.IsZero():
		return d.drop(ctx, m, c, v)
	}
	m.State, m.NotBefore, m.UpdatedAt = presage.MessagePlanned, v.hold, d.Now()
	m.Attempts = max(0, m.Attempts-1) // it was not tried
	return d.Store.SaveMessage(ctx, m)
}

// directFor is how long a message counts as the direct answer to something the
// customer has just done: quiet hours do not hold those.
const directFor = 15 * time.Minute

// gate checks a message at the moment it would be sent: consent, whether it is
// still true, the frequency cap and quiet hours.
func (d *Deliverer) gate(ctx context.Context, m presage.Message, c presage.Customer) (verdict, error) {
	if !d.Planner.Allows(c.For(m.Purpose()), m.Channel) {
		return verdict{drop: onChannel(presage.WhyNoConsent, m), mute: true, channel: true}, nil
	}
	untrue, err := d.untrue(ctx, m)
	if err != nil {
		return verdict{}, err
	}
	if !untrue.IsZero() {
		return verdict{drop: untrue}, nil
	}
	if v, err := d.doubted(ctx, m); err != nil || !v.passes() {
		return v, err
	}
	if m.Kind == string(wording.Offer) {
		if v, err := d.offerGate(ctx, m, c); err != nil || !v.passes() {
			return v, err
		}
	}
	if answers(m, d.Now()) || wording.Kind(m.Kind).Rescues() { // who stands at the road waits for it
		return verdict{}, nil
	}
	return d.quiet(ctx, m, c)
}

// answers tells whether a message is the direct answer to something the customer has
// just done. What we write of our own accord never is.
func answers(m presage.Message, now time.Time) bool {
	switch wording.Kind(m.Kind) {
	case wording.Offer, wording.Reminder, wording.Survey, wording.Remote, wording.Away:
		return false
	default:
		return now.Sub(m.CreatedAt) <= directFor
	}
}

// quiet holds a message through the customer's quiet hours, and what is not asked
// for through holidays, unless it wakes.
func (d *Deliverer) quiet(ctx context.Context, m presage.Message, c presage.Customer) (verdict, error) {
	now := d.Now()
	quiet := d.Planner.Quiet(c)
	if unasked(m) {
		quiet = d.Planner.QuietFor(c, m.Purpose())
	}
	until := quiet.Until(now)
	if !until.After(now) {
		return verdict{}, nil
	}
	wakes, err := d.wakes(ctx, m)
	if err != nil || wakes {
		return verdict{}, err
	}
	return verdict{hold: until}, nil
}

// unasked tells whether a message is one that its customer does not wait for.
func unasked(m presage.Message) bool {
	switch wording.Kind(m.Kind) {
	case wording.Offer, wording.Warning, wording.Survey, wording.Remote:
		return true
	default:
		return false
	}
}

// wakes tells whether a message goes out in quiet hours: a safety-critical
// alert stands.
func (d *Deliverer) wakes(ctx context.Context, m presage.Message) (bool, error) {
	if !m.Safety {
		return false, nil
	}
	c, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return false, err
	}
	alerts, err := d.Ledger.Alerts(ctx, m.VIN)
	return casework.Urgent(c, alerts), err
}

// untrue says why a message no longer holds; nothing when it does.
func (d *Deliverer) untrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	if m.Kind == presage.KindPersonal { // it answers a person, whoever has the car
		return presage.Reason{}, nil
	}
	if m.WorkshopID != "" { // it has no customer
		return d.rescueUntrue(ctx, m)
	}
	lost, err := d.Ledger.Lost(ctx, m.VIN, m.CustomerID)
	if err != nil {
		return presage.Reason{}, err
	}
	if lost {
		return presage.Because(presage.WhyNewOwner), nil
	}
	switch wording.Kind(m.Kind) {
	case wording.Offer:
		return d.offerUntrue(ctx, m)
	case wording.Confirmation, wording.Joined, wording.Reminder, wording.Away:
		return d.visitUntrue(ctx, m)
	case wording.Earlier:
		return d.freedUntrue(ctx, m)
	case wording.Remote:
		return d.remoteUntrue(ctx, m)
	case wording.RescueAsked, wording.RescueComes, wording.RescueTowed:
		return d.rescueUntrue(ctx, m)
	default:
	}
	return presage.Reason{}, nil
}

// remoteUntrue says why a car is not mended over the air any more.
func (d *Deliverer) remoteUntrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	c, err := d.Store.Case(ctx, m.CaseID)
	if err == nil && (c.Route != presage.RouteOTA || c.State != presage.CaseOpen) {
		return presage.Because(presage.WhyCaseIs, "state", string(c.State)), nil
	}
	return presage.Reason{}, err
}

// rescueUntrue says why a rescue does not stand as a text says any more.
func (d *Deliverer) rescueUntrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	x, err := d.Store.Rescue(ctx, m.About)
	said := map[wording.Kind]presage.RescueState{
		wording.RescueAsked: presage.RescueAsked, wording.RescueComes: presage.RescueOnTheWay,
		wording.RescueTowed: presage.RescueTowed, wording.RescueCall: presage.RescueAsked,
	}[wording.Kind(m.Kind)]
	after := x.State == presage.RescueDone && said == presage.RescueTowed
	coming := m.Kind == string(wording.RescuePlace) && x.State.Live() && x.State != presage.RescueArrived
	switch {
	case err != nil:
		return presage.Reason{}, err
	case m.Kind == string(wording.RescueCallOff) || coming:
		return d.unheard(ctx, m)
	case x.State == said || after:
		return presage.Reason{}, nil
	}
	return presage.Because(presage.WhyRescueIs, "state", string(x.State)), nil
}

// unheard says that a partner knows nothing of the rescue that a text goes on about: it was
// not told in time, and did not take it on the page either.
func (d *Deliverer) unheard(ctx context.Context, m presage.Message) (presage.Reason, error) {
	texts, err := d.Store.MessagesOf(ctx, m.CaseID)
	if err != nil {
		return presage.Reason{}, err
	}
	for _, x := range texts {
		call := x.About == m.About && x.Kind == string(wording.RescueCall)
		if call && (x.State.Told() || x.State == presage.MessageSending) {
			return presage.Reason{}, nil
		}
	}
	history, err := d.Store.RescueEvents(ctx, m.About)
	if err != nil {
		return presage.Reason{}, err
	}
	for _, e := range history {
		if e.To == presage.RescueOnTheWay {
			return presage.Reason{}, nil
		}
	}
	return presage.Because(presage.WhyRescueNotTold), nil
}

// visitUntrue says why a visit is not to come any more.
func (d *Deliverer) visitUntrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	b, err := d.Store.Booking(ctx, m.About)
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return presage.Because(presage.WhyBookingGone), nil
	case err != nil:
		return presage.Reason{}, err
	case b.State != presage.BookingConfirmed:
		return presage.Because(presage.WhyBookingIs, "state", string(b.State)), nil
	case !d.Now().Before(b.Start):
		return presage.Because(presage.WhyVisitBegun), nil
	}
	return presage.Reason{}, nil
}

// freedUntrue says why an earlier time is nobody's to take any more.
func (d *Deliverer) freedUntrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	o, err := d.Store.FreedOffer(ctx, m.About)
	if err != nil {
		return presage.Reason{}, err
	}
	if !d.Now().Before(o.ExpiresAt) {
		return presage.Because(presage.WhyFreedOver), nil
	}
	b, err := d.Store.Booking(ctx, o.BookingID)
	if err == nil && b.State != presage.BookingConfirmed {
		return presage.Because(presage.WhyBookingIs, "state", string(b.State)), nil
	}
	return presage.Reason{}, err
}
