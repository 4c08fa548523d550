package apitest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"presage"
)

// planHorizon is the horizon of the forecasts in days.
const planHorizon = 30

// spread is the variance of every demand by its mean.
const spread = 1.6

// partPlan is what is invented about a part at the first depot.
type partPlan struct {
	mean    float64 // pieces in 30 days
	weight  float64 // of the fleet
	weeks   int     // of history; 0 for a part that is new
	stock   [3]int  // on hand by depot
	replace string  // an old part's number
}

func partPlans() map[string]partPlan {
	return map[string]partPlan{
		"BP-F-2041":   {mean: 44, weight: .81, weeks: 40, stock: [3]int{9, 26, 3}},
		"BP-R-2042":   {mean: 23.4, weight: .74, weeks: 40, stock: [3]int{37, 4, 14}, replace: "BP-R-2040"},
		"LB-12-60AGM": {mean: 14.7, weight: .66, weeks: 36, stock: [3]int{12, 14, 1}},
		"HV-MOD-08S":  {mean: .6, weight: .52, weeks: 40, stock: [3]int{2, 1, 1}},
		"TY-PATCH-06": {mean: 6.2, weight: .35, weeks: 40, stock: [3]int{22, 310, 8}},
		"SA-F-3310":   {mean: 3.1, weight: 1, stock: [3]int{0, 4, 2}},
		"CF-CAB-118":  {mean: 52, weight: 0, weeks: 26, stock: [3]int{14, 71, 58}},
	}
}

// addPlan makes the outlook of every part at every depot.
func (w *World) addPlan() {
	plans, share := partPlans(), []float64{1, .62, .27}
	for _, part := range w.catalogue.Parts {
		for j, d := range w.depots {
			p := plans[part.Number]
			p.mean *= share[j]
			o := presage.PartOutlook{Forecast: w.planned(part, d, p, p.stock[j])}
			drivers := o.Forecast.Drivers
			for k := range 13 {
				o.Weeks = append(o.Weeks, step(k*7, 7, weekly(drivers, k)))
			}
			for k := range p.weeks {
				rate := p.mean * 7 / 30 * (1 + .25*math.Sin(float64(k)/6))
				o.History = append(o.History, presage.DemandWeek{
					From: presage.DayOf(w.now) - presage.Day(7*(p.weeks-k)), Pieces: w.count(rate),
				})
			}
			if p.weeks > 0 {
				o.Past = w.past(part.Number, d.ID, p)
			}
			w.outlooks = append(w.outlooks, o)
		}
	}
	five := 60.0
	for i, o := range w.outlooks {
		if f := o.Forecast; f.Part == "BP-F-2041" && f.DepotID == "d-east" {
			w.outlooks[i].Past[10].Override, w.outlooks[i].Past[11].Override = &five, &five
		}
	}
	w.overrides = []presage.DemandOverride{{
		ID: 1, Part: "BP-F-2041", DepotID: "d-east", Mean: 58, Days: 30, Until: presage.DayOf(w.now) + 40,
		By: "Zhao Min", Why: "Campaign at the Pudong centre <b>from Monday</b>", CreatedAt: w.now.AddDate(0, 0, -3),
	}}
}

