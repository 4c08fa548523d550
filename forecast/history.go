package forecast

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"presage"
	"presage/forecast/demand"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// History is the distribution of demand that the weekly record of parts used gives, per
// part and depot, whatever the cause. It is made once a week: it depends on
// whole ISO weeks alone.
type History struct {
	monday  presage.Day // of the week it was made in
	records map[location]record
	classes map[string]string // of parts, by value and variation
}

// record is what a location's history says of the weeks ahead.
type record struct {
	sums     []fleet.Distribution // of the first 1, 2, ... weeks
	weeks    []fleet.Distribution // of each week
	obsolete float64              // probability that the demand has ended for good
	class    demand.Class
}

// The record that the history's distribution is learnt from, in weeks.
const (
	longestRecord = 104
	// youngest is the age of a part below which it leans on the prognoses: two
	// months tell a rate of one a week to a third of itself.
	youngest = 8
	// weeksAhead are the single weeks forecast.
	weeksAhead = 13
	// mostFitted are the series that methods are fitted to and weighed by; the
	// others are only forecast: as many tell the shares of an assortment.
	mostFitted = 3000
	// furthest is the longest sum that is learnt; longer ones are stretched.
	furthest = 26
)

// Monday is the first day of the ISO week that holds the day.
func Monday(d presage.Day) presage.Day {
	// 1970-01-01, day 0, was a Thursday.
	return d - ((d+3)%7+7)%7
}

// For tells whether the history is that of the week of the day.
func (h *History) For(on presage.Day) bool { return h != nil && h.monday == Monday(on) }

// LearnHistory learns from the parts used before the ISO week of on; later
// rows count for nothing. Parts used are those of the whole record, in any
// order; a superseded part's use is its successor's. A part first used less
// order; a superseded part's use is its successor's. A part first used less
// than 8 weeks ago has no history; a depot younger than that has a short one.
// Errors are those of the catalogue, and of ctx.
func LearnHistory(ctx context.Context, use []presage.PartUse, c *presage.Catalogue, on presage.Day, cfg Config,
) (*History, error) {
	chains, err := chainsOf(c)
	if err != nil {
		return nil, err
	}
	h := &History{monday: Monday(on), records: map[location]record{}, classes: classesOf(use, chains, c, Monday(on))}
	series, locations := weekly(use, chains, h.monday)
	if len(series) == 0 {
		return h, nil
	}
	season := 0
	if len(series[0].Values) >= longestRecord {
		season = 52
	}
	records, fitted := make([]record, len(series)), sampled(series, mostFitted)
	learn := func(horizon int, cumulative bool, keep func(r *record, f demand.Forecast)) error {
		m, err := demand.Fit(ctx, fitted, demand.Options{
			Task:   demand.Task{Horizon: horizon, Cumulative: cumulative, Season: season, Seed: 1},
			Method: demand.Auto, Origins: 3, Apart: true, // the distributions alone are used
		})
		if err != nil {
			return fmt.Errorf("history of parts used: %w", err)
		}
		i := 0
		return m.Each(ctx, series, func(f demand.Forecast) error {
			keep(&records[i], f)
			i++
			return nil
		})
	}
	if err := learn(cfg.weeksOfSums(), true, func(r *record, f demand.Forecast) {
		r.sums, r.obsolete = distributionsOf(f.Steps), f.Obsolete
	}); err != nil {
		return nil, err
	}
	weekly := func(r *record, f demand.Forecast) { r.weeks = distributionsOf(f.Steps) }
	if err := learn(weeksAhead, false, weekly); err != nil {
		return nil, err
	}
	for i, loc := range locations {
		records[i].class = demand.Classify(series[i].Values)
		h.records[loc] = records[i]
	}
	return h, nil
}

// sampled are n of the series: one, drawn alike from run to run, of each n-th
// part of them. A fixed step could fall in with the number of depots.
func sampled(series []demand.Series, n int) []demand.Series {
	if len(series) <= n {
		return series
	}
	r := rand.New(rand.NewPCG(1, 1)) //nolint:gosec // a repeatable sample, no secret
	out := make([]demand.Series, n)
	for i := range out {
		first, end := i*len(series)/n, (i+1)*len(series)/n
		out[i] = series[first+r.IntN(end-first)]
	}
	return out
}

// weeksOfSums are the weeks that the longest horizon takes.
func (c Config) weeksOfSums() int {
	longest := max(c.HorizonDays, c.LeadTimeDays+reviewDays+c.CoverDays)
	for _, days := range c.Horizons {
		longest = max(longest, days)
	}
	return min((longest+6)/7, furthest)
}

