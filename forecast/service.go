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
	Forecasts int // parts at depots planned
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
	plan, err := Plan(in)
	if err != nil {
		return r, err
	}
	r.Forecasts = len(plan.Forecasts)
	if today := presage.DayOf(now); s.config.AutoOrder && today > s.ordered {
		if r.Ordered, err = s.order(ctx, now, plan.Forecasts); err != nil {
			return r, err
		}
		s.ordered = today
	}
	if err := s.store.PutPlan(ctx, plan.parts()); err != nil {
		return r, fmt.Errorf("keep the parts plan: %w", err)
	}
	if r.Archived, err = s.archive(ctx, plan.Archive, now); err != nil {
		return r, err
	}
	s.log.DebugContext(ctx, "parts planned", "forecasts", r.Forecasts, "ordered", r.Ordered,
		"vehicles_without_depot", r.Homeless, "scored", r.Scored, "archived", r.Archived)
	return r, nil
}

// order places what the plan advises for the depots and notes it in the plan
// at every level: ordered pieces are on order and need no further advice.
func (s *Service) order(ctx context.Context, now time.Time, plan []presage.PartForecast) (int, error) {
	placed := 0
	type sum struct{ part, region string }
	ordered := map[sum]presage.PartForecast{} // OrderNow and Cost of what was ordered
	for i := range plan {
		f := &plan[i]
		if f.OrderNow == 0 || f.DepotID == "" {
			continue
		}
		o := presage.PurchaseOrder{
			ID:      "po-" + now.Format("20060102T150405") + "-" + f.DepotID + "-" + f.Part,
			DepotID: f.DepotID, Part: f.Part, Quantity: f.OrderNow, OrderedAt: now,
			ExpectedAt: f.Advice.Arrives(now),
		}
		if err := s.store.PutOrder(ctx, o); err != nil {
			return placed, fmt.Errorf("order part %s for %s: %w", f.Part, f.DepotID, err)
		}
		for region := range map[string]bool{f.Region: true, "": true} {
			up := ordered[sum{f.Part, region}]
			up.OrderNow += f.OrderNow
			up.Advice.Cost.Minor += f.Advice.Cost.Minor
			ordered[sum{f.Part, region}] = up
		}
		moveToOrdered(f, *f)
		placed++
	}
	for i := range plan {
		if up, ok := ordered[sum{plan[i].Part, plan[i].Region}]; ok && plan[i].DepotID == "" {
			moveToOrdered(&plan[i], up)
		}
	}
	return placed, nil
}

// moveToOrdered notes in f that what was advised has been ordered.
func moveToOrdered(f *presage.PartForecast, what presage.PartForecast) {
	f.Stock.OnOrder += what.OrderNow
	f.Advice.Position += what.OrderNow
	f.OrderNow -= what.OrderNow
	f.Advice.Cost.Minor -= what.Advice.Cost.Minor
}
