package outreach_test

import (
	"testing"

	"presage"
)

// Who declines when the visit has begun is refused, and the offer stays answered by the booking.
func TestDeclineAfterArrivalChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	b, err := w.s.Book(w.ctx(), v.Token, v.Slots[0].ID, "link")
	w.do(err)
	w.now = b.Start
	w.do(w.s.Arrive(w.ctx(), b.ID))
	w.wantErr(w.s.DeclineByToken(w.ctx(), v.Token, ""), presage.ErrConflict)
	w.wantCase(presage.CaseArrived, presage.OwnerWorkshop)
	if o, err := w.store.Offer(w.ctx(), v.Offer.ID); err != nil || o.Answer != "booked" {
		t.Errorf("the offer is answered by %q (%v), want booked", o.Answer, err)
	}
}