func (w *World) planned(part presage.Part, d presage.Depot, p partPlan, onHand int) presage.PartForecast {
	f := presage.PartForecast{
		Part: part.Number, DepotID: d.ID, Region: d.Region, AsOf: w.now.Add(-4 * time.Hour), HorizonDays: planHorizon,
		Class: []string{"lumpy", "intermittent", "erratic", "smooth"}[min(int(p.mean/5), 3)],
		Mean:  p.mean, StdDev: math.Sqrt(p.mean * spread), Quantiles: Quantiles(p.mean), FleetWeight: p.weight,
		Stock: presage.Stock{DepotID: d.ID, Part: part.Number, OnHand: onHand, Reserved: int(p.mean / 8), OnOrder: w.pick(2) * part.PackSize},
	}
	booked := 0.0
	if p.weight > 0 {
		booked = math.Round(p.mean * .2)
		f.Drivers = append(f.Drivers, presage.DemandDriver{Name: "booked", Mean: booked, Vehicles: int(booked)},
			presage.DemandDriver{Name: "predicted", Mean: (p.mean - booked) * p.weight * .86, Vehicles: int(p.mean*14) + 3},
			presage.DemandDriver{Name: "unpredicted", Mean: (p.mean - booked) * p.weight * .14})
	}
	if p.weight < 1 {
		f.Drivers = append(f.Drivers, presage.DemandDriver{Name: "history", Mean: (p.mean - booked) * (1 - p.weight)})
	}
	for _, days := range []int{7, 14, planHorizon, 60, 90} {
		f.Horizons = append(f.Horizons, step(0, days, scaled(f.Drivers, float64(days)/planHorizon)))
	}
	lead := float64(part.LeadTimeDays)
	over := Quantiles(p.mean * lead / 30)
	f.ReorderPoint = int(over["0.95"])
	a := presage.ReorderAdvice{
		Policy: "fill_rate", Target: .97, Position: onHand + f.Stock.OnOrder - f.Stock.Reserved, LeadTimeDays: lead,
		LeadTimeP90: lead * 1.4, OrderUpTo: f.ReorderPoint + int(math.Ceil(p.mean/2)), Obsolete: .02,
		DaysOfSupply: float64(onHand) / p.mean * 30, Cost: presage.Money{Currency: "CNY"},
		ExcessValue: presage.Money{Currency: "CNY"},
	}
	a.StockOutRisk = 1 - atMost(p.mean*lead/30, a.Position-1)
	a.Missing = a.StockOutRisk * (1 + p.mean*lead/120)
	if a.Position < f.ReorderPoint {
		f.OrderNow = (a.OrderUpTo - a.Position + part.PackSize - 1) / part.PackSize * part.PackSize
		a.Cost.Minor = int64(f.OrderNow) * part.Cost.Minor
	}
	if a.Excess = max(0, onHand-int(Quantiles(p.mean * 12)["0.95"])); a.Excess > 0 {
		a.ExcessValue.Minor, a.Obsolete = int64(a.Excess)*part.Cost.Minor, .31
		a.Transfers = []presage.Transfer{{From: d.ID, To: "d-suzhou", Pieces: 12}}
	}
	if part.Number == w.catalogue.Parts[0].Number {
		a.Supplier, a.Sources = "nordbrake", sourcesOf(part)
	}
	if p.replace != "" {
		a.Supersedes = []string{p.replace}
	}
	f.Advice = a
	return f
}

// sourcesOf are two suppliers of a part: one costs less, the other is sooner and chosen.
func sourcesOf(part presage.Part) []presage.SourceAdvice {
	lead, price := float64(part.LeadTimeDays), part.Cost
	price.Minor += price.Minor / 10
	return []presage.SourceAdvice{
		{
			Supplier: "eastparts", Price: part.Cost, LeadTimeDays: 3 * lead, LeadTimeP90: 4 * lead, WaitDays: 2, ReorderPoint: 21,
			YearCost: presage.Money{Minor: 200 * part.Cost.Minor, Currency: price.Currency}, Missing: 2.4, StockOutRisk: .6,
		},
		{
			Supplier: "nordbrake", Price: price, LeadTimeDays: lead, LeadTimeP90: 1.4 * lead, ReorderPoint: 12,
			YearCost: presage.Money{Minor: 200 * price.Minor, Currency: price.Currency}, Missing: .3, StockOutRisk: .2,
			Why: presage.SourceUrgent,
		},
	}
}

// past is twelve forecasts a week apart, the newest just over.
func (w *World) past(part, depot string, p partPlan) []presage.PastForecast {
	var out []presage.PastForecast
	for k := range 12 {
		mean := p.mean * (1 + .1*math.Sin(float64(k)))
		q := Quantiles(mean)
		x := presage.PastForecast{
			Part: part, DepotID: depot, AsOf: w.now.AddDate(0, 0, -planHorizon-7*(11-k)), HorizonDays: planHorizon,
			Mean: mean, P10: q["0.1"], P50: q["0.5"], P90: q["0.9"], Actual: w.count(p.mean * (.7 + .6*w.rnd.Float64())),
		}
		x.RPS = math.Abs(float64(x.Actual)-x.Mean) * .7
		x.FleetRPS, x.HistoryRPS = x.RPS*1.12+.1, x.RPS*1.34+.2
		out = append(out, x)
	}
	return out
}

