package dealer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/models"
	"presage/outreach"
	"presage/outreach/dealer"
	"presage/outreach/outbox"
)

const source = "dms-1"

// shop is a service with one workshop of one bay and two technicians, and the
// importer of a dealer's system.
type shop struct {
	*dealer.Importer

	t     *testing.T
	store *sqlstore.Store
	s     *outreach.Service
	now   time.Time
}

func open(t *testing.T) *shop {
	t.Helper()
	return openAt(t, sqltest.NewFile(t))
}

func openAt(t *testing.T, url string) *shop {
	t.Helper()
	start := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) // Monday, 10:00 in Shanghai
	var x *shop
	x = reopen(t, sqltest.OpenURL(t, url), func() time.Time {
		if x == nil {
			return start
		}
		return x.now
	})
	x.now = start
	x.do(x.store.PutDepots(t.Context(), []presage.Depot{{ID: "d1"}}))
	x.do(x.store.PutWorkshops(t.Context(), []presage.Workshop{{
		ID: "w1", Name: presage.Text{ZH: "浦东店", EN: "Pudong"}, Zone: "Asia/Shanghai", DepotID: "d1", OpenHour: 9, CloseHour: 18,
		Bays:        presage.PlainBays("b1", "b2"),
		Technicians: []presage.Technician{{ID: "t1", Skills: []string{"hv"}}, {ID: "t2", Skills: []string{"hv"}}},
	}}))
	x.do(x.store.PutParts(t.Context(), x.Catalogue.Parts))
	for _, p := range x.Catalogue.Parts {
		x.do(x.store.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: p.Number, OnHand: 99}}))
	}
	return x
}

// reopen is another process over a database that is there.
func reopen(t *testing.T, store *sqlstore.Store, now func() time.Time) *shop {
	t.Helper()
	cat, err := models.LoadCatalogue(nil)
	x := &shop{t: t, store: store}
	x.do(err)
	cfg := outreach.DefaultConfig()
	cfg.BaseURL = "https://service.example"
	x.s, err = outreach.New(cfg, outreach.Deps{
		Store: store, Catalogue: cat, Channels: []outreach.Channel{outbox.Channel{}}, Key: "sixteen characters or more", Now: now,
	})
	x.do(err)
	x.Importer = &dealer.Importer{Store: store, Catalogue: cat, Desk: x.s.Desk, Reception: x.s.Bench.Reception, Now: now}
	return x
}

func (x *shop) do(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *shop) take(doc string) presage.ImportReport {
	x.t.Helper()
	r, err := x.Import(x.t.Context(), source, "", []byte(doc), false)
	x.do(err)
	return r
}

// counts are created, updated, unchanged, stale.
func counts(r presage.ImportReport) [4]int { return [4]int{r.Created, r.Updated, r.Unchanged, r.Stale} }

