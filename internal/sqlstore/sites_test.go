//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// vanSold is reservation i by a van that drives half an hour each way.
func vanSold(i int) presage.Reservation {
	r := reservation(i)
	r.Bays, r.Technicians = []string{"van-1"}, []string{"tech-1"}
	r.Booking.Site = &presage.Site{
		Place: presage.Place{Lat: 52.61, Lon: 13.405}, Km: 10, SeenAt: noon(), Address: "5 Elm Street",
	}
	r.Booking.Hours = []presage.Span{{
		From: r.Booking.Start.Add(-30 * time.Minute), To: r.Booking.End.Add(30 * time.Minute),
	}}
	r.Booking.Parts, r.Change.Site, r.Change.Route = nil, r.Booking.Site, presage.RouteMobile
	return r
}

func sites(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Name: "Erika"}}))
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1"}}))
	mustOpen(t, s, 1)
	mustOpen(t, s, 2)
	b, err := s.Reserve(ctx, vanSold(1))
	must(t, err)
	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "site", got.Site, vanSold(1).Booking.Site)
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "site of the case", c.Site, got.Site)
	same(t, "route", c.Route, presage.RouteMobile)
	busy, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	hours := b.Hours[0]
	same(t, "busy", busy, []presage.Busy{
		{Resource: "tech-1", Start: hours.From, End: hours.To}, {Resource: "van-1", Start: hours.From, End: hours.To},
	})

	// Its technician is on the way back: nobody else has them, at the workshop or by a van.
	late := reservation(2)
	late.Booking.Start, late.Booking.End = b.End.Add(15*time.Minute), b.End.Add(time.Hour)
	late.Booking.Parts, late.Technicians = nil, []string{"tech-1"}
	_, err = s.Reserve(ctx, late)
	wantKind(t, err, presage.ErrConflict)

	to := *b.Site
	to.Address = "7 Oak\x00 Street"
	ev := presage.CaseEvent{CaseID: "case-1", At: noon().Add(time.Hour), Who: "customer", Reason: because("readdressed")}
	moved, err := s.SetSite(ctx, b.ID, to, ev)
	must(t, err)
	same(t, "the visit", moved.Start, b.Start)
	got, err = s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "address", got.Site.Address, presage.Address("7 Oak Street"))
	_, err = s.SetSite(ctx, "b9", to, ev)
	wantKind(t, err, presage.ErrNotFound)

	data, err := s.PersonalData(ctx, "c1")
	must(t, err)
	text := ""
	for _, table := range data.Tables {
		for _, row := range table.Rows {
			text += string(row)
		}
	}
	if !strings.Contains(text, "7 Oak Street") {
		t.Error("the export lacks the address")
	}
	given := func(caseID, bookingID string) presage.Cancellation {
		at := noon().Add(2 * time.Hour)
		return presage.Cancellation{BookingID: bookingID, Now: at, Event: presage.CaseEvent{
			CaseID: caseID, At: at, Who: "customer", To: presage.CaseDeclined, Reason: because("cancelled"),
		}}
	}
	must(t, s.Cancel(ctx, given("case-1", b.ID)))
	_, err = s.SetSite(ctx, b.ID, to, ev)
	wantKind(t, err, presage.ErrConflict)
	must(t, s.Cancel(ctx, given("case-2", "")))
	_, err = s.EraseCustomer(ctx, "c1", "the customer", noon().Add(3*time.Hour))
	must(t, err)
	got, err = s.Booking(ctx, b.ID)
	must(t, err)
	c, err = s.Case(ctx, "case-1")
	must(t, err)
	if got.Site != nil || c.Site != nil {
		t.Errorf("erasure leaves %v and %v", got.Site, c.Site)
	}
}
