package forecast_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

// largeStore is a store of a fleet of n vehicles.
func largeStore(n, parts int) *memory {
	in := large(n, parts)
	in.WorkshopDepots = nil
	m := &memory{Input: in, reads: map[presage.Day]int{}}
	for d := range 3 {
		id := fmt.Sprintf("D%d", d)
		m.depots = append(m.depots, presage.Depot{ID: id, Region: []string{"north", "south"}[d%2]})
		m.workshops = append(m.workshops, presage.Workshop{ID: fmt.Sprintf("W%d", d), DepotID: id})
	}
	for i := range n {
		m.vehicles = append(m.vehicles, presage.Vehicle{VIN: presage.VIN(fmt.Sprintf("V%04d", i)), WorkshopID: fmt.Sprintf("W%d", i%3)})
	}
	for i := range m.Input.Bookings {
		m.Input.Bookings[i].WorkshopID = fmt.Sprintf("W%d", i%3)
	}
	return m
}

// change lets something happen to one part or a few.
func (m *memory) change(r *rand.Rand, now time.Time) {
	part := m.Catalogue.Parts[r.IntN(len(m.Catalogue.Parts))].Number
	depot := fmt.Sprintf("D%d", r.IntN(3))
	switch r.IntN(7) {
	case 0:
		p := &m.Prognoses[r.IntN(len(m.Prognoses))]
		*p = worn(p.VIN, p.Component, r.Float64())
	case 1:
		m.move(depot, part, r.IntN(3), 0)
	case 2:
		m.Overrides = append(m.Overrides, presage.DemandOverride{
			ID: int64(len(m.Overrides) + 1), Part: part, DepotID: depot, Mean: r.Float64() * 20, Days: 30, Until: today() + 9,
		})
	case 3:
		m.orders = append(m.orders, presage.PurchaseOrder{
			ID: fmt.Sprint(len(m.orders)), DepotID: depot, Part: part, Quantity: 1 + r.IntN(9), OrderedAt: now,
			ExpectedAt: now.AddDate(0, 0, 4+r.IntN(40)), // none is overdue: lead times are learnt once a day
		})
	case 4:
		b := &m.Input.Bookings[r.IntN(len(m.Input.Bookings))]
		b.Start = b.Start.Add(time.Duration(r.IntN(96)-48) * time.Hour)
	case 5:
		m.Cases = slices.Delete(m.Cases, 0, 1)
	case 6: // since Monday: the history is learnt once a week
		m.Use = append(m.Use, presage.PartUse{DepotID: depot, Part: part, Day: today() - presage.Day(r.IntN(5)) - 1, Quantity: 1})
	}
}

// What is planned part by part, where something has changed, is what a service that has
// just begun would plan, whatever happens and however much time passes.
func TestWhatIsNotPlannedAnewIsWhatItWouldBe(t *testing.T) {
	t.Parallel()
	m, now, r := largeStore(150, 12), midnight(), rand.New(rand.NewPCG(3, 4))
	s, spared := service(t, m, false, &now), 0
	for pass := range 40 {
		if pass > 0 && pass%3 > 0 {
			m.change(r, now)
		}
		kept, version := m.kept, m.version
		fresh := service(t, m, false, &now)
		if _, err := fresh.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := m.plan
		m.kept, m.version = kept, version
		report, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		spared += report.Unchanged
		if diff := cmp.Diff(want, m.plan); diff != "" {
			t.Fatalf("pass %d at %s, %d parts unchanged:\n%s", pass, now, report.Unchanged, diff)
		}
		now = now.Add(time.Duration(r.IntN(70)) * time.Minute) // into the next day, not the next week
	}
	if spared < 100 {
		t.Errorf("%d parts were spared in 40 passes of 12 parts, want most within a day", spared)
	}
}

// A plan that another process kept meanwhile is nothing to go by.
func TestAnotherProcessPlan(t *testing.T) {
	t.Parallel()
	m, now := largeStore(30, 4), midnight()
	s := service(t, m, false, &now)
	for i, want := range []int{0, 0, 4, 0, 4} { // the first is archived, and counts apart
		report, err := s.Run(t.Context())
		if err != nil || report.Unchanged != want {
			t.Errorf("pass %d: %d parts unchanged, want %d; %v", i, report.Unchanged, want, err)
		}
		if i == 2 {
			m.version++
		}
	}
}

// 2,800 parts at 16 depots, of which the prognoses of one vehicle have changed.
func BenchmarkRunAfterOneVehicle(b *testing.B) {
	m, now := largeStore(3000, 15), midnight()
	for p := range 2800 {
		for d := range 16 {
			m.Input.Stock = append(m.Input.Stock, presage.Stock{Part: fmt.Sprintf("Q-%04d", p), DepotID: fmt.Sprintf("D%d", d), OnHand: 3})
		}
	}
	s, err := forecast.New(m.Config, forecast.Deps{
		Catalogue: m.Catalogue, Store: m, Now: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := s.Run(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	turn := 0
	for b.Loop() {
		turn++
		m.Prognoses[0] = worn(m.Prognoses[0].VIN, m.Prognoses[0].Component, float64(turn%90)/100)
		if _, err := s.Run(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