func (x *shop) want(what string, got, want any) {
	x.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		x.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// busy is what is taken of a resource on the day of the visits.
func (x *shop) busy(resource string) []string {
	x.t.Helper()
	all, err := x.store.Busy(x.t.Context(), "w1", x.now, x.now.AddDate(0, 0, 60))
	x.do(err)
	out := []string{}
	for _, b := range all {
		if b.Resource == resource {
			out = append(out, b.Start.Format("02 15:04")+"-"+b.End.Format("15:04"))
		}
	}
	return out
}

const people = `{
	"workshops": [{"id": "S1", "presage_id": "w1", "closed_on": [0]}],
	"customers": [{"id": "C1", "name": "Li Wei", "lang": "en", "phone": "138 0000 0007", "country": "cn", "zone": "Asia/Shanghai",
		"consent_sms": true, "consent_at": "2026-01-15T08:00:00Z", "consent_source": "contract", "revision": 3}],
	"vehicles": [{"id": "V1", "vin": "LPSAAAAA7AA000001", "customer": "C1", "workshop": "S1", "powertrain": "bev", "plate": "沪A12345"}],
	"closures": [{"id": "H1", "workshop": "S1", "from": "2026-12-24"}]
}`

// booked sells a visit here for the vehicle of people: Tuesday in a week, 01:00 UTC.
func (x *shop) booked() presage.Booking {
	x.t.Helper()
	x.take(people)
	ctx := x.t.Context()
	vin := presage.VIN("LPSAAAAA7AA000001")
	v, err := x.store.Vehicle(ctx, vin)
	x.do(err)
	x.do(x.store.CreateCase(ctx, presage.Case{
		ID: "c1", VIN: vin, CustomerID: v.CustomerID, WorkshopID: "w1", Components: []presage.ComponentID{"cabin_filter"},
		Severity: presage.Comfort, State: presage.CaseOpen, OpenedAt: x.now, UpdatedAt: x.now,
	}, presage.CaseEvent{At: x.now, Who: "policy"}))
	b, err := x.s.BookCase(ctx, "c1", "w1@1796086800", "adviser", "Anna") // 2026-12-01T01:00:00Z
	x.do(err)
	return b
}

func TestSameFileTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	x := open(t)
	dry, err := x.Import(t.Context(), source, "", []byte(people), true)
	x.do(err)
	x.want("dry run", counts(dry), [4]int{4, 0, 0, 0})
	all, err := x.store.AllVehicles(t.Context())
	x.do(err)
	x.want("vehicles after a dry run", len(all), 0)

	first := x.take(people)
	x.want("first", counts(first), [4]int{4, 0, 0, 0})
	x.want("second", counts(x.take(people)), [4]int{0, 0, 4, 0})
	v, err := x.store.Vehicle(t.Context(), "LPSAAAAA7AA000001")
	x.do(err)
	c, err := x.store.Customer(t.Context(), v.CustomerID)
	x.do(err)
	x.want("customer", []any{c.Name, c.Phone, c.Consent.SMS, c.Consent.Call}, []any{"Li Wei", presage.Phone("+8613800000007"), true, false})
	w, err := x.store.Workshop(t.Context(), "w1")
	x.do(err)
	x.want("workshop", []any{w.Name.EN, w.ClosedOn, w.Closures}, []any{"Pudong", []time.Weekday{0}, []presage.Closure{{From: "2026-12-24"}}})

	x.want("an older one", counts(x.take(`{"customers": [{"id": "C1", "name": "Wrong", "revision": 2}]}`)), [4]int{0, 0, 0, 1})
	x.want("a newer one", counts(x.take(`{"customers": [{"id": "C1", "name": "Li Wei-Chen", "revision": 4}]}`)), [4]int{0, 1, 0, 0})
	c, err = x.store.Customer(t.Context(), v.CustomerID)
	x.do(err)
	x.want("what a row does not say stays", []any{c.Name, c.Phone, c.Consent.SMS}, []any{"Li Wei-Chen", presage.Phone("+8613800000007"), true})
	x.take(`{"closures": [{"id": "H1", "workshop": "S1", "from": "2026-12-25"}]}`)
	w, err = x.store.Workshop(t.Context(), "w1")
	x.do(err)
	x.want("a closure that changed", w.Closures, []presage.Closure{{From: "2026-12-25"}})
}

// Every fault has its place, and nothing is stored.
func TestFaultsOfAFile(t *testing.T) {
	t.Parallel()
	x := open(t)
	for _, c := range []struct {
		list, data string
		want       []string
	}{
		{"", `{"customers": [{"id": "C1", "name": "A", "lang": "fr"}, {"id": "C1", "phone": "12", "emial": "x"}], "cars": []}`, []string{
			"/cars: invalid: not known here", "/customers/0/lang: ", "/customers/1/id: invalid: the same as at /customers/0",
			"/customers/1/phone: ", "/customers/1/emial: invalid: no such field",
		}},
		{"", "{\"customers\": [\n{]}", []string{"line 2, column 2"}},
		{"customers", "id,name,lang\nC1,A,en\nC2,B,fr\nC3,B\n", []string{"customers line 3, column 3 (lang): ", "customers line 4: invalid: 2 cells, want 3"}},
		{"bookings", "id,workshop,start,minutes\nB1,S9,2026-12-01T09:00:00+08:00,60\nB2,w1,2026-12-01 09:00,60\n", []string{"bookings line 3, column 3 (start): "}},
		{"bookings", "id,workshop,start,minutes\nB1,S9,2026-12-01T09:00:00+08:00,60\n", []string{`bookings line 2: invalid: no workshop "S9" is known`}},
		{"vehicles", "id,vin\nV1,LPSAAAAA0AA000001\n", []string{"vehicles line 2, column 2 (vin): invalid: VIN: check digit"}},
	} {
		_, err := x.Import(t.Context(), source, c.list, []byte(c.data), false)
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", c.data, err)
			continue
		}
		for _, text := range c.want {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("no %q in:\n%v", text, err)
			}
		}
		if strings.Contains(err.Error(), "LPSAAAAA0AA000001") {
			t.Errorf("a VIN is shown: %v", err)
		}
	}
	for _, name := range []string{"", "customer", "two\nlines"} {
		if _, err := x.Import(t.Context(), name, "", []byte(`{}`), false); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("source %q: %v", name, err)
		}
	}
}

