package forecast

import (
	"maps"
	"math"
	"slices"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// levelsOfPlaces are depot, region, everywhere.
const levelsOfPlaces = 3

// partPlan is the plan of one part.
type partPlan struct {
	number    string
	unchanged bool // since the plan before, AsOf apart; nothing else is said
	levels    [levelsOfPlaces][]planned
	archived  []presage.ArchivedForecast
}

// rows are those of all levels, as they are kept.
func (p *partPlan) rows() presage.PlannedRows {
	out := presage.PlannedRows{Part: p.number, Unchanged: p.unchanged}
	for _, level := range p.levels {
		for _, one := range level {
			out.Rows = append(out.Rows, presage.PlannedPart{Forecast: one.forecast, Weeks: one.weeks})
		}
	}
	return out
}

// classNew is the class of a part that has no record of its own yet.
const classNew = "new"

func (s *spot) class() string {
	if s.record == nil {
		return classNew
	}
	return s.record.class.String()
}

type planned struct {
	forecast presage.PartForecast
	weeks    []presage.DemandStep
}

// spans of a forecast: the horizons, then the weeks ahead.
func (p *planner) spans() []span {
	out := make([]span, 0, len(p.horizons)+weeksAhead)
	for _, days := range p.horizons {
		out = append(out, span{0, float64(days)})
	}
	for week := range weeksAhead {
		out = append(out, span{7 * float64(week), 7 * float64(week+1)})
	}
	return out
}

// part plans a part at all levels.
func (p *planner) part(part string, depots []string) (partPlan, error) {
	out := partPlan{number: part}
	weight := p.weight(part)
	spans := p.spans()
	regions := map[string][]spanDemand{}
	spots := make([]*spot, 0, len(depots))
	for _, depot := range depots {
		s := p.spot(location{part, depot})
		spots = append(spots, s)
		demands := make([]spanDemand, len(spans))
		for i, in := range spans {
			l, err := p.demandIn(s, in, p.in.Archive && in == span{0, float64(p.in.Config.HorizonDays)})
			if err != nil {
				return out, err
			}
			demands[i] = l
		}
		region := p.in.Regions[depot]
		f := p.level(part, weight, demands)
		f.forecast.DepotID, f.forecast.Region, f.forecast.Class = depot, region, s.class()
		if o, ok := p.overrides[s.loc]; ok {
			f.forecast.Override = &o
		}
		out.levels[0] = append(out.levels[0], f)
		if p.in.Archive {
			out.archived = append(out.archived, p.archived(s, f.forecast, demands))
		}
		regions[region] = plus(regions[region], demands)
	}
	if err := p.advise(spots, out.levels[0]); err != nil {
		return out, err
	}
	var all []spanDemand
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		all = plus(all, regions[region])
		if region == "" {
			continue
		}
		f := p.level(part, weight, regions[region])
		f.forecast.Region = region
		total(&f.forecast, out.levels[0], func(d presage.PartForecast) bool { return d.Region == region })
		out.levels[1] = append(out.levels[1], f)
	}
	if len(all) > 0 {
		f := p.level(part, weight, all)
		total(&f.forecast, out.levels[0], func(presage.PartForecast) bool { return true })
		out.levels[2] = append(out.levels[2], f)
	}
	p.replaced(part, depots, &out)
	return out, nil
}

// replaced adds the parts that this one stands for where some are left: their
// demand is the new part's, and so is their stock, which is shown here too.
func (p *planner) replaced(part string, depots []string, out *partPlan) {
	nothing := make([]spanDemand, len(p.spans()))
	for i := range nothing {
		nothing[i] = spanDemand{booked: fleet.Point(0), others: fleet.Point(0), history: fleet.Point(0)}
	}
	for _, old := range p.in.chains.Olds(part) {
		for _, depot := range depots {
			left, ok := p.old[location{old, depot}]
			if !ok {
				continue
			}
			f := p.level(old, 0, nothing)
			f.forecast.DepotID, f.forecast.Region, f.forecast.Stock = depot, p.in.Regions[depot], left
			f.forecast.Advice = presage.ReorderAdvice{
				Policy: p.in.Config.Policy, Position: stock.Position(left), DaysOfSupply: -1, ReplacedBy: part,
			}
			out.levels[0] = append(out.levels[0], f)
		}
	}
}

// plus adds distributions span by span.
func plus(a, b []spanDemand) []spanDemand {
	if a == nil {
		return slices.Clone(b)
	}
	for i := range a {
		a[i] = a[i].plus(b[i])
	}
	return a
}

// level is the forecast by the distributions of one location, without what is advised.
func (p *planner) level(part string, weight float64, demands []spanDemand) planned {
	out := planned{forecast: presage.PartForecast{
		Part: part, AsOf: p.in.AsOf, HorizonDays: p.in.Config.HorizonDays, FleetWeight: weight,
	}}
	for i, days := range p.horizons {
		step, total := demands[i].step(weight)
		step.Days, step.Drivers = days, demands[i].drivers(weight)
		step.Mean = 0
		for _, d := range step.Drivers {
			step.Mean += d.Mean
		}
		f := &out.forecast
		f.Horizons = append(f.Horizons, step)
		if days == f.HorizonDays {
			f.Mean, f.Quantiles, f.Drivers = step.Mean, step.Quantiles, step.Drivers
			f.StdDev = math.Sqrt(total.Variance())
		}
	}
	for i, l := range demands[len(p.horizons):] {
		step, _ := l.step(weight)
		step.FromDay, step.Days = 7*i, 7
		out.weeks = append(out.weeks, step)
	}
	return out
}

// step is mean and quantiles of the distribution, booked visits included.
func (l spanDemand) step(weight float64) (presage.DemandStep, fleet.Distribution) {
	total := fleet.Convolve(l.open(weight), l.booked)
	s := presage.DemandStep{Mean: l.means[0] + l.openMean(weight), Quantiles: make(map[string]float64, len(levels()))}
	s.StdDev = math.Sqrt(total.Variance())
	for _, q := range levels() {
		s.Quantiles[QuantileKey(q)] = float64(total.Quantile(q))
	}
	return s, total
}

// archived is the distribution of the horizon, to be scored when it is over.
func (p *planner) archived(s *spot, f presage.PartForecast, demands []spanDemand) presage.ArchivedForecast {
	l := demands[slices.Index(p.horizons, f.HorizonDays)]
	out := presage.ArchivedForecast{
		Part: f.Part, DepotID: f.DepotID, AsOf: f.AsOf, HorizonDays: f.HorizonDays,
		Mean: f.Mean, FleetMean: l.means[0] + l.openMean(1), HistoryMean: l.means[0] + l.openMean(0),
	}
	keep(&out, fleet.Convolve(l.open(s.weight), l.booked),
		fleet.Convolve(l.open(1), l.booked), fleet.Convolve(l.open(0), l.booked))
	if o := f.Override; o != nil {
		mean := o.Mean * float64(f.HorizonDays) / float64(o.Days)
		out.Override = &mean
	}
	return out
}
