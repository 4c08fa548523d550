package forecast

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"runtime"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// The drivers of demand, by name.
const (
	DriverBooked      = "booked"
	DriverPredicted   = "predicted"
	DriverUnpredicted = "unpredicted"
	DriverHistory     = "history"
)

// levels are the quantiles that a forecast carries.
func levels() []float64 { return []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} }

// QuantileKey is the key of a level in PartForecast.Quantiles: "0.1", "0.95".
func QuantileKey(level float64) string { return strconv.FormatFloat(level, 'g', -1, 64) }

// Plan forecasts every part at every depot, in every region and everywhere. The
// same input gives the same plan, whatever the order of its rows. A fault in
// the configuration or the catalogue is an ErrInvalid or ErrNotFound.
func Plan(in Input) (Planned, error) {
	if err := in.Config.Validate(); err != nil {
		return Planned{}, err
	}
	p, err := newPlanner(&in)
	if err != nil {
		return Planned{}, fmt.Errorf("plan parts: %w", err)
	}
	var plans []partPlan
	for plan, err := range p.each(func(string) bool { return false }) {
		if err != nil {
			return Planned{}, err
		}
		plans = append(plans, plan)
	}
	return p.gather(plans), nil
}

// partsAtOnce is how many plans of parts are in memory at a time.
const partsAtOnce = 64

// each plans part by part, in the order of their numbers; of a part that is unchanged the
// plan says its number alone. It ends with the first error.
func (p *planner) each(unchanged func(part string) bool) iter.Seq2[partPlan, error] {
	parts, depots := p.in.partsAndDepots()
	return func(yield func(partPlan, error) bool) {
		for some := range slices.Chunk(parts, partsAtOnce) {
			plans := make([]partPlan, len(some))
			var group errgroup.Group
			group.SetLimit(runtime.GOMAXPROCS(0))
			for i, part := range some {
				if plans[i].number = part; unchanged(part) {
					plans[i].unchanged = true
					continue
				}
				group.Go(func() (err error) {
					if plans[i], err = p.part(part, depots); err != nil {
						return fmt.Errorf("plan part %s: %w", part, err)
					}
					return nil
				})
			}
			if err := group.Wait(); err != nil {
				yield(partPlan{}, err)
				return
			}
			for _, plan := range plans {
				if !yield(plan, nil) {
					return
				}
			}
		}
	}
}

// partsAndDepots are all parts that are not replaced and all depots, in order.
func (in *Input) partsAndDepots() (parts, depots []string) {
	numbers, ids := map[string]bool{}, map[string]bool{}
	for _, p := range in.Catalogue.Master().All() {
		numbers[in.chains.Newest(p.Number)] = true
	}
	for _, s := range in.Stock {
		numbers[in.chains.Newest(s.Part)], ids[s.DepotID] = true, true
	}
	for _, u := range in.Use {
		if u.Day < presage.DayOf(in.AsOf) {
			numbers[in.chains.Newest(u.Part)], ids[u.DepotID] = true, true
		}
	}
	for _, d := range in.Depots {
		ids[d] = true
	}
	for _, d := range in.WorkshopDepots {
		ids[d] = true
	}
	delete(ids, "")
	return slices.Sorted(maps.Keys(numbers)), slices.Sorted(maps.Keys(ids))
}

type planner struct {
	in        *Input
	frailty   *fleet.Frailty
	ledger    *ledger
	past      past
	quantity  map[string]int
	asked     map[string]bool            // parts that a component's job asks for
	recorded  map[string]bool            // parts with a history
	stock     map[location]presage.Stock // with that of the superseded parts
	old       map[location]presage.Stock // of the superseded parts, where some are left
	receipts  map[location][]stock.Receipt
	overdue   map[location]int
	overrides map[location]presage.DemandOverride
	horizons  []int
	sourcing  presage.Sourcing
	// severities are those of the worst failures that parts mend, with those of the parts replaced.
	severities map[string]presage.Severity
}

func newPlanner(in *Input) (*planner, error) {
	var err error
	p := &planner{in: in, asked: map[string]bool{}, recorded: map[string]bool{}}
	if in.chains, err = chainsOf(in.Catalogue); err != nil {
		return nil, err
	}
	if p.frailty, err = fleet.NewFrailty(in.Config.ScaleVariance); err != nil {
		return nil, err
	}
	if p.ledger, err = in.ledger(); err != nil {
		return nil, err
	}
	p.past, p.quantity = in.past(), in.piecesPerJob()
	needs, err := in.needs()
	if err != nil {
		return nil, err
	}
	for _, parts := range needs {
		for _, need := range parts {
			p.asked[in.chains.Newest(need.Part)] = true
		}
	}
	if in.History != nil {
		for loc := range in.History.records {
			p.recorded[loc.part] = true
		}
	}
	p.stock, p.old = in.shelves()
	p.receipts, p.overdue, p.overrides = in.receipts(), in.overdue(), in.inForce()
	p.sourcing = in.Parameters.Sourcing()
	p.horizons, p.severities = in.Config.horizons(), in.severities()
	return p, nil
}

// shelves are the stocks by location, with those of superseded parts, and the
// stocks of superseded parts where some are left.
func (in *Input) shelves() (all, old map[location]presage.Stock) {
	all, old = map[location]presage.Stock{}, map[location]presage.Stock{}
	for _, s := range in.chains.Merge(in.Stock) {
		all[location{s.Part, s.DepotID}] = s
	}
	for _, s := range in.Stock {
		if in.chains.Replaced(s.Part) && (s.OnHand != 0 || s.Reserved != 0 || s.OnOrder != 0) {
			old[location{s.Part, s.DepotID}] = s
		}
	}
	return all, old
}

// inForce are the overrides that count today, the newest of each location.
func (in *Input) inForce() map[location]presage.DemandOverride {
	out := map[location]presage.DemandOverride{}
	for _, o := range in.Overrides {
		loc := location{in.chains.Newest(o.Part), o.DepotID}
		if known, ok := out[loc]; o.InForce(presage.DayOf(in.AsOf)) && (!ok || o.Newer(known)) {
			out[loc] = o
		}
	}
	return out
}

// weight is the share of the prognoses in the distribution of a part: all where there
// is not history, none where no prognosis can ask for it.
func (p *planner) weight(part string) float64 {
	switch {
	case !p.recorded[part]:
		return 1
	case !p.asked[part]:
		return 0
	default:
		return p.in.Weights.Of(part, &p.in.Config)
	}
}

// gather puts the parts' plans in the order of Planned.
func (p *planner) gather(plans []partPlan) Planned {
	var out Planned
	for level := range levelsOfPlaces {
		var rows []planned
		for _, plan := range plans {
			rows = append(rows, plan.levels[level]...)
		}
		slices.SortStableFunc(rows, func(a, b planned) int { return cmp.Compare(a.forecast.Part, b.forecast.Part) })
		for _, f := range rows {
			out.Forecasts = append(out.Forecasts, f.forecast)
			out.Weeks = append(out.Weeks, f.weeks)
		}
	}
	for _, plan := range plans {
		out.Archive = append(out.Archive, plan.archived...)
	}
	return out
}
