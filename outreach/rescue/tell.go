package rescue

import (
	"context"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
)

// kindOf is the text about a state of a rescue; "" for none.
func kindOf(s presage.RescueState) wording.Kind {
	switch s {
	case presage.RescueAsked:
		return wording.RescueAsked
	case presage.RescueOnTheWay:
		return wording.RescueComes
	case presage.RescueTowed:
		return wording.RescueTowed
	case presage.RescueCalledOff:
		return wording.RescueOff
	case presage.RescueArrived, presage.RescueMended, presage.RescueDone: // the customer stands beside it
	}
	return ""
}

// tell tells a customer once how a rescue stands, by the first way that reaches them.
// Who can be told nothing is called: a person has the case.
func (r *Rescuer) tell(ctx context.Context, x presage.Rescue, c presage.Case) error {
	kind := kindOf(x.State)
	v, err := r.Store.Vehicle(ctx, x.VIN)
	if err != nil || kind == "" || v.CustomerID != x.CustomerID {
		return err
	}
	customer, err := r.Store.Customer(ctx, x.CustomerID)
	if err != nil {
		return err
	}
	w, err := r.Store.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return err
	}
	ways := r.Planner.From(customer.For(c.Purpose()), "")
	if len(ways) == 0 || ways[0] == presage.ChannelCall {
		return nil
	}
	m, err := r.Planner.Message(kind, wording.Facts{
		Sender: r.Planner.Sender(v), Customer: customer, Vehicle: v, Workshop: w, Link: r.link(x), Start: x.ETA,
	}, contact.Draft{About: x.ID, Case: c, Customer: customer, Channel: ways[0], At: r.Now()})
	if err != nil {
		return err
	}
	return r.Store.PutMessages(ctx, []presage.Message{m})
}

// call asks the partner of a rescue to come, once, by the first way that reaches its
// people. E-mails and their own systems are told besides (packages notice and feed).
func (r *Rescuer) call(ctx context.Context, x presage.Rescue, c presage.Case) error {
	w, err := r.Store.Workshop(ctx, x.WorkshopID)
	if err != nil || x.State != presage.RescueAsked {
		return err
	}
	v, err := r.Store.Vehicle(ctx, x.VIN)
	if err != nil {
		return err
	}
	partner := contact.PartnerOf(w, nil)
	ways := r.Planner.From(partner.For(c.Purpose()), "")
	if len(ways) == 0 {
		return nil
	}
	m, err := r.Planner.Message(wording.RescueCall, wording.Facts{
		Sender: r.Planner.Sender(v), Customer: partner, Vehicle: v, Workshop: w, Link: r.Planner.Links.Rescues(),
	}, contact.Draft{About: x.ID, Case: c, Customer: partner, Partner: w.ID, Channel: ways[0], At: r.Now()})
	if err != nil {
		return err
	}
	return r.Store.PutMessages(ctx, []presage.Message{m})
}

// linkDays is how long the page of a rescue can be opened.
const linkDays = 30

func (r *Rescuer) link(x presage.Rescue) string {
	return r.Planner.Links.RescueURL(r.Planner.Links.Sign(x.ID, x.OpenedAt.AddDate(0, 0, linkDays)))
}
