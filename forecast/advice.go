package forecast

import (
	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// reviewDays is how often the plan is made: an order can be late by as much.
const reviewDays = 1

// policy is the configured one.
func (c Config) policy() stock.Policy {
	p := stock.DefaultPolicy()
	p.Kind, p.ReviewDays, p.CoverDays = c.Policy, reviewDays, c.CoverDays
	p.Target = c.ServiceLevel
	if c.Policy == stock.FillRate {
		p.Target = c.FillRate
	}
	p.Shortage, p.Holding = c.ShortageCost, c.HoldingCost/365 // of a piece for a day, in prices
	return p
}

// advise fills in what to order and to move, of a part whose forecasts at the
// depots stand in rows: transfers between depots come before orders.
func (p *planner) advise(spots []*spot, rows []planned) error {
	if len(spots) == 0 {
		return nil
	}
	row := p.row(spots[0].loc.part)
	locations, offers := make([]stock.Place, len(spots)), make([][]offer, len(spots))
	for i, s := range spots {
		f := &rows[i].forecast
		f.Stock = p.stock[s.loc]
		f.Stock.Part, f.Stock.DepotID = s.loc.part, s.loc.depot
		var err error
		if offers[i], err = p.offers(row, s, f); err != nil {
			return err
		}
		a := offers[i][0].advice
		locations[i] = stock.Place{
			Depot: s.loc.depot, Region: f.Region, Stock: f.Stock, Levels: a.Levels, During: a.During,
		}
	}
	var moves []presage.Transfer
	if !p.in.Config.AutoOrder { // a transfer takes a person; what is ordered by itself does not wait for one
		moves = stock.Transfers(locations, stock.DefaultTransferRule())
	}
	for i, s := range spots {
		a, err := p.choose(offers[i], stock.Net(moves, s.loc.depot))
		if err != nil {
			return err
		}
		a.Class, a.Severity, a.Parameters = p.class(s.loc.part), p.severities[s.loc.part], offers[i][0].by.given
		a.Supersedes, a.Transfers = p.in.chains.Olds(s.loc.part), movesOf(moves, s.loc.depot)
		f := &rows[i].forecast
		f.Advice, f.ReorderPoint, f.OrderNow = a.ReorderAdvice, a.Levels.ReorderPoint, a.Order
		f.Advice.Overdue = p.overdue[s.loc]
	}
	return nil
}

// wait is how long an order of the next review waits until the supplier dispatches.
func (p *planner) wait(supplier string) int {
	return p.sourcing.Wait(supplier, p.in.AsOf.AddDate(0, 0, reviewDays))
}

// row is the part's row of the catalogue; one that has none is bought by the piece.
func (p *planner) row(part string) presage.Part {
	if row, err := p.in.Catalogue.Part(part); err == nil {
		return row
	}
	return presage.Part{Number: part, PackSize: 1}
}

func (p *planner) shelf(s *spot, f *presage.PartForecast, by under, lead stock.LeadTime) (stock.Shelf, error) {
	over, err := p.over(s, f.Override)
	shelf := stock.Shelf{
		Stock: f.Stock, Lead: lead, Lot: by.lot, Bounds: by.bounds, Over: over, Receipts: p.receipts[s.loc],
	}
	if s.record != nil && s.weight < 1 && f.Override == nil {
		shelf.Ended = s.record.obsolete
	}
	return shelf, err
}

// movesOf are the transfers from or to the depot.
func movesOf(moves []presage.Transfer, depot string) []presage.Transfer {
	var out []presage.Transfer
	for _, t := range moves {
		if t.From == depot || t.To == depot {
			out = append(out, t)
		}
	}
	return out
}

// over is the distribution of what no booking has reserved pieces for, as the planner
// sees it: scaled by one factor, for all numbers of days, such that the mean of
// the override's days is the planner's.
func (p *planner) over(s *spot, o *presage.DemandOverride) (stock.Over, error) {
	model := func(days int) (spanDemand, error) { return p.demandIn(s, span{0, float64(days)}, false) }
	if o == nil {
		return func(days int) (fleet.Distribution, error) {
			l, err := model(days)
			if err != nil {
				return fleet.Distribution{}, err
			}
			return l.open(s.weight), nil
		}, nil
	}
	base, err := model(o.Days)
	if err != nil {
		return nil, err
	}
	wanted, mean := max(0, o.Mean-base.means[0]), base.openMean(s.weight)
	return func(days int) (fleet.Distribution, error) {
		if mean <= 0 { // the model has nothing to scale: pieces come one by one
			return fleet.NegativeBinomial(1e6, wanted*float64(days)/float64(o.Days))
		}
		l, err := model(days)
		if err != nil {
			return fleet.Distribution{}, err
		}
		return rescaled(l.open(s.weight), wanted/mean), nil
	}, nil
}

// total sums up what is advised at the depots chosen.
func total(f *presage.PartForecast, depots []planned, here func(presage.PartForecast) bool) {
	f.Stock.Part = f.Part
	for _, d := range depots {
		if !here(d.forecast) {
			continue
		}
		one := d.forecast
		f.Stock.OnHand += one.Stock.OnHand
		f.Stock.Reserved += one.Stock.Reserved
		f.Stock.OnOrder += one.Stock.OnOrder
		f.ReorderPoint += one.ReorderPoint
		f.OrderNow += one.OrderNow
		a, b := &f.Advice, one.Advice
		a.Policy, a.Target, a.LeadTimeDays, a.LeadTimeP90 = b.Policy, b.Target, b.LeadTimeDays, b.LeadTimeP90
		a.WaitDays, a.Supplier = b.WaitDays, b.Supplier
		a.Supersedes, a.Class, a.Severity = b.Supersedes, b.Class, b.Severity
		a.Position += b.Position
		a.OrderUpTo += b.OrderUpTo
		a.Excess += b.Excess
		a.Overdue += b.Overdue
		a.Missing += b.Missing
		a.StockOutRisk = max(a.StockOutRisk, b.StockOutRisk)
		a.Obsolete = max(a.Obsolete, b.Obsolete)
		a.Cost = presage.Money{Minor: a.Cost.Minor + b.Cost.Minor, Currency: b.Cost.Currency}
		a.ExcessValue = presage.Money{Minor: a.ExcessValue.Minor + b.ExcessValue.Minor, Currency: b.ExcessValue.Currency}
	}
	f.Advice.DaysOfSupply = stock.DaysOfSupply(f.Stock.OnHand-f.Stock.Reserved, f.Mean/float64(f.HorizonDays))
}
