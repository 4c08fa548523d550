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
	learnt    learnt
	ordered   presage.Day // the last day on which it placed orders
	planned   fingerprints
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
	Forecasts int // rows planned anew: parts at depots, in regions and everywhere
	Unchanged int // parts of which nothing has changed since the last plan
	Ordered   int // purchase orders placed
	Homeless  int // vehicles without a depot: they ask for no parts
	Scored    int // forecasts whose days were over
	Archived  int // forecasts kept to be scored: once a week
}

// Run makes one pass: plans, places orders when configured to, and replaces the
// stored plan. What was ordered stays on order until somebody receives it, however
// late it is. Orders are placed by the first pass of a UTC day, for the levels allow for a day until the next review;
// later passes advise what has come up since. A repeat finds what was ordered
// on its way and orders nothing twice. Only one pass may run at a time. When a pass fails, the
// stored plan stays as it was and the next pass mends it.
func (s *Service) Run(ctx context.Context) (Report, error) {
	now := s.now().UTC()
	var r Report
	in, err := s.read(ctx, now)
	if err != nil {
		return r, fmt.Errorf("read for the parts plan: %w", err)
	}
	for _, depot := range in.Depots {
		if depot == "" {
			r.Homeless++
		}
	}
	if r.Scored, err = s.learn(ctx, &in); err != nil {
		return r, err
	}
	kept, week, err := s.keep(ctx, in, &r)
	if err != nil {
		return r, err
	}
	if r.Archived, err = s.archive(ctx, week, now); err != nil {
		return r, err
	}
	s.log.DebugContext(ctx, "parts planned", "forecasts", r.Forecasts, "unchanged_parts", r.Unchanged,
		"rows_written", kept.Written, "rows_removed", kept.Removed, "ordered", r.Ordered,
		"vehicles_without_depot", r.Homeless, "scored", r.Scored, "archived", r.Archived)
	return r, nil
}

// keep plans part by part, orders, and hands what has changed to the store.
func (s *Service) keep(ctx context.Context, in Input, r *Report) (presage.KeptPlan, week, error) {
	p, err := newPlanner(&in)
	if err != nil {
		return presage.KeptPlan{}, week{}, fmt.Errorf("plan parts: %w", err)
	}
	version, err := s.store.PlanVersion(ctx)
	if err != nil {
		return presage.KeptPlan{}, week{}, fmt.Errorf("read for the parts plan: %w", err)
	}
	today := presage.DayOf(in.AsOf)
	order := s.config.AutoOrder && today > s.ordered
	marks := s.planned.next(p, version, order || in.Archive)
	var archive week
	kept, err := s.store.KeepPlan(ctx, presage.NextPlan{AsOf: in.AsOf, Before: version},
		func(yield func(presage.PlannedRows, error) bool) {
			for plan, err := range p.each(marks.unchanged) {
				if err == nil && order {
					err = s.order(ctx, &in, &plan, r)
				}
				rows := plan.rows()
				r.count(rows)
				archive.add(plan)
				if !yield(rows, err) || err != nil {
					return
				}
			}
			if order {
				s.ordered = today
			}
		})
	if err != nil {
		return kept, week{}, fmt.Errorf("keep the parts plan: %w", err)
	}
	s.planned = marks.kept(kept.Version)
	return kept, archive, nil
}

// count adds the rows of a part.
func (r *Report) count(rows presage.PlannedRows) {
	r.Forecasts += len(rows.Rows)
	if rows.Unchanged {
		r.Unchanged++
	}
}

// order places what the plan of a part advises for the depots and notes it in the plan
// at every level: ordered pieces are on order and need no further advice.
func (s *Service) order(ctx context.Context, in *Input, plan *partPlan, r *Report) error {
	now := in.AsOf
	ordered := map[string]presage.PartForecast{} // by region: OrderNow and Cost of what was ordered
	from := in.Parameters.Sourcing()
	for i := range plan.levels[0] {
		f := &plan.levels[0][i].forecast
		if f.OrderNow == 0 || f.DepotID == "" {
			continue
		}
		o := presage.PurchaseOrder{
			ID:      "po-" + now.Format("20060102T150405") + "-" + f.DepotID + "-" + f.Part,
			DepotID: f.DepotID, Part: f.Part, Quantity: f.OrderNow, OrderedAt: now,
			ExpectedAt: f.Advice.Arrives(f.Advice.Supplier, from.Dispatch(f.Advice.Supplier, now)),
			Supplier:   f.Advice.Supplier,
		}
		if err := s.store.PutOrder(ctx, o); err != nil {
			return fmt.Errorf("order part %s for %s: %w", f.Part, f.DepotID, err)
		}
		for region := range map[string]bool{f.Region: true, "": true} {
			up := ordered[region]
			up.OrderNow += f.OrderNow
			up.Advice.Cost.Minor += f.Advice.Cost.Minor
			ordered[region] = up
		}
		moveToOrdered(f, *f)
		r.Ordered++
	}
	for _, level := range plan.levels[1:] {
		for i := range level {
			if up, ok := ordered[level[i].forecast.Region]; ok {
				moveToOrdered(&level[i].forecast, up)
			}
		}
	}
	return nil
}

// moveToOrdered notes in f that what was advised has been ordered.
func moveToOrdered(f *presage.PartForecast, what presage.PartForecast) {
	f.Stock.OnOrder += what.OrderNow
	f.Advice.Position += what.OrderNow
	f.OrderNow -= what.OrderNow
	f.Advice.Cost.Minor -= what.Advice.Cost.Minor
}
