package month

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"presage"
)

// Store keeps points, their scores and what planners decided; sqlstore provides it.
type Store interface {
	// PlanWeeks are the days of which points are kept, the oldest first.
	PlanWeeks(ctx context.Context) ([]presage.Day, error)
	// PlanPoints are those of a day, at a depot ("" for all).
	PlanPoints(ctx context.Context, day presage.Day, depot string) ([]presage.PlanPoint, error)
	// PlanScores are those of forecasts made on the day or later, at a depot ("" for all).
	PlanScores(ctx context.Context, since presage.Day, depot string) ([]presage.PlanScore, error)
	// Moved is what moved at the shelves from one moment until the other.
	Moved(ctx context.Context, from, to time.Time) ([]presage.PartMoved, error)
	AdviceDecisions(ctx context.Context, f presage.AdviceFilter) ([]presage.AdviceDecision, error)
	EachForecastScore(ctx context.Context, f presage.ScoreFilter, each func(presage.ScoredForecast)) error
	Depots(ctx context.Context) ([]presage.Depot, error)
}

// Advice is the plan.
type Advice interface {
	PartForecasts(ctx context.Context, f presage.ForecastFilter) ([]presage.PartForecast, error)
}

// Deps is what a Desk needs, all of it required.
type Deps struct {
	Store     Store
	Advice    Advice
	Catalogue *presage.Catalogue
	Holding   float64 // of a piece a year, as a share of its price
	Shortage  float64 // of a piece waited for a day, as a share of its price
	Horizon   int     // days of the plan's own horizon
	Now       func() time.Time
}

// Desk is safe for concurrent use.
type Desk struct{ Deps }

// New makes a Desk.
func New(d Deps) *Desk { return &Desk{d} }

// What a week's plan is compared with is at least so old: on a Tuesday last week's.
const lastWeek = 6

// leastRisk is below what a stock-out is no exception.
const leastRisk = 0.05

// Month lists the exceptions, what is most at stake first. ErrInvalid for a Since of which
// no plan is kept.
func (d *Desk) Month(ctx context.Context, f presage.MonthFilter) (presage.PlanMonth, error) {
	m := presage.PlanMonth{Items: []presage.PlanException{}, Drivers: []presage.ChangeDriver{}}
	forecasts, err := d.Advice.PartForecasts(ctx, presage.ForecastFilter{DepotID: f.DepotID})
	if err != nil {
		return m, err
	}
	depots, err := d.Store.Depots(ctx)
	if err != nil {
		return m, err
	}
	before, err := d.before(ctx, f, &m)
	if err != nil {
		return m, err
	}
	sums, currency := map[string]presage.ChangeDriver{}, ""
	for _, p := range forecasts {
		if p.Advice.ReplacedBy != "" {
			continue
		}
		m.AsOf = p.AsOf
		e, price := d.exception(p)
		i := slices.IndexFunc(depots, func(x presage.Depot) bool { return x.ID == p.DepotID })
		if i >= 0 {
			e.Depot = depots[i].Name
		}
		before.explain(&e, p, price)
		currency = cmp.Or(currency, price.Currency)
		for _, x := range e.Drivers {
			if price.Currency == currency { // sums of several currencies would mean nothing
				sum := sums[x.Name]
				sum.Name, sum.Pieces = x.Name, sum.Pieces+x.Pieces
				sum.Value = presage.Money{Minor: sum.Value.Minor + x.Value.Minor, Currency: currency}
				sums[x.Name] = sum
			}
		}
		if e.Kind != "" {
			m.Items = append(m.Items, e)
		}
	}
	m.Change, m.Drivers = total(sums, currency)
	slices.SortStableFunc(m.Items, func(a, b presage.PlanException) int {
		return cmp.Or(cmp.Compare(b.AtStake.Minor, a.AtStake.Minor), cmp.Compare(b.Risk, a.Risk),
			cmp.Compare(a.Part, b.Part), cmp.Compare(a.DepotID, b.DepotID))
	})
	return m, nil
}

