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
		now, err := d.sincePlan(ctx, snapshot, f)
		if err != nil {
			return err
		}
		if fs, err = snapshot.PartForecasts(ctx, f); err != nil {
			return err
		}
		now.on(fs)
		return nil
	})
	return fs, err
}

// PlanRows chooses forecasts by their lines: pick gets all of the filter without distributions
// (see PlanLines) and returns those to be read whole, in its own order; nil picks all.
func (d *Desk) PlanRows(ctx context.Context, f presage.ForecastFilter,
	pick func(lines []presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	var fs []presage.PartForecast
	err := d.EachPlanRow(ctx, f, pick, func(f presage.PartForecast) error {
		fs = append(fs, f)
		return nil
	})
	return fs, err
}

// eachAtOnce is how many forecasts EachPlanRow reads at a time.
const eachAtOnce = 500

// EachPlanRow hands over what PlanRows lists, one by one and all of one moment: a large plan
// is never whole in memory. It ends with the first error of each, which should not wait long.
func (d *Desk) EachPlanRow(ctx context.Context, f presage.ForecastFilter,
	pick func(lines []presage.PartForecast) []presage.PartForecast, each func(presage.PartForecast) error,
) error {
	return d.store.DeskSnapshot(ctx, func(snapshot DeskReads) error {
		now, err := d.sincePlan(ctx, snapshot, f)
		if err != nil {
			return err
		}
		lines, err := snapshot.PlanLines(ctx, f)
		if err != nil {
			return err
		}
		now.on(lines)
		if pick != nil {
			lines = pick(lines)
		}
		for some := range slices.Chunk(lines, eachAtOnce) {
			fs, err := snapshot.PartForecastsAt(ctx, f.Level, placesOf(some))
			if err != nil {
				return err
			}
			now.on(fs)
			for _, one := range fs {
				if err := each(one); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func placesOf(lines []presage.PartForecast) []presage.PlanPlace {
	out := make([]presage.PlanPlace, len(lines))
	for i, l := range lines {
		out[i] = l.Place()
	}
	return out
}

// sincePlan is what has happened since the plan was made.
type sincePlan struct {
	overrides map[location]*presage.DemandOverride
	onOrder   map[location]int
	proposed  map[location]int             // of orders not placed yet
	moves     map[presage.PartTransfer]int // of transfers not picked yet, by part and depots, without pieces
}

// sincePlan reads it for the rows of a filter.
func (d *Desk) sincePlan(ctx context.Context, s DeskReads, f presage.ForecastFilter) (sincePlan, error) {
	inForce, err := s.OverridesInForce(ctx, presage.DayOf(d.now()))
	if err != nil {
		return sincePlan{}, err
	}
	of := presage.StockFilter{DepotID: f.DepotID} // of superseded parts, too
	shelves, err := s.Stock(ctx, of)
	if err != nil {
		return sincePlan{}, err
	}
	proposals, err := s.ProposedPieces(ctx, of)
	if err != nil {
		return sincePlan{}, err
	}
	p := newSincePlan(inForce, shelves, proposals)
	moves, err := s.ProposedTransfers(ctx)
	p.moves = byDepots(moves)
	return p, err
}

func byDepots(moves []presage.PartTransfer) map[presage.PartTransfer]int {
	out := make(map[presage.PartTransfer]int, len(moves))
	for _, m := range moves {
		pieces := m.Pieces
		m.Pieces = 0
		out[m] = pieces
	}
	return out
}

func newSincePlan(inForce []presage.DemandOverride, shelves []presage.Stock, proposals []presage.PartQuantityAt,
) sincePlan {
	p := sincePlan{
		overrides: byLocation(inForce), onOrder: make(map[location]int, len(shelves)),
		proposed: make(map[location]int, len(proposals)),
	}
	for _, st := range shelves {
		p.onOrder[location{st.Part, st.DepotID}] = st.OnOrder
	}
	for _, x := range proposals {
		p.proposed[location{x.Part, x.DepotID}] = x.Quantity
	}
	return p
}

// on puts it into forecasts.
func (p sincePlan) on(fs []presage.PartForecast) {
	overlay(fs, p.overrides)
	p.takeOff(fs)
}

// takeOff takes what was ordered since the plan, and what is proposed, off the depots' advice:
// nobody orders or moves it twice.
func (p sincePlan) takeOff(fs []presage.PartForecast) {
	for i := range fs {
		f := &fs[i]
		if f.DepotID == "" {
			continue
		}
		f.Advice.Transfers = p.unproposed(*f)
		ordered, asked := 0, 0
		for _, part := range f.Numbers() {
			ordered += p.onOrder[location{part, f.DepotID}]
			asked += p.proposed[location{part, f.DepotID}]
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

// unproposed are the transfers advised, less the pieces that are proposed already between the same depots.
func (p sincePlan) unproposed(f presage.PartForecast) []presage.Transfer {
	var out []presage.Transfer // the plan's own list stays
	for _, t := range f.Advice.Transfers {
		for _, part := range f.Numbers() {
			t.Pieces -= p.moves[presage.PartTransfer{Part: part, Transfer: presage.Transfer{From: t.From, To: t.To}}]
		}
		if t.Pieces > 0 {
			out = append(out, t)
		}
	}
	return out
}

// costOf is what so many of the pieces advised cost.
func costOf(f *presage.PartForecast, pieces int) presage.Money {
	cost := f.Advice.Cost
	cost.Minor = cost.Minor * int64(pieces) / int64(f.OrderNow)
	return cost
}

// overlay puts the overrides in force beside the depots' forecasts; one of a
// superseded part is its successor's, as in the plan, unless a newer one is there.
func overlay(fs []presage.PartForecast, inForce map[location]*presage.DemandOverride) {
	for i := range fs {
		f := &fs[i]
		if f.DepotID == "" {
			continue
		}
		newest := inForce[location{f.Part, f.DepotID}]
		for _, old := range f.Advice.Supersedes {
			if o := inForce[location{old, f.DepotID}]; o != nil && (newest == nil || o.Newer(*newest)) {
				newest = o
			}
		}
		f.Override = newest
	}
}

func byLocation(inForce []presage.DemandOverride) map[location]*presage.DemandOverride {
	out := make(map[location]*presage.DemandOverride, len(inForce))
	for i, o := range inForce {
		out[location{o.Part, o.DepotID}] = &inForce[i]
	}
	return out
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
		now, err := d.sincePlan(ctx, snapshot, presage.ForecastFilter{DepotID: depot})
		if err != nil {
			return err
		}
		one := []presage.PartForecast{planned.Forecast}
		now.on(one)
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
	for _, number := range f.Numbers() {
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
