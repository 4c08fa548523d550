package decide

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/rules"
	"presage/outreach/visit"
)

// Offerer makes the offers of open cases. Its fields are set once, before its first use.
type Offerer struct {
	Store   OfferStore
	Agenda  *visit.Agenda
	Visits  Visits
	Ledger  *casework.Ledger
	Planner *contact.Planner
	Rules   rules.Current
	Now     func() time.Time
}

// OfferStore is what an offer is made of, and kept in. ErrNotFound for an unknown ID.
type OfferStore interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Case(ctx context.Context, id string) (presage.Case, error)
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	// CouponOf returns the newest coupon of a case that is not void; ErrNotFound.
	CouponOf(ctx context.Context, caseID string) (presage.Coupon, error)
	Coupon(ctx context.Context, code string) (presage.Coupon, error)
	CountCoupons(ctx context.Context, f presage.CouponFilter) (int, error)
	// CreateOffer stores the offer, its coupon and its messages and moves its case from
	// open to offered with the deadline due, in one transaction.
	CreateOffer(ctx context.Context, o presage.Offer, ms []presage.Message, due time.Time, ev presage.CaseEvent) error
}

// subject is whom a case is about: the vehicle, who answers for it, and what is
// known of its components.
type subject struct {
	vehicle   presage.Vehicle
	customer  presage.Customer
	prognoses []presage.Prognosis
	begins    time.Time           // of what is valid, kept and noticed in an offer
	urgent    bool                // a safety-critical alert stands
	from      presage.ChannelName // the first to speak, the ones before it have spoken; "" for all
}

// offer proposes slots near the cheapest day and plans one message a channel:
// the next channel speaks only when the one before stayed unanswered, which is
// checked when its message comes up. Without a free slot the case stays open
// and is tried again by the next pass, until its deadline hands it to an adviser;
// what the workshop can never do goes to one at once, and so does an alert.
func (o *Offerer) offer(ctx context.Context, c presage.Case, x subject, rep *Report) error {
	w, err := o.Store.Workshop(ctx, c.WorkshopID)
	if err != nil {
		return err
	}
	plan, err := o.plan(ctx, c, &x)
	if err != nil {
		return err
	}
	facts := plan.Facts(o.Planner.Sender(x.vehicle), x.customer, x.vehicle, w)
	if c.Route == presage.RouteOTA {
		return o.reassure(ctx, c, x, facts)
	}
	x.begins = o.begins(c, x)
	slots, err := o.times(ctx, c, x, &plan, w)
	if err != nil {
		return err
	}
	facts = plan.Facts(o.Planner.Sender(x.vehicle), x.customer, x.vehicle, w)
	if len(slots) == 0 {
		rep.NoSlot++
		switch {
		case len(c.Alerted) > 0:
			return o.warn(ctx, c, x, facts)
		case o.Agenda.Possible(w, plan) != nil:
			return o.Ledger.Escalate(ctx, c, casework.Note{
				Who: casework.ByPolicy, Why: presage.Because(presage.WhyImpossible).With(presage.Because(presage.WhyCall)),
			})
		}
		return nil
	}
	if len(o.Planner.From(x.customer.For(c.Purpose()), x.from)) == 0 { // consent went between the case and its offer
		return o.Ledger.Silence(ctx, c, presage.Because(presage.WhyNoChannel))
	}
	made := o.compose(c, x, plan, w, slots)
	if err := o.tell(ctx, c, &made, &facts); err != nil {
		return err
	}
	err = o.create(ctx, c, made, x, facts)
	if errors.Is(err, presage.ErrSpent) { // another process has given the last one meanwhile
		made.Coupon, facts.Coupon, facts.Discount = nil, "", presage.Money{}
		err = o.create(ctx, c, made, x, facts)
	}
	if err != nil {
		return err
	}
	rep.Offers++
	return nil
}

// plan is the visit of a case with what stands on it, and tells its subject whether it is urgent.
func (o *Offerer) plan(ctx context.Context, c presage.Case, x *subject) (visit.Plan, error) {
	plan, err := o.Agenda.PlanFor(c, x.vehicle, x.prognoses)
	if err != nil {
		return plan, err
	}
	alerts, err := o.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return plan, err
	}
	plan.Tell(casework.About(c, alerts))
	x.urgent = casework.Urgent(c, alerts)
	return plan, nil
}

