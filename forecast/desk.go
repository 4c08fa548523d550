package forecast

import (
	"context"
	"errors"
	"slices"
	"time"

	"presage"
)

// Desk is where planners read the parts plan and give their own figures.
type Desk struct {
	store    DeskStore
	now      func() time.Time
	replan   func() // asks for a new plan soon
	accuracy accuracies
}

// NewDesk makes a Desk; replan is called when a figure has changed and must not wait.
func NewDesk(store DeskStore, now func() time.Time, replan func()) *Desk {
	return &Desk{store: store, now: now, replan: replan}
}

// PartForecasts lists forecasts by part, region and depot. An override counts
// as in force from the moment it is set, not only from the next plan on.
func (d *Desk) PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error) {
	var fs []presage.PartForecast
	err := d.store.DeskSnapshot(ctx, func(snapshot DeskReads) error {
		var err error
		if fs, err = snapshot.PartForecasts(ctx, f); err != nil {
			return err
		}
		inForce, err := snapshot.OverridesInForce(ctx, presage.DayOf(d.now()))
		if err != nil {
			return err
		}
		overlay(fs, inForce)
		of := presage.StockFilter{Part: f.Part, DepotID: f.DepotID}
		shelves, err := snapshot.Stock(ctx, of)
		if err != nil {
			return err
		}
		proposed, err := snapshot.ProposedPieces(ctx, of)
		if err != nil {
			return err
		}
		since(fs, shelves, proposed)
		return nil
	})
	return fs, err
}

// since takes what was ordered since the plan, and what is proposed, off the depots' advice:
// nobody orders it twice.
func since(fs []presage.PartForecast, shelves []presage.Stock, proposals []presage.PartQuantityAt) {
	onOrder, proposed := make(map[location]int, len(shelves)), make(map[location]int, len(proposals))
	for _, st := range shelves {
		onOrder[location{st.Part, st.DepotID}] = st.OnOrder
	}
	for _, p := range proposals {
		proposed[location{p.Part, p.DepotID}] = p.Quantity
	}
	for i := range fs {
		f := &fs[i]
		if f.DepotID == "" {
			continue
		}
		ordered, asked := 0, 0
		for _, part := range append([]string{f.Part}, f.Advice.Supersedes...) {
			ordered += onOrder[location{part, f.DepotID}]
			asked += proposed[location{part, f.DepotID}]
		}
		f.Advice.Proposed = asked
		if more := min(ordered-f.Stock.OnOrder, f.OrderNow); more > 0 {
			moveToOrdered(f, presage.PartForecast{OrderNow: more, Advice: presage.ReorderAdvice{Cost: costOf(f, more)}})
		}
		if less := min(asked, f.OrderNow); less > 0 {
			f.Advice.Cost.Minor -= costOf(f, less).Minor
			f.OrderNow -= less
		}
	}
}

// costOf is what so many of the pieces advised cost.
func costOf(f *presage.PartForecast, pieces int) presage.Money {
	cost := f.Advice.Cost
	cost.Minor = cost.Minor * int64(pieces) / int64(f.OrderNow)
	return cost
}

// overlay puts the overrides in force beside the depots' forecasts; one of a
// superseded part is its successor's, as in the plan, unless a newer one is there.
func overlay(fs []presage.PartForecast, inForce []presage.DemandOverride) {
	byLocation := make(map[location]*presage.DemandOverride, len(inForce))
	for i, o := range inForce {
		byLocation[location{o.Part, o.DepotID}] = &inForce[i]
	}
	for i := range fs {
		f := &fs[i]
		if f.DepotID == "" {
			continue
		}
		newest := byLocation[location{f.Part, f.DepotID}]
		for _, old := range f.Advice.Supersedes {
			if o := byLocation[location{old, f.DepotID}]; o != nil && (newest == nil || o.Newer(*newest)) {
				newest = o
			}
		}
		f.Override = newest
	}
}