func distributionsOf(steps []demand.Distribution) []fleet.Distribution {
	out := make([]fleet.Distribution, len(steps))
	for i, s := range steps {
		out[i] = fleet.FromCDF(s.Support, s.CDF).Cut(negligible)
	}
	return out
}

// negligible is the mass cut off a history's distribution at its upper end: such distributions
// are not known to more.
const negligible = 1e-9

// weekly are the series of the parts used before the week of monday, of each
// part that is old enough at every depot of the record. A part begins with its
// first piece at any depot, and a depot with its first piece of any part:
// before, there is no record, rather than no demand.
func weekly(use []presage.PartUse, chains stock.Chains, monday presage.Day) ([]demand.Series, []location) {
	first := map[string]presage.Day{} // of each part
	opened, start := map[string]presage.Day{}, monday
	pieces := map[location]map[int]float64{} // by weeks before monday: 1 is the last
	for _, u := range use {
		if u.Day >= monday || u.Quantity < 1 || u.DepotID == "" {
			continue
		}
		loc := location{chains.Newest(u.Part), u.DepotID}
		start = min(start, u.Day)
		earliest(first, loc.part, u.Day)
		earliest(opened, loc.depot, u.Day)
		if pieces[loc] == nil {
			pieces[loc] = map[int]float64{}
		}
		pieces[loc][int(monday-1-u.Day)/7+1] += float64(u.Quantity)
	}
	weeks := min(int(monday-start)/7, longestRecord) // a first week that began late is none
	var series []demand.Series
	var locations []location
	age := func(from presage.Day) int { return int(monday-1-from)/7 + 1 } // in weeks begun
	for _, loc := range locationsOf(first, opened) {
		if min(age(first[loc.part]), weeks) < youngest {
			continue
		}
		known := min(age(first[loc.part]), age(opened[loc.depot]), weeks)
		s := demand.Series{ID: loc.part + "\x00" + loc.depot, Values: make([]float64, weeks)}
		for i := range s.Values {
			if back := weeks - i; back > known {
				s.Values[i] = math.NaN()
			} else {
				s.Values[i] = pieces[loc][back]
			}
		}
		series, locations = append(series, s), append(locations, loc)
	}
	return series, locations
}

// earliest keeps the day if it is the key's first.
func earliest(days map[string]presage.Day, key string, day presage.Day) {
	if known, ok := days[key]; !ok || day < known {
		days[key] = day
	}
}

// placesOf are all the parts at all the depots, in order.
func locationsOf(parts, depots map[string]presage.Day) []location {
	out := make([]location, 0, len(parts)*len(depots))
	for _, part := range slices.Sorted(maps.Keys(parts)) {
		for _, depot := range slices.Sorted(maps.Keys(depots)) {
			out = append(out, location{part, depot})
		}
	}
	return out
}

// within is the distribution of the first so many days (> 0), of which a week has seven:
//
//	below a week    the first week's, each piece kept with days/7 (its days are alike)
//	between weeks   the mixture of the two weeks' distributions, by the days from each
//	beyond the last the last one's, stretched with its relative spread
//
// The mixture has the mean of the line between the weeks, is each week's distribution
// at its ends and grows with the days; its variance is too large by at most a
// quarter of a week's mean squared.
func (r record) within(days float64) fleet.Distribution {
	week := int(days / 7)
	switch rest := days/7 - float64(week); {
	case week >= len(r.sums):
		return rescaled(r.sums[len(r.sums)-1], days/7/float64(len(r.sums)))
	case week == 0:
		return r.sums[0].Thinned(days / 7)
	case rest == 0:
		return r.sums[week-1]
	default:
		return fleet.Mixture(r.sums[week-1:week+1], []float64{1 - rest, rest})
	}
}

// in is the distribution of a span: one of the first so many days, or a single week.
func (r record) in(s span) fleet.Distribution {
	if s.from == 0 {
		return r.within(s.to)
	}
	return r.weeks[min(int(s.from/7), len(r.weeks)-1)]
}

// rescaled is a demand of factor times d's mean and of the same relative
// excess of its variance over a Poisson count's: of the same process for more
// or fewer days at an unknown rate.
func rescaled(d fleet.Distribution, factor float64) fleet.Distribution {
	if factor <= 1 {
		return d.Thinned(factor)
	}
	mean := d.Mean()
	if mean == 0 {
		return fleet.Point(0)
	}
	shape := mean * mean / max(d.Variance()-mean, 1e-6*mean*mean)
	out, err := fleet.NegativeBinomial(shape, mean*factor)
	if err != nil { // a mean beyond all numbers
		return d
	}
	return out
}