func booking(fields string) string {
	return `{"bookings": [{"id": "B1", "workshop": "w1", "bay": "b1", "technician": "t1", "vehicle": "V1", ` + fields + `}]}`
}

// A visit of the dealer's blocks its slot, moves, and is freed; of two that want one
// bay the file is refused, unless they change places.
func TestVisitsOfTheDealer(t *testing.T) {
	t.Parallel()
	x := open(t)
	x.take(people)
	x.take(booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 1`))
	x.want("taken", x.busy("b1"), []string{"01 01:00-02:00"})
	x.want("of the technician", x.busy("t1"), []string{"01 01:00-02:00"})
	_, err := x.Import(t.Context(), source, "", []byte(strings.Replace(
		booking(`"start": "2026-12-01T09:30:00+08:00", "minutes": 60`), `"B1"`, `"B2"`, 1)), false)
	if err == nil || !strings.Contains(err.Error(), `b1 is taken then by booking "B1"`) {
		t.Errorf("double booking: %v", err)
	}
	x.take(strings.Replace(booking(`"start": "2026-12-01T10:00:00+08:00", "minutes": 60`), `"B1"`, `"B2"`, 1))
	x.take(`{"bookings": [
		{"id": "B1", "workshop": "w1", "bay": "b1", "technician": "t1", "start": "2026-12-01T10:00:00+08:00", "minutes": 60, "revision": 2},
		{"id": "B2", "workshop": "w1", "bay": "b1", "technician": "t1", "start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 2}]}`)
	x.want("changed places", x.busy("b1"), []string{"01 01:00-03:00"})
	x.take(booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 1`)) // late
	x.take(booking(`"start": "2026-12-01T10:00:00+08:00", "minutes": 60, "revision": 3, "state": "cancelled"`))
	x.want("freed", x.busy("b1"), []string{"01 01:00-02:00"})
	x.take(`{"bookings": [{"id": "B3", "workshop": "w1", "start": "2026-12-01T09:00:00+08:00", "minutes": 60}]}`)
	x.want("any bay that is free", x.busy("b2"), []string{"01 01:00-02:00"})
}

// What the dealer's booking meets keeps its time with another bay, else a person calls.
func TestTheDealersBookingStands(t *testing.T) {
	t.Parallel()
	x := open(t)
	b := x.booked()
	x.want("sold", []string{b.BayID, b.TechnicianID}, []string{"b1", "t1"})
	r := x.take(booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 1`))
	x.want("conflicts", r.Conflicts, []presage.ImportConflict{
		{ExternalID: "B1", BookingID: b.ID, Resource: "b1", Start: b.Start}, {ExternalID: "B1", BookingID: b.ID, Resource: "t1", Start: b.Start},
	})
	_, err := x.s.Sweeper.Keeper.Keep(t.Context())
	x.do(err)
	b, err = x.store.Booking(t.Context(), b.ID)
	x.do(err)
	x.want("planned anew", []any{b.BayID, b.TechnicianID, b.State}, []any{"b2", "t2", presage.BookingConfirmed})
	x.take(strings.NewReplacer(`"B1"`, `"B2"`, "b1", "b2", "t1", "t2").Replace(booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60`)))
	_, err = x.s.Sweeper.Keeper.Keep(t.Context())
	x.do(err)
	b, err = x.store.Booking(t.Context(), b.ID)
	x.do(err)
	x.want("no bay is left", b.State, presage.BookingCancelled)
	c, err := x.store.Case(t.Context(), "c1")
	x.do(err)
	x.want("a person calls", c.State, presage.CaseEscalated)
}

// A visit that was sold here moves and is cancelled there, and its customer is told once.
func TestOurVisitInTheDealersSystem(t *testing.T) {
	t.Parallel()
	x := open(t)
	b := x.booked()
	told := func(kind string) int {
		t.Helper()
		ms, err := x.store.MessagesOf(t.Context(), "c1")
		x.do(err)
		n := 0
		for _, m := range ms {
			if m.Kind == kind {
				n++
			}
		}
		return n
	}
	x.want("told of the sale", told("confirmation"), 1)
	known := booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 1, "booking_id": "` + b.ID + `"`)
	x.want("made known", counts(x.take(known)), [4]int{1, 0, 0, 0})
	moved := booking(`"start": "2026-12-02T09:00:00+08:00", "minutes": 60, "revision": 2`)
	x.take(moved)
	x.want("told of the move", told("confirmation"), 2)
	x.want("the same again", counts(x.take(moved)), [4]int{0, 0, 1, 0})
	x.want("an older one", counts(x.take(known)), [4]int{0, 0, 0, 1})
	all, err := x.store.BookingsOf(t.Context(), "c1")
	x.do(err)
	slices.SortFunc(all, func(a, b presage.Booking) int { return b.Sequence - a.Sequence })
	x.want("moved", []any{all[0].State, all[0].Start, all[0].Via}, []any{presage.BookingConfirmed, b.Start.AddDate(0, 0, 1), source})
	x.want("cells", x.busy("b1"), []string{"02 01:00-02:00"})

	x.now = all[0].Start
	x.take(booking(`"start": "2026-12-02T09:00:00+08:00", "minutes": 60, "revision": 3, "state": "arrived"`))
	c, err := x.store.Case(t.Context(), "c1")
	x.do(err)
	x.want("arrived", c.State, presage.CaseArrived)
	order := `{"work_orders": [{"id": "O1", "booking": "B1", "at": "2026-12-02T01:00:00Z", "odometer_km": 41200,
		"findings": [{"component": "cabin_filter", "outcome": "confirmed", "replaced": true}]}]}`
	x.want("work order", counts(x.take(order)), [4]int{1, 0, 0, 0})
	x.want("the same again", counts(x.take(order)), [4]int{0, 0, 1, 0})
	c, err = x.store.Case(t.Context(), "c1")
	x.do(err)
	x.want("done", c.State, presage.CaseDone)
	orders, err := x.store.ExportWorkOrders(t.Context(), presage.ExportFilter{Source: source})
	x.do(err)
	x.want("exported", []any{len(orders), orders[0].External["booking"], orders[0].External["vehicle"]}, []any{1, "B1", "V1"})
	_, err = x.Import(t.Context(), source, "", []byte(strings.Replace(order, "41200", "41300", 1)), false)
	if !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("a result that is overwritten: %v", err)
	}
}

func TestCancelledInTheDealersSystem(t *testing.T) {
	t.Parallel()
	x := open(t)
	b := x.booked()
	x.take(booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 1, "booking_id": "` + b.ID + `"`))
	over := booking(`"start": "2026-12-01T09:00:00+08:00", "minutes": 60, "revision": 2, "state": "cancelled"`)
	x.take(over)
	x.want("freed", x.busy("b1"), []string{})
	x.want("the same again", counts(x.take(over)), [4]int{0, 0, 1, 0})
	c, err := x.store.Case(t.Context(), "c1")
	x.do(err)
	x.want("the offer stands", c.State, presage.CaseOffered)
	bookings, err := x.store.ExportBookings(t.Context(), presage.ExportFilter{Source: source})
	x.do(err)
	x.want("exported", []any{len(bookings), bookings[0].State, bookings[0].External["booking"]}, []any{1, presage.BookingCancelled, "B1"})
	use := `{"part_use": [{"id": "U1", "depot": "d1", "part": "` + x.Catalogue.Parts[0].Number + `", "day": "2026-11-20", "quantity": %}]}`
	x.take(strings.Replace(use, "%", "3", 1))
	x.take(strings.Replace(use, "%", "5", 1))
	uses, err := x.store.PartUse(t.Context(), "d1", x.Catalogue.Parts[0].Number, 0, presage.DayOf(x.now))
	x.do(err)
	x.want("part use", []any{len(uses), uses[0].Quantity}, []any{1, 5})
}
