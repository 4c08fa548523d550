package forecast

import (
	"cmp"
	"slices"

	"presage"
	"presage/forecast/stock"
)

// offer is a part at a depot as one supplier would fill the shelf.
type offer struct {
	supplier string
	by       under
	shelf    stock.Shelf
	advice   stock.Advice
	year     float64 // cost, minor units
}

// offers are those of all suppliers of a part, that of the least cost of a year first; one without
// a name where nobody is known. Each keeps the service level, by its own levels.
func (p *planner) offers(row presage.Part, s *spot, f *presage.PartForecast) ([]offer, error) {
	sources := p.sourcing.Of(row.Number)
	if len(sources) == 0 {
		sources = []presage.Source{{}}
	}
	out := make([]offer, len(sources))
	for i, source := range sources {
		terms := source.Terms(row)
		lead, err := p.in.Leads.of(terms, source.Supplier, &p.in.Config)
		if err != nil {
			return nil, err
		}
		o := offer{supplier: source.Supplier, by: p.under(terms, s.loc)}
		if o.shelf, err = p.shelf(s, f, o.by, lead); err != nil {
			return nil, err
		}
		o.shelf.Cost, o.shelf.WaitDays = terms.Cost, p.wait(source.Supplier)
		if o.advice, err = o.by.policy.Advise(o.shelf); err != nil {
			return nil, err
		}
		o.year = o.by.policy.Year(o.advice, o.shelf, p.in.Config.HoldingCost)
		out[i] = o
	}
	slices.SortStableFunc(out, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.year, b.year), cmp.Compare(a.shelf.Lead.Mean(), b.shelf.Lead.Mean()))
	})
	return out, nil
}

// choose completes the advice of the first of a part's offers, at whose levels the shelf is planned:
// what it orders, after net more pieces by transfers, comes from the offer whose price and pieces
// missing until it is here cost least.
func (p *planner) choose(offers []offer, net int) (stock.Advice, error) {
	usual := offers[0]
	a := usual.advice.Expecting(net, usual.shelf)
	a.Supplier = usual.supplier
	if len(offers) == 1 {
		return a, nil
	}
	best, least := 0, 0.0
	need := float64(a.Levels.Need(a.Position + net))
	for i, o := range offers {
		row := presage.SourceAdvice{
			Supplier: o.supplier, Price: o.shelf.Cost,
			LeadTimeDays: o.shelf.Lead.Mean(), LeadTimeP90: o.shelf.Lead.Quantile(0.9),
			WaitDays: p.sourcing.Wait(o.supplier, p.in.AsOf), ReorderPoint: o.advice.Levels.ReorderPoint,
			YearCost: presage.Money{Minor: stock.Minor(o.year), Currency: o.shelf.Cost.Currency},
		}
		if a.Order > 0 {
			var err error
			o.shelf.Stock.OnHand += net
			if row.StockOutRisk, row.Missing, err = o.by.policy.Today(o.shelf, row.WaitDays); err != nil {
				return a, err
			}
			days := usual.shelf.Lead.Mean() + float64(p.in.Config.CoverDays)
			cost := float64(o.shelf.Cost.Minor)*need +
				row.Missing*usual.by.policy.Lack(usual.shelf.Cost.Minor, p.in.Config.HoldingCost, days)
			if i == 0 || cost < least {
				best, least = i, cost
			}
		}
		a.Sources = append(a.Sources, row)
	}
	a.Sources[best].Why = presage.SourceCheapest
	if best > 0 {
		o := offers[best]
		a.Supplier, a.Sources[best].Why = o.supplier, presage.SourceUrgent
		a.Order = a.Levels.Order(a.Position+net, o.by.lot)
		a.Cost = stock.Value(a.Order, o.shelf.Cost)
	}
	return a, nil
}