// weekly is the drivers' share of a week: booked visits come early.
func weekly(drivers []presage.DemandDriver, week int) []presage.DemandDriver {
	out := scaled(drivers, 7.0/planHorizon)
	for i, d := range out {
		if d.Name == "booked" {
			out[i].Mean *= max(0, 2-.5*float64(week))
		}
	}
	return out
}

func scaled(drivers []presage.DemandDriver, by float64) []presage.DemandDriver {
	out := slices.Clone(drivers)
	for i := range out {
		out[i].Mean *= by
	}
	return out
}

func step(from, days int, drivers []presage.DemandDriver) presage.DemandStep {
	s := presage.DemandStep{FromDay: from, Days: days, Drivers: drivers}
	for _, d := range drivers {
		s.Mean += d.Mean
	}
	s.Quantiles = Quantiles(s.Mean)
	return s
}

// Quantiles are those of a negative binomial demand with the mean.
func Quantiles(mean float64) map[string]float64 {
	out := map[string]float64{}
	for _, level := range []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} {
		k := 0
		for atMost(mean, k) < level {
			k++
		}
		out[strconv.FormatFloat(level, 'g', -1, 64)] = float64(k)
	}
	return out
}

// atMost is the probability of at most k pieces.
func atMost(mean float64, k int) float64 {
	r := mean / (spread - 1)
	p, sum := math.Pow(1/spread, r), 0.0
	for i := range k + 1 {
		sum += p
		p *= (float64(i) + r) / float64(i+1) * (1 - 1/spread)
	}
	return sum
}

// count draws a Poisson number (Knuth's product of uniforms).
func (w *World) count(mean float64) int {
	n, p := 0, w.rnd.Float64()
	for limit := math.Exp(-mean); p > limit; n++ {
		p *= w.rnd.Float64()
	}
	return n
}

// sum adds outlooks of one part up.
func sum(part, region string, rows []presage.PartOutlook) presage.PartOutlook {
	var all presage.PartOutlook
	drivers := map[string]presage.DemandDriver{}
	f := presage.PartForecast{Part: part, Region: region, HorizonDays: planHorizon, Stock: presage.Stock{Part: part}}
	for _, o := range rows {
		x := o.Forecast
		f.AsOf, f.FleetWeight = x.AsOf, x.FleetWeight
		f.Stock.OnHand += x.Stock.OnHand
		f.Stock.Reserved += x.Stock.Reserved
		f.Stock.OnOrder += x.Stock.OnOrder
		f.OrderNow += x.OrderNow
		for _, d := range x.Drivers {
			drivers[d.Name] = presage.DemandDriver{
				Name: d.Name, Mean: drivers[d.Name].Mean + d.Mean, Vehicles: drivers[d.Name].Vehicles + d.Vehicles,
			}
		}
		if all.History == nil {
			all.History = make([]presage.DemandWeek, len(o.History))
		}
		for k, h := range o.History {
			all.History[k].From, all.History[k].Pieces = h.From, all.History[k].Pieces+h.Pieces
		}
	}
	for _, name := range []string{"booked", "predicted", "unpredicted", "history"} {
		if d, ok := drivers[name]; ok {
			f.Drivers = append(f.Drivers, d)
		}
	}
	for k := range 13 {
		all.Weeks = append(all.Weeks, step(k*7, 7, weekly(f.Drivers, k)))
	}
	for _, days := range []int{7, 14, planHorizon, 60, 90} {
		f.Horizons = append(f.Horizons, step(0, days, scaled(f.Drivers, float64(days)/planHorizon)))
	}
	f.Mean, f.Quantiles = f.Horizons[2].Mean, maps.Clone(f.Horizons[2].Quantiles)
	f.StdDev = math.Sqrt(f.Mean * spread)
	all.Forecast = f
	return all
}

// unplanned is the error for a part or depot without a forecast.
func unplanned(part, depot, region string) error {
	return fmt.Errorf("part %s at %q in %q: %w", part, depot, region, presage.ErrNotFound)
}
