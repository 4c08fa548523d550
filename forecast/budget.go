package forecast

import (
	"context"
	"math"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// StockBudget is the best fill for the money over the parts and depots of the filter, and the
// curve that it lies on. See Budget.
func (d *Desk) StockBudget(ctx context.Context, f presage.ForecastFilter, money presage.Money,
	price func(part string) presage.Money,
) (presage.StockBudget, error) {
	f.Level = presage.LevelDepot
	return Budget(money, price, func(add func(presage.PartForecast) error) error {
		return d.EachPlanRow(ctx, f, nil, add)
	})
}

// Budget finds the stock levels with the highest fill for the money, in minor units, over the
// depots' forecasts that rows hands over; below 0 for as much as the plan's own levels bind. Parts
// without a price in the money's currency are left out. A part that mends a failure of severity
// safety keeps its reorder point at least, whatever the money.
func Budget(money presage.Money, price func(part string) presage.Money,
	rows func(add func(presage.PartForecast) error) error,
) (presage.StockBudget, error) {
	b := budget{StockBudget: presage.StockBudget{Currency: money.Currency, Money: money.Minor}}
	err := rows(func(row presage.PartForecast) error { return b.add(row, price(row.Part)) })
	if err == nil {
		b.spend()
	}
	return b.StockBudget, err
}

// budget gathers shelves.
type budget struct {
	presage.StockBudget

	candidates []stock.Candidate
	mean       float64 // pieces asked for on all shelves
}

// add enters the shelf of a forecast; one that nobody asks at costs nothing and serves nobody.
func (b *budget) add(f presage.PartForecast, price presage.Money) error {
	if f.Advice.ReplacedBy != "" {
		return nil // it is not bought any more
	}
	if price.Minor <= 0 || price.Currency != b.Currency {
		b.LeftOut++
		return nil
	}
	during, err := overLead(f)
	if err != nil || during.Mean() == 0 {
		return err
	}
	b.Shelves++
	shelf := stock.Candidate{During: during, Price: price.Minor}
	if f.Advice.Severity == presage.Safety {
		shelf.Least = f.ReorderPoint
	}
	b.candidates = append(b.candidates, shelf)
	b.Items = append(b.Items, presage.BudgetLevel{
		Part: f.Part, DepotID: f.DepotID, Region: f.Region, Planned: max(f.Advice.OrderUpTo, 0), Price: price,
	})
	return nil
}

// A point of the curve is kept when it fills so much more than the one before, or is worth so many
// times as much: a few hundred in all.
const (
	curveStep   = 1.0 / 200
	curveFactor = 1.1
)

// spend finds the levels and the curve.
func (b *budget) spend() {
	short := 0.0
	for i, c := range b.candidates {
		b.mean += c.During.Mean()
		pieces, _ := stock.Short(c.During, b.Items[i].Planned)
		short += pieces
		b.Planned.Value += c.Price * int64(b.Items[i].Planned)
	}
	if b.Money < 0 {
		b.Money = b.Planned.Value
	}
	b.Planned.Fill = b.fill(short)
	must := stock.Spend(b.candidates, 0, func(int64, float64) {})
	b.Curve = []presage.BudgetPoint{{Value: must.Value, Fill: b.fill(must.Short)}}
	var last presage.BudgetPoint
	a := stock.Spend(b.candidates, b.Money, func(value int64, short float64) {
		last = presage.BudgetPoint{Value: value, Fill: b.fill(short)}
		before := b.Curve[len(b.Curve)-1]
		if last.Fill-before.Fill >= curveStep || float64(last.Value) >= curveFactor*float64(before.Value) {
			b.Curve = append(b.Curve, last)
		}
	})
	if last.Value > b.Curve[len(b.Curve)-1].Value {
		b.Curve = append(b.Curve, last)
	}
	b.Best = presage.BudgetPoint{Value: a.Value, Fill: b.fill(a.Short)}
	for i, level := range a.Levels {
		b.Items[i].Pieces = level
	}
}

// fill is the share that is served; 1 where nobody asks.
func (b *budget) fill(short float64) float64 {
	if b.mean == 0 {
		return 1
	}
	const exact = 1e12 // sums of probabilities say no more
	return math.Round(min(max(1-short/b.mean, 0), 1)*exact) / exact
}

// overLead is the demand of the mean lead time and the days until the next review, as a negative
// binomial count of the mean and spread that the plan's horizons give: between two horizons mean and
// variance run straight, past the last they keep their relation.
func overLead(f presage.PartForecast) (fleet.Distribution, error) {
	days := f.Advice.LeadTimeDays + float64(f.Advice.WaitDays) + reviewDays
	var before, at presage.DemandStep
	for _, h := range f.Horizons {
		before, at = at, h
		if float64(h.Days) >= days {
			break
		}
	}
	if at.Days == 0 {
		at = presage.DemandStep{Days: f.HorizonDays, Mean: f.Mean, StdDev: f.StdDev}
	}
	mean, variance := at.Mean*days/float64(at.Days), at.StdDev*at.StdDev*days*days/float64(at.Days)/float64(at.Days)
	if float64(at.Days) >= days {
		share := (days - float64(before.Days)) / float64(at.Days-before.Days)
		mean = before.Mean + share*(at.Mean-before.Mean)
		variance = (1-share)*before.StdDev*before.StdDev + share*at.StdDev*at.StdDev
	}
	if !(mean > 0) {
		return fleet.Point(0), nil
	}
	const even = 1e6 // the shape of a count that spreads no more than Poisson's
	shape := even
	if variance > mean {
		shape = min(mean*mean/(variance-mean), even)
	}
	return fleet.NegativeBinomial(shape, mean)
}
