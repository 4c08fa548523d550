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

// texts are what a step tells the customer and the partner. Help does not wait for a text
// that cannot be written.
func (r *Rescuer) texts(ctx context.Context, move presage.RescueMove, c presage.Case) []presage.Message {
	told, err := r.toCustomer(ctx, move.Rescue, c)
	if err != nil {
		r.Log.ErrorContext(ctx, "rescue: its customer is not told", "rescue", move.Rescue.ID, "error", err)
	}
	if move.Rescue.State != presage.RescueCalledOff || move.Seen == presage.RescueArrived { // they stand beside it
		return told
	}
	off, err := r.toPartner(ctx, wording.RescueCallOff, 0, move.Rescue, c)
	if err != nil {
		r.Log.ErrorContext(ctx, "rescue: its partner is not told", "rescue", move.Rescue.ID, "error", err)
	}
	return append(told, off...)
}

// toCustomer is how a rescue stands, told once by the first way that reaches the customer.
// Who can be told nothing is called: a person has the case.
func (r *Rescuer) toCustomer(ctx context.Context, x presage.Rescue, c presage.Case) ([]presage.Message, error) {
	kind := kindOf(x.State)
	v, err := r.Store.Vehicle(ctx, x.VIN)
	if err != nil || kind == "" || v.CustomerID != x.CustomerID {
		return nil, err
	}
	customer, err := r.Store.Customer(ctx, x.CustomerID)
	if err != nil {
		return nil, err
	}
	w, err := r.Store.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return nil, err
	}
	ways := r.Planner.From(customer.For(c.Purpose()), "")
	if len(ways) == 0 || ways[0] == presage.ChannelCall {
		return nil, nil
	}
	return r.message(kind, wording.Facts{
		Sender: r.Planner.Sender(v), Customer: customer, Vehicle: v, Workshop: w, Link: r.link(x), Start: x.ETA,
	}, contact.Draft{About: x.ID, Case: c, Customer: customer, Channel: ways[0], At: r.Now()})
}

// toPartner tells the people of a partner once, or once more for each again, by the first
// way that reaches them. E-mails and their own systems are told besides (packages notice
// and feed).
func (r *Rescuer) toPartner(
	ctx context.Context, kind wording.Kind, again int, x presage.Rescue, c presage.Case,
) ([]presage.Message, error) {
	w, err := r.Store.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return nil, err
	}
	v, err := r.Store.Vehicle(ctx, x.VIN)
	if err != nil {
		return nil, err
	}
	partner := contact.PartnerOf(w, nil)
	ways := r.Planner.From(partner.For(c.Purpose()), "")
	if len(ways) == 0 {
		return nil, nil
	}
	return r.message(kind, wording.Facts{
		Sender: r.Planner.Sender(v), Customer: partner, Vehicle: v, Workshop: w, Link: r.Planner.Links.Rescues(),
	}, contact.Draft{
		About: x.ID, Case: c, Customer: partner, Partner: w.ID, Channel: ways[0], At: r.Now(), Again: again,
	})
}

func (r *Rescuer) message(kind wording.Kind, f wording.Facts, d contact.Draft) ([]presage.Message, error) {
	m, err := r.Planner.Message(kind, f, d)
	if err != nil {
		return nil, err
	}
	return []presage.Message{m}, nil
}

// linkDays is how long the page of a rescue can be opened.
const linkDays = 30

func (r *Rescuer) link(x presage.Rescue) string {
	return r.Planner.Links.RescueURL(r.Planner.Links.Sign(x.ID, x.OpenedAt.AddDate(0, 0, linkDays)))
}