// exception is what a forecast has at stake; of no kind for nothing.
func (d *Desk) exception(f presage.PartForecast) (presage.PlanException, presage.Money) {
	a := f.Advice
	e := presage.PlanException{
		Part: f.Part, DepotID: f.DepotID, Class: f.Class, Lacking: presage.PointOf(f).Lacking(), OrderNow: f.OrderNow,
		Cost: a.Cost, Proposed: a.Proposed, Overdue: a.Overdue, Excess: a.Excess,
	}
	part, err := d.Catalogue.Part(f.Part)
	if err == nil {
		e.Name = part.Name
	}
	price := part.Cost
	missed := times(price, a.Missing)
	wasted := min(d.Holding+a.Obsolete, 1) // a year on the shelf, or for ever
	lost := times(a.ExcessValue, wasted)
	switch {
	case a.StockOutRisk >= leastRisk && missed.Minor >= lost.Minor:
		e.Kind, e.Risk, e.AtStake = presage.ExceptionStockOut, a.StockOutRisk, missed
		e.Value = times(price, a.Missing/a.StockOutRisk)
	case a.Excess > 0:
		e.Kind, e.Risk, e.AtStake, e.Value = presage.ExceptionExcess, wasted, lost, a.ExcessValue
	}
	return e, price
}

func times(m presage.Money, x float64) presage.Money {
	return presage.Money{Minor: int64(math.Round(float64(m.Minor) * x)), Currency: m.Currency}
}

// shelf names a part at a depot.
type shelf struct{ part, depot string }

// earlier is what was planned and has happened since.
type earlier struct {
	points    map[shelf]presage.PlanPoint
	moved     map[shelf]presage.PartMoved
	decisions map[shelf]*presage.AdviceDecision
}

// before reads what the plan is compared with, and what has happened since.
func (d *Desk) before(ctx context.Context, f presage.MonthFilter, m *presage.PlanMonth) (earlier, error) {
	e := earlier{map[shelf]presage.PlanPoint{}, map[shelf]presage.PartMoved{}, map[shelf]*presage.AdviceDecision{}}
	now := d.Now()
	var err error
	if m.Weeks, err = d.Store.PlanWeeks(ctx); err != nil || len(m.Weeks) == 0 {
		m.Weeks = []presage.Day{}
		return e, err
	}
	day := f.Since
	if day == 0 {
		day = m.Weeks[0]
		for _, w := range m.Weeks {
			if w <= presage.DayOf(now)-lastWeek {
				day = w
			}
		}
	}
	if !slices.Contains(m.Weeks, day) {
		return e, fmt.Errorf("since: %w: no plan of %s is kept: want one of %v", presage.ErrInvalid, day, m.Weeks)
	}
	points, err := d.Store.PlanPoints(ctx, day, f.DepotID)
	if err != nil {
		return e, err
	}
	for _, p := range points {
		e.points[shelf{p.Part, p.DepotID}], m.Since = p, p.AsOf
	}
	moved, err := d.Store.Moved(ctx, m.Since, now)
	if err != nil {
		return e, err
	}
	for _, x := range moved {
		e.moved[shelf{x.Part, x.DepotID}] = x
	}
	decisions, err := d.Store.AdviceDecisions(ctx, presage.AdviceFilter{DepotID: f.DepotID, Since: m.Since})
	for _, x := range slices.Backward(decisions) { // the newest counts
		e.decisions[shelf{x.Part, x.DepotID}] = &x
	}
	return e, err
}

// explain notes what has changed.
func (e earlier) explain(x *presage.PlanException, f presage.PartForecast, price presage.Money) {
	at := shelf{f.Part, f.DepotID}
	x.Drivers, x.Decision = []presage.ChangeDriver{}, e.decisions[at]
	was, ok := e.points[at]
	if x.New = !ok; x.New {
		return
	}
	moved := e.moved[at]
	for _, old := range f.Advice.Supersedes {
		more := e.moved[shelf{old, f.DepotID}]
		moved.Used, moved.Received = moved.Used+more.Used, moved.Received+more.Received
	}
	is := presage.PointOf(f)
	x.Change, x.Drivers = float64(is.Lacking()-was.Lacking()), Explain(was, is, moved)
	sum, noted := 0.0, int64(0)
	for i := range x.Drivers { // rounded such that they add up
		sum += x.Drivers[i].Pieces
		whole := times(price, sum)
		x.Drivers[i].Value = presage.Money{Minor: whole.Minor - noted, Currency: price.Currency}
		noted = whole.Minor
	}
}

// AdviceDecisions lists what planners decided, the newest first.
func (d *Desk) AdviceDecisions(ctx context.Context, f presage.AdviceFilter) ([]presage.AdviceDecision, error) {
	return d.Store.AdviceDecisions(ctx, f)
}

