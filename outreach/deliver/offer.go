package deliver

import (
	"context"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// Offerer makes the offer of an open case, over the channels from one on.
type Offerer interface {
	OfferFrom(ctx context.Context, caseID string, from presage.ChannelName) error
}

func (d *Deliverer) offerUntrue(ctx context.Context, m presage.Message) (presage.Reason, error) {
	c, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return presage.Reason{}, err
	}
	if c.State != presage.CaseOffered {
		return presage.Because(presage.WhyCaseIs, "state", string(c.State)), nil
	}
	o, err := d.Store.Offer(ctx, m.OfferID)
	if err != nil {
		return presage.Reason{}, err
	}
	if o.Answer != "" {
		return presage.Because(presage.WhyOfferAnswered), nil
	}
	return presage.Reason{}, nil
}

// toAnswer is how far away an offered time must be: it has to be read and answered.
const toAnswer = time.Hour

// capPause is how long a capped offer waits before the cap is looked at again.
const capPause = 24 * time.Hour

// offerGate checks what is proper to offers: a time that has passed is not
// offered, nor one after the offer ran out, and a customer who had enough offers
// waits for the next one. What nobody was told in time is offered anew.
func (d *Deliverer) offerGate(ctx context.Context, m presage.Message, c presage.Customer) (verdict, error) {
	o, err := d.Store.Offer(ctx, m.OfferID)
	if err != nil {
		return verdict{}, err
	}
	told, err := d.told(ctx, m)
	if err != nil {
		return verdict{}, err
	}
	turn, err := d.turn(ctx, m, c)
	if err != nil {
		return verdict{}, err
	}
	now := d.Now()
	switch {
	case now.After(o.ExpiresAt):
		return verdict{drop: presage.Because(presage.WhyOfferExpired), anew: !told}, nil
	case turn.After(now):
		return verdict{hold: turn}, nil
	case slices.ContainsFunc(o.Slots, func(s presage.Slot) bool { return s.Start.Before(now.Add(toAnswer)) }):
		return verdict{drop: presage.Because(presage.WhyTimesPassed), anew: true}, nil
	}
	capped, err := d.capped(ctx, m)
	if err != nil || !capped {
		return verdict{}, err
	}
	why := presage.Because(presage.WhyCapped)
	switch {
	case told:
		return verdict{drop: why}, nil
	case now.Add(capPause).After(o.ExpiresAt):
		return verdict{drop: why, anew: true}, nil
	}
	return verdict{hold: now.Add(capPause)}, nil
}

// capped tells whether an offer is one too many: not about safety, nor one that the
// customer was promised because they had put it off.
func (d *Deliverer) capped(ctx context.Context, m presage.Message) (bool, error) {
	if m.Safety {
		return false, nil
	}
	reached, err := d.Cap.Reached(ctx, m.CustomerID)
	if err != nil || !reached {
		return false, err
	}
	c, err := d.Store.Case(ctx, m.CaseID)
	if err != nil || slices.ContainsFunc(c.Components, recalled) {
		return false, err
	}
	events, err := d.Store.CaseEvents(ctx, m.CaseID)
	return !casework.AskedFor(events), err
}

// recalled tells that a maker asks for it: that is owed, and never capped.
func recalled(id presage.ComponentID) bool {
	_, is := id.Recall()
	return is
}

// offerAnew withdraws the offer of a message that cannot be told as it stands,
// and has another made for the channels that have not spoken yet.
func (d *Deliverer) offerAnew(ctx context.Context, m presage.Message, why presage.Reason) error {
	if err := d.finish(ctx, m, presage.MessageSuppressed, why); err != nil {
		return err
	}
	c, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return err
	}
	if err := d.Store.AnswerOffer(ctx, m.OfferID, d.Now(), presage.AnswerReplaced); err != nil {
		return err
	}
	change := presage.CaseChange{DueAt: casework.Later(c.DueAt, d.Now().Add(d.Rules().OfferTTL))}
	if c.Severity == presage.Safety {
		change.DueAt = c.DueAt // a person calls no later for it
	}
	err = d.Ledger.Move(ctx, c, presage.CaseOpen, change, casework.Note{Who: presage.OwnerOutreach, Why: why})
	if err == nil {
		err = d.Offers.OfferFrom(ctx, c.ID, m.Channel)
	}
	if casework.Overtaken(err) {
		return nil
	}
	return err
}
