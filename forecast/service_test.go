package forecast_test

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

// memory is a store that keeps everything in fields and fails on demand.
type memory struct {
	weekBook

	forecast.Input

	vehicles  []presage.Vehicle
	workshops []presage.Workshop
	orders    []presage.PurchaseOrder
	depots    []presage.Depot
	forecasts []presage.ArchivedForecast
	scores    []presage.ScoredForecast
	plan      forecast.Planned
	kept      map[string][]presage.PlannedPart
	version   int64
	reads     map[presage.Day]int // of the use of parts, by first day
	fails     error               // of KeepPlan
}

func (m *memory) Snapshot(_ context.Context, f func(forecast.Reads) error) error { return f(m) }

func (m *memory) AllVehicles(context.Context) ([]presage.Vehicle, error) { return m.vehicles, nil }
func (m *memory) Workshops(context.Context) ([]presage.Workshop, error)  { return m.workshops, nil }

func (m *memory) CasesIn(_ context.Context, states ...presage.CaseState) ([]presage.Case, error) {
	return slices.DeleteFunc(slices.Clone(m.Cases), func(c presage.Case) bool { return !slices.Contains(states, c.State) }), nil
}

func (m *memory) PlanningParameters(context.Context, int64) (presage.PlanningParameters, error) {
	return m.Parameters, nil
}

func (m *memory) Stock(context.Context, presage.StockFilter) ([]presage.Stock, error) {
	return m.Input.Stock, nil
}