// reviewed is how far back the review looks.
const reviewed = 182

// Review sums up the last half year at a depot ("" for all).
func (d *Desk) Review(ctx context.Context, depot string) (presage.PlanReview, error) {
	today := presage.DayOf(d.Now())
	r := presage.PlanReview{Since: today - reviewed, Horizon: d.Horizon}
	scores, err := d.Store.PlanScores(ctx, r.Since, depot)
	if err != nil {
		return r, err
	}
	own := slices.DeleteFunc(slices.Clone(scores), func(s presage.PlanScore) bool { return s.Days != d.Horizon })
	classes := []string{"smooth", "erratic", "intermittent", "lumpy", "new"}
	r.ByClass = grouped(own, func(s presage.PlanScore) string { return s.Class }, func(a, b string) int {
		return cmp.Compare(slices.Index(classes, a), slices.Index(classes, b))
	})
	r.ByDepot = grouped(own, func(s presage.PlanScore) string { return s.DepotID }, cmp.Compare[string])
	r.ByHorizon = grouped(scores, func(s presage.PlanScore) string { return strconv.Itoa(s.Days) }, byNumber)
	figures, currency, err := d.figures(ctx, r.Since, depot)
	if err != nil {
		return r, err
	}
	orders, of, err := d.orders(ctx, presage.AdviceFilter{DepotID: depot, Since: r.Since.Start(), Over: today})
	r.Added = []presage.ValueAdded{added("figures", figures, currency), added("orders", orders, of)}
	return r, err
}

// cost is what it costs in minor units to have so many pieces more (below 0: fewer) than are
// asked for within the days: what lies is held, what is missing is waited for, half of the
// days in the mean.
func (d *Desk) cost(price presage.Money, more float64, days int) float64 {
	if more > 0 {
		return more * float64(price.Minor) * d.Holding * float64(days) / 365
	}
	return -more * float64(price.Minor) * d.Shortage * float64(days) / 2
}

// figures are the planners' figures of demand whose days are over, one case a part and depot.
func (d *Desk) figures(ctx context.Context, since presage.Day, depot string) ([]duel, string, error) {
	sums, counts, currency := map[shelf]duel{}, map[shelf]float64{}, ""
	var order []shelf
	f := presage.ScoreFilter{DepotID: depot, Since: since}
	err := d.Store.EachForecastScore(ctx, f, func(s presage.ScoredForecast) {
		if s.Override == nil {
			return
		}
		part, err := d.Catalogue.Part(s.Part)
		if errors.Is(err, presage.ErrNotFound) {
			part = presage.Part{} // it left the catalogue with its price
		}
		currency = cmp.Or(currency, part.Cost.Currency)
		at := shelf{s.Part, s.DepotID}
		if counts[at] == 0 {
			order = append(order, at)
		}
		model, planner := s.Mean-float64(s.Actual), *s.Override-float64(s.Actual)
		sum := sums[at]
		sum.model += math.Abs(model)
		sum.planner += math.Abs(planner)
		sum.modelCost += d.cost(part.Cost, model, s.HorizonDays)
		sum.plannerCost += d.cost(part.Cost, planner, s.HorizonDays)
		sums[at], counts[at] = sum, counts[at]+1
	})
	cases := make([]duel, 0, len(order))
	for _, at := range order {
		s, n := sums[at], counts[at]
		cases = append(cases, duel{s.model / n, s.planner / n, s.modelCost / n, s.plannerCost / n})
	}
	return cases, currency, err
}

// orders are the quantities against the advice whose spans are over.
func (d *Desk) orders(ctx context.Context, f presage.AdviceFilter) ([]duel, string, error) {
	decisions, err := d.Store.AdviceDecisions(ctx, f)
	cases, currency := make([]duel, 0, len(decisions)), ""
	for _, x := range decisions {
		currency = cmp.Or(currency, x.UnitPrice.Currency)
		model, planner := float64(x.Position+x.Advised-x.Actual), float64(x.Position+x.Chosen-x.Actual)
		cases = append(cases, duel{
			math.Abs(model), math.Abs(planner), d.cost(x.UnitPrice, model, x.SpanDays), d.cost(x.UnitPrice, planner, x.SpanDays),
		})
	}
	return cases, currency, err
}
