package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

//nolint:thelper // a test of both databases
func visitNote(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Name: "Erika"}}))
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1"}}))
	mustOpen(t, s, 1)
	b, err := s.Reserve(ctx, vanSold(1))
	must(t, err)
	ev := presage.CaseEvent{CaseID: "case-1", At: noon().Add(time.Hour), Who: "customer", Reason: presage.Because(presage.WhyAskFirst)}
	_, err = s.SetNote(ctx, b.ID, "call me before you do more\x00", ev)
	must(t, err)
	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "note", got.Note, "call me before you do more")
	same(t, "changed", got.UpdatedAt, ev.At)
	events, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "event", events[len(events)-1].Reason.Code, presage.WhyAskFirst)
	_, err = s.SetNote(ctx, "b9", "call me", ev)
	wantKind(t, err, presage.ErrNotFound)

	at := noon().Add(2 * time.Hour)
	must(t, s.Cancel(ctx, presage.Cancellation{BookingID: b.ID, Now: at, Event: presage.CaseEvent{
		CaseID: "case-1", At: at, Who: "customer", To: presage.CaseDeclined, Reason: because("cancelled"),
	}}))
	_, err = s.SetNote(ctx, b.ID, "call me", ev)
	wantKind(t, err, presage.ErrConflict)
}