// create keeps an offer with its planned messages.
func (o *Offerer) create(
	ctx context.Context, c presage.Case, made presage.Offer, x subject, facts wording.Facts,
) error {
	stops, end := o.route(c, made, x)
	ms, err := o.messages(c, made, stops, x, facts)
	if err != nil {
		return err
	}
	ev := presage.CaseEvent{
		CaseID: c.ID, At: o.Now(), Who: casework.ByPolicy, From: presage.CaseOpen, To: presage.CaseOffered,
		Reason: presage.Because(presage.WhyOffered, "slots", strconv.Itoa(len(made.Slots)),
			"channel", string(ms[0].Channel)),
	}
	if err := o.Store.CreateOffer(ctx, made, ms, o.deadline(c, made, end, x), ev); err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	return nil
}

// compose is an offer before it is told.
func (o *Offerer) compose(
	c presage.Case, x subject, plan visit.Plan, w presage.Workshop, slots []presage.Slot,
) presage.Offer {
	zone, now, r := contact.ReaderZone(x.customer, w), o.Now(), o.Rules()
	return presage.Offer{
		ID: offerID(c, now), CaseID: c.ID, VIN: c.VIN, CreatedAt: now,
		ExpiresAt: x.begins.Add(r.OfferTTL), Slots: slots, Parts: plan.Parts, Drive: plan.Drive(),
		HeldUntil: x.begins.Add(min(r.Keep, r.OfferTTL)),
		Reason: presage.Text{
			ZH: wording.Reason(presage.Chinese, plan.Lines, zone),
			EN: wording.Reason(presage.English, plan.Lines, zone),
		},
	}
}

// offerID follows from the case as it is: two alerts at one instant, of which the second
// makes the case wider, have an offer each.
func offerID(c presage.Case, now time.Time) string {
	about := []string{c.ID, casework.Instant(now)}
	for _, id := range c.Components[min(1, len(c.Components)):] {
		about = append(about, string(id))
	}
	return casework.ID("o", about...)
}

// tell puts what the texts of an offer say into its facts: its times, its link and
// its coupon.
func (o *Offerer) tell(ctx context.Context, c presage.Case, made *presage.Offer, facts *wording.Facts) error {
	facts.Slots, facts.Link = made.Slots, o.Planner.Link(*made)
	coupon, err := o.coupon(ctx, c, made, facts.Price)
	facts.Coupon, facts.Discount = coupon.Code, coupon.Off(facts.Price)
	return err
}

// again makes the offer of an open case that has none: no slot was free
// then, the process died between the case and its offer, or the customer had put
// it off until now.
func (o *Offerer) again(ctx context.Context, c presage.Case, ps []presage.Prognosis, rep *Report) error {
	v, err := o.Store.Vehicle(ctx, c.VIN)
	if err != nil {
		return err
	}
	customer, err := o.Store.Customer(ctx, c.CustomerID)
	if err != nil {
		return err
	}
	return o.offer(ctx, c, subject{vehicle: v, customer: customer, prognoses: ps}, rep)
}

// Offer makes the offer of a case that is open, as it stands in the store.
func (o *Offerer) Offer(ctx context.Context, id string) error { return o.OfferFrom(ctx, id, "") }

// OfferFrom is Offer over the channels from one on: those before it have spoken.
func (o *Offerer) OfferFrom(ctx context.Context, id string, from presage.ChannelName) error {
	c, err := o.Store.Case(ctx, id)
	if err != nil {
		return err
	}
	ps, err := o.Store.Prognoses(ctx, c.VIN)
	if err != nil {
		return err
	}
	v, err := o.Store.Vehicle(ctx, c.VIN)
	if err != nil {
		return err
	}
	customer, err := o.Store.Customer(ctx, c.CustomerID)
	if err != nil {
		return err
	}
	return o.offer(ctx, c, subject{vehicle: v, customer: customer, prognoses: ps, from: from}, &Report{})
}
