package deliver

import (
	"context"

	"presage"
	"presage/outreach/contact"
)

// Partners are workshops that are told of rescues.
type Partners interface {
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	// Suppressed lists what a number has stopped.
	Suppressed(ctx context.Context, phone presage.Phone) ([]presage.Suppression, error)
}

// reader is who reads a message: its customer, or the people of a partner.
func (d *Deliverer) reader(ctx context.Context, m presage.Message) (presage.Customer, error) {
	if m.WorkshopID == "" {
		return d.Store.Customer(ctx, m.CustomerID)
	}
	w, err := d.Store.Workshop(ctx, m.WorkshopID)
	if err != nil {
		return presage.Customer{}, err
	}
	stops, err := d.Store.Suppressed(ctx, w.Phone)
	return contact.PartnerOf(w, stops), err
}