func (m *memory) AllPrognoses(context.Context) iter.Seq2[presage.Prognosis, error] {
	return func(yield func(presage.Prognosis, error) bool) {
		for _, p := range m.Prognoses {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (m *memory) Bookings(_ context.Context, f presage.BookingFilter) ([]presage.Booking, error) {
	return slices.DeleteFunc(slices.Clone(m.Input.Bookings), func(b presage.Booking) bool {
		return b.Start.Before(f.From) || !b.Start.Before(f.To)
	}), nil
}

func (m *memory) PartUse(_ context.Context, _, _ string, from, to presage.Day) ([]presage.PartUse, error) {
	m.reads[from]++
	return slices.DeleteFunc(slices.Clone(m.Use), func(u presage.PartUse) bool { return u.Day < from || u.Day > to }), nil
}

// receive is a supplier that delivers the first order.
func (m *memory) receive(now time.Time) {
	o := &m.orders[0]
	o.ReceivedAt = now
	m.move(o.DepotID, o.Part, o.Quantity, -o.Quantity)
}

func (m *memory) PutOrder(_ context.Context, o presage.PurchaseOrder) error {
	m.orders = append(m.orders, o)
	m.move(o.DepotID, o.Part, 0, o.Quantity)
	return nil
}

func (m *memory) PlanVersion(context.Context) (int64, error) { return m.version, nil }

// KeepPlan keeps the plan by part, and as Plan orders it.
func (m *memory) KeepPlan(_ context.Context, next presage.NextPlan, parts iter.Seq2[presage.PlannedRows, error],
) (presage.KeptPlan, error) {
	kept := map[string][]presage.PlannedPart{}
	var levels [3][]presage.PlannedPart
	for p, err := range parts {
		if err != nil || m.fails != nil {
			return presage.KeptPlan{}, errors.Join(err, m.fails)
		}
		if p.Unchanged {
			p.Rows = m.kept[p.Part]
		}
		kept[p.Part] = p.Rows
		for _, row := range p.Rows {
			row.Forecast.AsOf = next.AsOf
			level := 0
			if row.Forecast.DepotID == "" {
				level = 1
				if row.Forecast.Region == "" {
					level = 2
				}
			}
			levels[level] = append(levels[level], row)
		}
	}
	m.kept, m.plan = kept, forecast.Planned{}
	m.version++
	for _, level := range levels {
		for _, p := range level {
			m.plan.Forecasts, m.plan.Weeks = append(m.plan.Forecasts, p.Forecast), append(m.plan.Weeks, p.Weeks)
		}
	}
	return presage.KeptPlan{Version: m.version}, nil
}

func (m *memory) Depots(context.Context) ([]presage.Depot, error) { return m.depots, nil }

func (m *memory) ReceivedOrders(_ context.Context, since time.Time) ([]presage.PurchaseOrder, error) {
	return slices.DeleteFunc(slices.Clone(m.orders), func(o presage.PurchaseOrder) bool {
		return o.ReceivedAt.IsZero() || o.ReceivedAt.Before(since)
	}), nil
}

func (m *memory) OpenOrders(context.Context, string, string) ([]presage.PurchaseOrder, error) {
	return slices.DeleteFunc(slices.Clone(m.orders), func(o presage.PurchaseOrder) bool { return !o.ReceivedAt.IsZero() }), nil
}

func (m *memory) OverridesInForce(_ context.Context, on presage.Day) ([]presage.DemandOverride, error) {
	return slices.DeleteFunc(slices.Clone(m.Overrides), func(o presage.DemandOverride) bool { return !o.InForce(on) }), nil
}

func (m *memory) EachForecastScore(_ context.Context, f presage.ScoreFilter, each func(presage.ScoredForecast)) error {
	for _, s := range m.scores {
		if presage.DayOf(s.AsOf) >= f.Since {
			each(s)
		}
	}
	return nil
}

func (m *memory) NewestArchived(context.Context) (newest time.Time, err error) {
	for _, l := range m.forecasts {
		if l.AsOf.After(newest) {
			newest = l.AsOf
		}
	}
	return newest, nil
}

func (m *memory) ArchiveForecasts(_ context.Context, forecasts []presage.ArchivedForecast) error {
	m.forecasts = append(m.forecasts, forecasts...)
	return nil
}

func over(l presage.ArchivedForecast, now time.Time) bool {
	return presage.DayOf(l.AsOf)+presage.Day(l.HorizonDays) <= presage.DayOf(now)
}

func (m *memory) UnscoredForecasts(_ context.Context, now time.Time) ([]presage.ArchivedForecast, error) {
	return slices.DeleteFunc(slices.Clone(m.forecasts), func(l presage.ArchivedForecast) bool {
		return !over(l, now) || slices.ContainsFunc(m.scores, func(s presage.ScoredForecast) bool {
			return s.Part == l.Part && s.DepotID == l.DepotID && s.AsOf.Equal(l.AsOf)
		})
	}), nil
}

func (m *memory) PutForecastScores(_ context.Context, scores []presage.ScoredForecast) error {
	m.scores = append(m.scores, scores...)
	return nil
}

func (m *memory) move(depot, part string, onHand, onOrder int) {
	for i := range m.Input.Stock {
		if s := &m.Input.Stock[i]; s.DepotID == depot && s.Part == part {
			s.OnHand, s.OnOrder = s.OnHand+onHand, s.OnOrder+onOrder
			return
		}
	}
	m.Input.Stock = append(m.Input.Stock, presage.Stock{DepotID: depot, Part: part, OnHand: onHand, OnOrder: onOrder})
}

func smallStore() *memory {
	m := &memory{Input: small(), reads: map[presage.Day]int{}}
	m.workshops = []presage.Workshop{{ID: "W1", DepotID: "D1"}}
	for _, vin := range []presage.VIN{"A", "B", "C"} {
		m.vehicles = append(m.vehicles, presage.Vehicle{VIN: vin, WorkshopID: "W1"})
	}
	m.vehicles = append(m.vehicles, presage.Vehicle{VIN: "NOBODY'S"})
	return m
}

func service(t *testing.T, m *memory, auto bool, now *time.Time) *forecast.Service {
	t.Helper()
	c := m.Config
	c.AutoOrder = auto
	s, err := forecast.New(c, forecast.Deps{
		Catalogue: m.Catalogue, Store: m, Now: func() time.Time { return *now }, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServiceKeepsThePlanOfItsStores(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	got, err := service(t, m, false, &now).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(forecast.Report{Forecasts: 4, Homeless: 1, Archived: 2}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(plan(t, small()), atDepots(m.plan)); diff != "" {
		t.Error(diff)
	}
	if len(m.orders) != 0 {
		t.Error("ordered without being told to")
	}
}

// What was ordered is on order until it is received, on whatever day.
func TestServiceOrdersOnce(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	s := service(t, m, true, &now)
	first, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []presage.PurchaseOrder{{
		ID: "po-20261121T000000-D1-P-PAD", DepotID: "D1", Part: "P-PAD", Quantity: 4,
		OrderedAt: now, ExpectedAt: now.AddDate(0, 0, 29),
	}}
	if diff := cmp.Diff(want, m.orders); diff != "" || first.Ordered != 1 {
		t.Errorf("%+v %s", first, diff)
	}
	kept := m.plan.Forecasts[0]
	if kept.OrderNow != 0 || kept.Stock.OnOrder != 4 {
		t.Errorf("the plan still advises what is on its way: %+v", kept)
	}
	now = now.Add(time.Hour)
	if again, err := s.Run(t.Context()); err != nil || again.Ordered != 0 {
		t.Errorf("ordered again: %+v, %v", again, err)
	}
	m.Input.Stock[0].Reserved += 4 // visits booked on the same day: advised now, ordered tomorrow
	if again, err := s.Run(t.Context()); err != nil || again.Ordered != 0 || m.plan.Forecasts[0].OrderNow != 4 {
		t.Errorf("the same day: %+v, advice %d, %v", again, m.plan.Forecasts[0].OrderNow, err)
	}
	now = midnight().AddDate(0, 0, 1)
	if next, err := s.Run(t.Context()); err != nil || next.Ordered != 1 || len(m.orders) != 2 {
		t.Errorf("the next day: %+v, %v", next, err)
	}
	now = midnight().AddDate(0, 0, 29)
	if _, err := s.Run(t.Context()); err != nil || m.Input.Stock[0].OnHand != 3 || m.Input.Stock[0].OnOrder != 8 {
		t.Errorf("on the day promised: stock %+v, %v", m.Input.Stock[0], err)
	}
	m.receive(now)
	if _, err := s.Run(t.Context()); err != nil || m.Input.Stock[0].OnHand != 7 || m.Input.Stock[0].OnOrder != 4 {
		t.Errorf("received: stock %+v, %v", m.Input.Stock[0], err)
	}
}

func TestServiceSaysWhatFailed(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	m.fails = presage.ErrUnavailable
	if _, err := service(t, m, false, &now).Run(t.Context()); !errors.Is(err, presage.ErrUnavailable) ||
		!contains(err, "keep the parts plan") {
		t.Errorf("error %v", err)
	}
	bad := m.Config
	bad.ServiceLevel = 2
	if _, err := forecast.New(bad, forecast.Deps{}); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("service level 2: %v", err)
	}
}

// The history is read once a week, forecasts are archived once a week and
// scored when their 30 days are over, by the pieces used on them.
func TestServiceLearnsWeekByWeek(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	s := service(t, m, false, &now)
	archived := 0
	for range 8 { // Saturday to the second Saturday: three ISO weeks begin or run
		r, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		archived += r.Archived
		now = now.AddDate(0, 0, 1)
	}
	if archived != 2*2 || len(m.forecasts) != 4 {
		t.Errorf("%d archived, want both parts in both weeks", archived)
	}
	long := 0
	for from, n := range m.reads {
		if from < today()-1000 {
			long += n
		}
	}
	if long != 2 {
		t.Errorf("the long record was read %d times, want once a week", long)
	}
	m.Use = []presage.PartUse{
		{DepotID: "D1", Part: "P-PAD", Day: today(), Quantity: 2},
		{DepotID: "D1", Part: "P-PAD", Day: today() + 29, Quantity: 1},
		{DepotID: "D1", Part: "P-PAD", Day: today() + 30, Quantity: 5},
		{DepotID: "D1", Part: "P-PAD", Day: today() - 1, Quantity: 5},
	}
	now = midnight().AddDate(0, 0, 30)
	again := service(t, m, false, &now) // as after a restart
	r, err := again.Run(t.Context())
	if err != nil || r.Scored != 2 || r.Archived != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	i := slices.IndexFunc(m.scores, func(s presage.ScoredForecast) bool { return s.Part == "P-PAD" })
	if got := m.scores[i]; got.Actual != 3 || !close12(got.Mean, 2.05) || got.P90 != 3 {
		t.Errorf("score %+v", got)
	}
	if r, err = again.Run(t.Context()); err != nil || r.Scored != 0 || r.Archived != 0 {
		t.Errorf("a second pass on the same day: %+v, %v", r, err)
	}
}

// Nobody has used a piece yet; the car came three days ago and is still here.
func TestServiceSeesALongVisit(t *testing.T) {
	t.Parallel()
	m, now := smallStore(), midnight()
	m.Use = nil
	m.Input.Bookings = []presage.Booking{visit("C", -3, "PADS", presage.PartQuantity{Part: "P-PAD", Quantity: 1})}
	m.Input.Bookings[0].State = presage.BookingArrived
	if _, err := service(t, m, false, &now).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := driver(at(t, m.plan, "P-PAD", "D1", ""), "booked").Mean; got != 1 {
		t.Errorf("booked %v, want the piece of the car in the workshop", got)
	}
}
