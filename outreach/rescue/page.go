package rescue

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/link"
)

// RescueByToken is the customer's page of a rescue. ErrForbidden for a link that we did
// not sign, ErrExpired for an old one, or with ErrNewOwner once the car is somebody
// else's; of an error the customer's language is told where it is known.
func (r *Rescuer) RescueByToken(ctx context.Context, token string) (presage.RescueView, error) {
	id, err := r.Planner.Links.Read(token, r.Now())
	if err != nil {
		return presage.RescueView{}, err
	}
	x, err := r.Store.Rescue(ctx, id)
	if err != nil {
		return presage.RescueView{}, err
	}
	customer, err := r.Store.Customer(ctx, x.CustomerID)
	if err != nil {
		return presage.RescueView{}, err
	}
	view := presage.RescueView{Lang: contact.LangOf(customer)}
	if lost, err := r.Ledger.Lost(ctx, x.VIN, x.CustomerID); err != nil {
		return view, err
	} else if lost {
		return view, fmt.Errorf("rescue: %w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	view.Rescue, view.Token = x, token
	if view.Vehicle, err = r.Store.Vehicle(ctx, x.VIN); err != nil {
		return view, err
	}
	if view.Workshop, err = r.Store.Workshop(ctx, x.WorkshopID); err != nil {
		return view, err
	}
	if view.Events, err = r.Store.RescueEvents(ctx, x.ID); err != nil {
		return view, err
	}
	view.Brand = r.Planner.Sender(view.Vehicle).In(view.Lang)
	view.Zone = contact.ReaderZone(customer, view.Workshop)
	return view, nil
}

// CallOffByToken calls a rescue off because the customer says on its page that nobody has
// to come; seen is the state that was shown. Errors are those of StepRescue and of links.
func (r *Rescuer) CallOffByToken(ctx context.Context, token string, seen presage.RescueState) error {
	view, err := r.RescueByToken(ctx, token)
	if err != nil {
		return err
	}
	_, err = r.StepRescue(ctx, presage.RescueStep{
		ID: view.ID, Seen: seen, To: presage.RescueCalledOff, Who: casework.ByCustomer,
	})
	return err
}

// ReportByToken opens a rescue because the customer says on the page of an offer that
// the car stands, and returns the token of its page. Errors are those of Report and of
// links.
func (r *Rescuer) ReportByToken(ctx context.Context, token string) (string, error) {
	offerID, err := r.Planner.Links.Read(token, r.Now())
	if err != nil {
		return "", err
	}
	o, err := r.Store.Offer(ctx, offerID)
	if err != nil {
		return "", err
	}
	x, err := r.Report(ctx, o.CaseID, casework.ByCustomer)
	if err != nil {
		return "", err
	}
	return link.RescueTokenOf(r.link(x)), nil
}
