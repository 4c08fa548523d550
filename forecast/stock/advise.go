package stock

import (
	"fmt"
	"math"

	"presage"
	"presage/forecast/fleet"
)

// Shelf is one part at one depot.
type Shelf struct {
	Stock    presage.Stock // with the pieces of the parts it replaces
	Over     Over
	Lead     LeadTime
	WaitDays int // from the next review until the supplier dispatches, 0-400
	Lot      Lot
	Cost     presage.Money // purchase price of a piece
	Bounds   Bounds
	Receipts []Receipt // orders on their way, by day; optional
	Ended    float64   // probability that the demand has ended for good, [0, 1]
}

// Receipt is pieces on order that are expected.
type Receipt struct {
	Days   int // from now; below 1 is today
	Pieces int
}

// Advice is what to do about a shelf.
type Advice struct {
	presage.ReorderAdvice // without Transfers, Supersedes and ReplacedBy

	Levels Levels
	Order  int                // pieces to order now
	Fill   float64            // share of the demand served from the shelf in the long run
	During fleet.Distribution // demand of the protection interval
}

// excessLevel is the quantile of the excess horizon's demand that is kept.
const excessLevel = 0.95

// Advise is the policy's advice. It asks for the distributions of at most seven lead
// times, of the cover, of the days until each receipt, and, for a stock above
// its order-up-to level, of ExcessDays. An error is that of a distribution, or
// ErrInvalid for a policy or shelf out of range.
func (p Policy) Advise(s Shelf) (Advice, error) {
	if err := p.Validate(); err != nil {
		return Advice{}, err
	}
	if !(s.Ended >= 0 && s.Ended <= 1) {
		return Advice{}, fmt.Errorf("%w probability %v that the demand of %s at %s has ended: want it in [0, 1]",
			presage.ErrInvalid, s.Ended, s.Stock.Part, s.Stock.DepotID)
	}
	during, err := During(s.Over, s.Lead, p.ReviewDays+s.WaitDays)
	if err != nil {
		return Advice{}, err
	}
	quantity, err := p.quantity(s, during.Mean())
	if err != nil {
		return Advice{}, err
	}
	levels, err := p.Within(p.Levels(during, quantity), s.Bounds, during, s.Over)
	if err != nil {
		return Advice{}, err
	}
	a := Advice{Levels: levels, During: during}
	a.Fill = Fill(during, a.Levels)
	risk, missing, err := p.risk(during, s)
	if err != nil {
		return a, err
	}
	excess, err := p.excess(s, a.Levels)
	if err != nil {
		return a, err
	}
	a.Position = Position(s.Stock)
	a.Order = a.Levels.Order(a.Position, s.Lot)
	a.ReorderAdvice = presage.ReorderAdvice{
		Policy: p.Kind, Target: p.Ratio(), Position: a.Position, OrderUpTo: a.Levels.OrderUpTo,
		LeadTimeDays: s.Lead.Mean(), LeadTimeP90: s.Lead.Quantile(0.9), WaitDays: s.WaitDays,
		StockOutRisk: risk, Missing: missing, DaysOfSupply: DaysOfSupply(free(s.Stock), a.During.Mean()/p.protects(s)),
		Cost: Value(a.Order, s.Cost), Excess: excess, ExcessValue: Value(excess, s.Cost), Obsolete: s.Ended,
	}
	return a, nil
}

// Expecting is the advice for the shelf when so many more pieces are to come,
// less those to go, by transfers: only the order changes. Everything else is
// about what stands there, for nobody has moved anything yet.
func (a Advice) Expecting(net int, s Shelf) Advice {
	a.Order = a.Levels.Order(a.Position+net, s.Lot)
	a.Cost = Value(a.Order, s.Cost)
	return a
}

// protects is the mean length of the protection interval, in days: until the next review, until
// what is ordered there is dispatched, and until that is here.
func (p Policy) protects(s Shelf) float64 { return float64(p.ReviewDays+s.WaitDays) + s.Lead.Mean() }

// quantity is the least order worth placing: what the cover days will take
// after the protection interval, as the supplier sells it.
func (p Policy) quantity(s Shelf, mean float64) (int, error) {
	need, protect := 1.0, p.protects(s)
	if p.CoverDays > 0 {
		days := int(math.Round(protect)) + p.CoverDays
		law, err := at(s.Over, days)
		if err != nil {
			return 0, err
		}
		perDay := (law.Mean() - mean) / (float64(days) - protect)
		need = math.Ceil(perDay*float64(p.CoverDays) - rounding)
	}
	return s.Lot.Round(int(min(max(need, 1), maxCells))), nil
}

// risk is the probability that a piece is asked for in vain before an order
// placed today could have arrived, and how many are in the mean: no order of today helps before the end of
// the protection interval. With receipts it is looked at before each of them
// too, and those due later do not count; what is on order without a receipt
// counts as coming in time. The largest of these
// probabilities is a lower bound of that of their union, and close to it as
// they are nested but for the receipts. The same holds of the pieces.
func (p Policy) risk(during fleet.Distribution, s Shelf) (worst, missing float64, err error) {
	late := 0
	for _, r := range s.Receipts {
		if float64(r.Days) >= p.protects(s) {
			late += r.Pieces
		}
	}
	missing, worst = Short(during, Position(s.Stock)-late)
	have := free(s.Stock)
	for _, r := range s.Receipts {
		if float64(r.Days) >= p.protects(s) {
			break
		}
		law, err := at(s.Over, r.Days)
		if err != nil {
			return 0, 0, err
		}
		pieces, short := Short(law, have)
		worst, missing = max(worst, short), max(missing, pieces)
		have += r.Pieces
	}
	return worst, missing, nil
}

// excess looks at the distribution of a long horizon only where there can be any.
func (p Policy) excess(s Shelf, l Levels) (int, error) {
	if p.ExcessDays == 0 || free(s.Stock) <= l.OrderUpTo {
		return 0, nil
	}
	law, err := at(s.Over, p.ExcessDays)
	if err != nil {
		return 0, err
	}
	return Excess(s.Stock, max(law.Quantile(excessLevel), l.OrderUpTo)), nil
}
