package forecast

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// The drivers of demand, by name.
const (
	DriverBooked      = "booked"
	DriverPredicted   = "predicted"
	DriverUnpredicted = "unpredicted"
)

// levels are the quantiles that a forecast carries.
func levels() []float64 { return []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} }

// QuantileKey is the key of a level in PartForecast.Quantiles: "0.1", "0.95".
func QuantileKey(level float64) string { return strconv.FormatFloat(level, 'g', -1, 64) }

// Plan forecasts every part at every depot, ordered by part, then depot. The
// same input gives the same plan, whatever the order of its rows. A fault in
// the configuration or the catalogue is an ErrInvalid or ErrNotFound.
func Plan(in Input) ([]presage.PartForecast, error) {
	if err := in.Config.Validate(); err != nil {
		return nil, err
	}
	p, err := newPlanner(&in)
	if err != nil {
		return nil, fmt.Errorf("plan parts: %w", err)
	}
	places := in.places()
	out := make([]presage.PartForecast, 0, len(places))
	for _, at := range places {
		f, err := p.forecast(at)
		if err != nil {
			return nil, fmt.Errorf("plan part %s at %s: %w", at.part, at.depot, err)
		}
		out = append(out, f)
	}
	return out, nil
}

// places are all parts at all depots, in order.
func (in *Input) places() []place {
	parts, depots := map[string]bool{}, map[string]bool{}
	for _, p := range in.Catalogue.Parts {
		parts[p.Number] = true
	}
	for _, s := range in.Stock {
		parts[s.Part], depots[s.DepotID] = true, true
	}
	for _, u := range in.Use {
		parts[u.Part], depots[u.DepotID] = true, true
	}
	for _, d := range in.Depots {
		depots[d] = true
	}
	for _, d := range in.WorkshopDepots {
		depots[d] = true
	}
	delete(depots, "")
	var out []place
	for part := range parts {
		for depot := range depots {
			out = append(out, place{part, depot})
		}
	}
	slices.SortFunc(out, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.depot, b.depot))
	})
	return out
}

type planner struct {
	in       *Input
	frailty  *fleet.Frailty
	ledger   *ledger
	past     past
	quantity map[string]int
	stock    map[place]presage.Stock
}

func newPlanner(in *Input) (*planner, error) {
	frailty, err := fleet.NewFrailty(in.Config.ScaleVariance)
	if err != nil {
		return nil, err
	}
	l, err := in.ledger()
	if err != nil {
		return nil, err
	}
	p := &planner{in: in, frailty: frailty, ledger: l, past: in.past(), quantity: in.piecesPerJob()}
	p.stock = make(map[place]presage.Stock, len(in.Stock))
	for _, s := range in.Stock {
		p.stock[place{s.Part, s.DepotID}] = s
	}
	return p, nil
}

// forecast plans one place.
func (p *planner) forecast(at place) (presage.PartForecast, error) {
	cfg := &p.in.Config
	horizon := float64(cfg.HorizonDays)
	predicted, vehicles := trials(p.ledger.predicted[at], horizon, cfg)
	booked, visits := trials(p.ledger.booked[at], horizon, cfg)
	rest := p.in.unpredictedAt(p.past.used[at], p.past.booked[at], fleet.Mean(predicted)/horizon,
		max(1, p.quantity[at.part]))

	open, err := p.open(at, rest, horizon)
	if err != nil {
		return presage.PartForecast{}, err
	}
	known, err := fleet.Sum(booked)
	if err != nil {
		return presage.PartForecast{}, err
	}
	demand := fleet.Convolve(open, known)
	f := presage.PartForecast{
		Part: at.part, DepotID: at.depot, AsOf: p.in.AsOf, HorizonDays: cfg.HorizonDays,
		StdDev: math.Sqrt(demand.Variance()), Quantiles: map[string]float64{},
		Drivers: []presage.DemandDriver{
			{Name: DriverBooked, Mean: fleet.Mean(booked), Vehicles: visits},
			{Name: DriverPredicted, Mean: fleet.Mean(predicted), Vehicles: vehicles},
			{Name: DriverUnpredicted, Mean: rest.mean(horizon)},
		},
		Stock: p.stock[at],
	}
	f.Stock.Part, f.Stock.DepotID = at.part, at.depot
	for _, d := range f.Drivers {
		f.Mean += d.Mean
	}
	for _, level := range levels() {
		f.Quantiles[QuantileKey(level)] = float64(demand.Quantile(level))
	}
	return f, p.order(&f, at, rest)
}

// open is the demand within the days that no booking has reserved parts for.
func (p *planner) open(at place, rest unpredicted, days float64) (fleet.Distribution, error) {
	predicted, _ := trials(p.ledger.predicted[at], days, &p.in.Config)
	failures, err := fleet.Shared(predicted, p.frailty)
	if err != nil {
		return fleet.Distribution{}, err
	}
	others, err := rest.over(days)
	if err != nil {
		return fleet.Distribution{}, err
	}
	return fleet.Convolve(failures, others), nil
}

// reviewDays is how often the plan is made: an order can be late by as much.
const reviewDays = 1

// order fills in the reorder advice.
func (p *planner) order(f *presage.PartForecast, at place, rest unpredicted) error {
	protect := leadDays(p.in.Catalogue, at.part, &p.in.Config) + reviewDays
	overLead, err := p.open(at, rest, float64(protect))
	if err != nil {
		return err
	}
	overCover, err := p.open(at, rest, float64(protect+p.in.Config.CoverDays))
	if err != nil {
		return err
	}
	levels, err := stock.LevelsFor(p.in.Config.ServiceLevel, overLead, overCover)
	if err != nil {
		return err
	}
	pack := 1
	if part, err := p.in.Catalogue.Part(at.part); err == nil {
		pack = part.PackSize
	}
	f.ReorderPoint = levels.ReorderPoint
	f.OrderNow = levels.Order(stock.Position(f.Stock), stock.Lot{Pack: pack})
	return nil
}

// leadDays is the part's lead time, the configured one when its row names none.
func leadDays(c *presage.Catalogue, part string, cfg *Config) int {
	if p, err := c.Part(part); err == nil && p.LeadTimeDays > 0 {
		return p.LeadTimeDays
	}
	return cfg.LeadTimeDays
}
