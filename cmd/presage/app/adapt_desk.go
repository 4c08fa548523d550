package app

import (
	"context"

	"presage"
	"presage/api/port"
	"presage/outreach"
)

// offers is outreach in the words of the customer's page.
type offers struct{ *outreach.Service }

// OfferByToken reads an offer's page and notes that it was opened.
func (o offers) OfferByToken(ctx context.Context, token string) (port.OfferView, error) {
	v, err := o.Service.OfferByToken(ctx, token)
	if err != nil {
		return port.OfferView{Lang: v.Lang}, err
	}
	slots := make([]presage.Slot, len(v.Slots))
	for i, s := range v.Slots {
		slots[i] = s.Slot
	}
	return port.OfferView{
		Offer: v.Offer, Case: v.Case, Vehicle: v.Vehicle, Workshop: v.Workshop, Lang: v.Lang, Zone: v.Zone,
		Slots: slots, Booking: v.Booking, State: port.OfferState(v.State),
		CanBook: v.CanBook, CanCancel: v.CanCancel, CanDecline: v.CanDecline,
	}, nil
}