// PartOutlook reads the forecast, the weeks ahead and the past of one part, as
// they stand at one moment.
func (d *Desk) PartOutlook(ctx context.Context, part, depot, region string) (presage.PartOutlook, error) {
	var out presage.PartOutlook
	err := d.store.DeskSnapshot(ctx, func(snapshot DeskReads) error {
		planned, err := snapshot.PlannedPart(ctx, part, depot, region)
		if err != nil {
			return err
		}
		depots, err := depotsOf(ctx, snapshot, depot, region)
		if err != nil {
			return err
		}
		past, err := pastOf(ctx, snapshot, planned.Forecast, depot)
		if err != nil {
			return err
		}
		inForce, err := snapshot.OverridesInForce(ctx, presage.DayOf(d.now()))
		if err != nil {
			return err
		}
		one := []presage.PartForecast{planned.Forecast}
		overlay(one, inForce)
		out = Outlook(one[0], planned.Weeks, depots, past)
		return nil
	})
	return out, err
}

// pastOf reads what was kept of a forecast's part, and of the parts that it
// supersedes, at a depot ("" for all).
func pastOf(ctx context.Context, s DeskReads, f presage.PartForecast, depot string) (Past, error) {
	var past Past
	today := presage.DayOf(f.AsOf)
	first, err := s.FirstPartUse(ctx)
	if errors.Is(err, presage.ErrNotFound) {
		first, err = today, nil
	}
	if err != nil {
		return past, err
	}
	past.UseFrom = max(first, today-historyShown)
	for _, number := range append([]string{f.Part}, f.Advice.Supersedes...) {
		use, err := s.PartUse(ctx, depot, number, past.UseFrom, today-1)
		if err != nil {
			return past, err
		}
		err = s.EachForecastScore(ctx, presage.ScoreFilter{Part: number, DepotID: depot}, func(score presage.ScoredForecast) {
			past.Scores = append(past.Scores, score)
		})
		if err != nil {
			return past, err
		}
		overrides, err := s.Overrides(ctx, number, depot)
		if err != nil {
			return past, err
		}
		past.Use = append(past.Use, use...)
		past.Overrides = append(past.Overrides, overrides...)
	}
	return past, nil
}

// historyShown is for how many days back an outlook shows what was used.
const historyShown = 2 * 364

// depotsOf lists the depots that count: one, a region's, or all.
func depotsOf(ctx context.Context, s Depots, depot, region string) ([]string, error) {
	if depot != "" {
		return []string{depot}, nil
	}
	depots, err := s.Depots(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, d := range depots {
		if region == "" || d.Region == region {
			out = append(out, d.ID)
		}
	}
	return out, nil
}

// PlanAccuracy sums up the scored forecasts of a filter's parts and depots that
// were made in the last half year, read once an hour: they are many.
func (d *Desk) PlanAccuracy(ctx context.Context, f presage.ForecastFilter) ([]presage.ForecastAccuracy, error) {
	f.Level = ""
	now := d.now()
	return d.accuracy.of(f, now.Truncate(time.Hour), func() ([]presage.ForecastAccuracy, error) {
		var depots []string
		if f.Region != "" {
			var err error
			if depots, err = depotsOf(ctx, d.store, "", f.Region); err != nil {
				return nil, err
			}
		}
		var sums Tally
		since := presage.DayOf(now.AddDate(0, -6, 0))
		err := d.store.EachForecastScore(ctx, presage.ScoreFilter{Part: f.Part, DepotID: f.DepotID, Since: since},
			func(s presage.ScoredForecast) {
				if f.Region == "" || slices.Contains(depots, s.DepotID) {
					sums.Add(s)
				}
			})
		return sums.Accuracy(), err
	})
}

// PutOverride keeps a planner's figure and asks for a new plan.
func (d *Desk) PutOverride(ctx context.Context, o presage.DemandOverride) (presage.DemandOverride, error) {
	o.CreatedAt = d.now().UTC()
	if err := o.Validate(presage.DayOf(o.CreatedAt)); err != nil {
		return o, err
	}
	kept, err := d.store.PutOverride(ctx, o)
	if err == nil {
		d.replan()
	}
	return kept, err
}

// WithdrawOverride ends a planner's figure and asks for a new plan.
func (d *Desk) WithdrawOverride(ctx context.Context, id int64, by string) error {
	err := d.store.WithdrawOverride(ctx, id, by, d.now().UTC())
	if err == nil {
		d.replan()
	}
	return err
}

// Overrides lists the overrides, the newest first.
func (d *Desk) Overrides(ctx context.Context, part, depot string) ([]presage.DemandOverride, error) {
	return d.store.Overrides(ctx, part, depot)
}
