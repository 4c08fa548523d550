package forecast

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"presage"
)

// Service makes the plan from the stores and keeps it there.
type Service struct {
	config    Config
	catalogue *presage.Catalogue
	store     Store
	now       func() time.Time
	log       *slog.Logger
}

// Deps is what a Service needs from outside, all of it required.
type Deps struct {
	Catalogue *presage.Catalogue
	Store     Store
	Now       func() time.Time
	Logger    *slog.Logger
}

// New makes a Service; a configuration out of range is an ErrInvalid.
func New(c Config, d Deps) (*Service, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return &Service{config: c, catalogue: d.Catalogue, store: d.Store, now: d.Now, log: d.Logger}, nil
}

// Report counts what a pass did.
type Report struct {
	Received  int // purchase orders that arrived
	Forecasts int // parts at depots planned
	Ordered   int // purchase orders placed
	Homeless  int // vehicles without a depot: they claim no parts
}

// Run makes one pass: takes in the orders that are due, plans, places orders
// when configured to, and replaces the stored plan. It is meant to run once a
// day; a repeat finds what the first one ordered on its way and orders
// nothing twice. Only one pass may run at a time. When a pass fails, the
// stored plan stays as it was and the next pass mends it.
func (s *Service) Run(ctx context.Context) (Report, error) {
	now := s.now().UTC()
	var r Report
	var err error
	if r.Received, err = s.store.ReceiveOrders(ctx, now); err != nil {
		return r, fmt.Errorf("receive orders: %w", err)
	}
	var in Input
	err = s.store.Snapshot(ctx, func(at Reads) error {
		in, err = s.read(ctx, at, now)
		return err
	})
	if err != nil {
		return r, fmt.Errorf("read for the parts plan: %w", err)
	}
	for _, depot := range in.Depots {
		if depot == "" {
			r.Homeless++
		}
	}
	plan, err := Plan(in)
	if err != nil {
		return r, err
	}
	r.Forecasts = len(plan)
	if s.config.AutoOrder {
		if r.Ordered, err = s.order(ctx, now, plan); err != nil {
			return r, err
		}
	}
	if err := s.store.PutPartForecasts(ctx, plan); err != nil {
		return r, fmt.Errorf("keep the parts plan: %w", err)
	}
	s.log.DebugContext(ctx, "parts planned", "forecasts", r.Forecasts, "ordered", r.Ordered,
		"received", r.Received, "vehicles_without_depot", r.Homeless)
	return r, nil
}

// order places what the plan advises and notes it in the plan: ordered pieces
// are on order and need no further advice.
func (s *Service) order(ctx context.Context, now time.Time, plan []presage.PartForecast) (int, error) {
	placed := 0
	for i := range plan {
		f := &plan[i]
		if f.OrderNow == 0 {
			continue
		}
		o := presage.PurchaseOrder{
			ID:      "po-" + now.Format("20060102T150405") + "-" + f.DepotID + "-" + f.Part,
			DepotID: f.DepotID, Part: f.Part, Quantity: f.OrderNow, OrderedAt: now,
			ExpectedAt: now.AddDate(0, 0, leadDays(s.catalogue, f.Part, &s.config)),
		}
		if err := s.store.PutOrder(ctx, o); err != nil {
			return placed, fmt.Errorf("order part %s for %s: %w", f.Part, f.DepotID, err)
		}
		f.Stock.OnOrder += f.OrderNow
		f.OrderNow = 0
		placed++
	}
	return placed, nil
}

// read gathers the input of a plan.
func (s *Service) read(ctx context.Context, at Reads, now time.Time) (Input, error) {
	in := Input{Config: s.config, Catalogue: s.catalogue, AsOf: now}
	if err := readFleet(ctx, at, &in); err != nil {
		return in, err
	}
	var err error
	if in.Stock, err = at.AllStock(ctx); err != nil {
		return in, fmt.Errorf("stock: %w", err)
	}
	today := presage.DayOf(now)
	in.UseFrom = today - presage.Day(s.config.HistoryDays)
	if in.Use, err = at.AllPartUse(ctx, in.UseFrom, today-1); err != nil {
		return in, fmt.Errorf("parts use: %w", err)
	}
	in.UseFrom = firstUse(in.Use, today)
	if in.Cases, err = at.ActiveCases(ctx); err != nil {
		return in, fmt.Errorf("cases: %w", err)
	}
	from := in.UseFrom.Start().Add(-graceForLate)
	in.Bookings, err = at.BookingsBetween(ctx, from, now.AddDate(1, 0, 0)) // nobody books further ahead
	if err != nil {
		return in, fmt.Errorf("bookings: %w", err)
	}
	return in, nil
}

func readFleet(ctx context.Context, at Reads, in *Input) error {
	workshops, err := at.Workshops(ctx)
	if err != nil {
		return fmt.Errorf("workshops: %w", err)
	}
	in.WorkshopDepots = make(map[string]string, len(workshops))
	for _, w := range workshops {
		in.WorkshopDepots[w.ID] = w.DepotID
	}
	vehicles, err := at.AllVehicles(ctx)
	if err != nil {
		return fmt.Errorf("vehicles: %w", err)
	}
	in.Depots = make(map[presage.VIN]string, len(vehicles))
	for _, v := range vehicles {
		in.Depots[v.VIN] = in.WorkshopDepots[v.WorkshopID] // "" without a workshop
	}
	for p, err := range at.AllPrognoses(ctx) {
		if err != nil {
			return fmt.Errorf("prognoses: %w", err)
		}
		in.Prognoses = append(in.Prognoses, p)
	}
	return nil
}

// firstUse is the first day on record: before it there was no service rather
// than no demand. Without a record it is today.
func firstUse(use []presage.PartUse, today presage.Day) presage.Day {
	first := today
	for _, u := range use {
		first = min(first, u.Day)
	}
	return first
}
