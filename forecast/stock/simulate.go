package stock

import (
	"fmt"
	"math"

	"presage"
)

// Item is one part in an inventory simulation.
type Item struct {
	Price  float64   // of a piece, > 0, any currency
	UpTo   []float64 // order-up-to level in force at the beginning of each period, pieces >= 0
	Demand []float64 // of each period, pieces >= 0; as many as levels
}

// Performance is what a stock was worth over a simulation. A share is in [0, 1].
type Performance struct {
	Fill     float64 // mean over all items and periods of the share served at once; 1 where nobody asked
	Served   float64 // pieces served at once over pieces asked for
	StockOut float64 // share of items' periods with a demand not wholly served
	Value    float64 // sum over the items of the mean stock, after delivery, at its price
}

// Simulate lives through the items' demands under the policy "order up to",
// reviewed at the beginning of every period: what is ordered arrives lead
// periods later (0: at once, before the period's demand), what cannot be
// served waits. It begins with the first level on the shelf. ErrInvalid: no
// item, unequal lengths, a value out of range.
func Simulate(items []Item, lead int) (Performance, error) {
	var t tally
	for i, item := range items {
		if err := item.check(lead); err != nil {
			return Performance{}, fmt.Errorf("inventory simulation: item %d: %w", i+1, err)
		}
		s := shelf{onHand: item.UpTo[0], due: make([]float64, lead+1)}
		for k, demand := range item.Demand {
			s.order(item.UpTo[k])
			t.period(s.onHand, demand, item.Price)
			s.onHand -= demand
		}
		t.item(len(item.Demand))
	}
	return t.sum()
}

// tally adds up a simulation, item by item.
type tally struct {
	Performance
	periods, asked, served float64
	value                  float64 // of the item's periods so far
}

// period is one of an item, after delivery and before its demand.
func (t *tally) period(onHand, demand, price float64) {
	t.value += max(onHand, 0) * price
	now := min(demand, max(onHand, 0))
	t.periods++
	t.asked, t.served = t.asked+demand, t.served+now
	if demand > 0 {
		t.Fill += now / demand
	} else {
		t.Fill++
	}
	if now < demand {
		t.StockOut++
	}
}

// item ends an item of so many periods.
func (t *tally) item(periods int) {
	t.Value += t.value / float64(periods)
	t.value = 0
}

func (t *tally) sum() (Performance, error) {
	p := t.Performance
	if t.periods == 0 {
		return p, fmt.Errorf("inventory simulation: %w: no item with a period", presage.ErrInvalid)
	}
	p.Fill, p.StockOut, p.Served = p.Fill/t.periods, p.StockOut/t.periods, 1
	if t.asked > 0 {
		p.Served = t.served / t.asked
	}
	return p, nil
}

func (i Item) check(lead int) error {
	if !(i.Price > 0) || lead < 0 || len(i.UpTo) != len(i.Demand) || len(i.Demand) == 0 {
		return fmt.Errorf("%w: price %g, lead time %d, %d levels for %d periods", presage.ErrInvalid,
			i.Price, lead, len(i.UpTo), len(i.Demand))
	}
	for t := range i.UpTo {
		if !(i.UpTo[t] >= 0 && i.Demand[t] >= 0) || math.IsInf(i.UpTo[t]+i.Demand[t], 1) {
			return fmt.Errorf("%w: level %g and demand %g in period %d", presage.ErrInvalid, i.UpTo[t], i.Demand[t], t+1)
		}
	}
	return nil
}

// shelf is an item's stock; what is on hand is negative when customers wait.
type shelf struct {
	onHand float64
	due    []float64 // arriving in 0, 1, ... periods
}

// order brings the position up to the level and takes in what arrives.
func (s *shelf) order(upTo float64) {
	position := s.onHand
	for _, d := range s.due {
		position += d
	}
	last := len(s.due) - 1
	s.due[last] += max(0, upTo-position)
	s.onHand += s.due[0]
	copy(s.due, s.due[1:])
	if last > 0 {
		s.due[last] = 0
	} else {
		s.due[0] = 0
	}
}

// UpToForFill is the smallest level of the support from which the expected
// share of the demand served at once, E min(level, D) / E D, is at least
// target, in [0, 1). The distribution is P(D <= support[i]) = cdf[i], as of
// demand.Distribution. 0 for a demand that is certainly none.
func UpToForFill(support, cdf []float64, target float64) float64 {
	mean := 0.0
	for i := range support[:len(support)-1] {
		mean += (1 - cdf[i]) * (support[i+1] - support[i])
	}
	served := 0.0
	for i := range support[:len(support)-1] {
		if served >= target*mean-rounding*mean {
			return support[i]
		}
		served += (1 - cdf[i]) * (support[i+1] - support[i])
	}
	return support[len(support)-1]
}

// rounding is how far sums may miss a share by addition alone.
const rounding = 1e-12

// UpToForValue is the level at which one more piece is no longer worth its
// price: it serves, in expectation, less than price x worth of a period's
// demand more, where a period counts by the share served. The same worth for
// all parts gives the least stock value for the mean share served over the
// assortment (marginal analysis, Sherbrooke 2004, chapter 2).
func UpToForValue(support, cdf []float64, price, worth float64) float64 {
	// gain[i] is E[1/D; D > support[i]]: what a piece adds there.
	gain, level := 0.0, support[0]
	for i := len(support) - 2; i >= 0; i-- {
		gain += (cdf[i+1] - cdf[i]) / support[i+1]
		if gain >= price*worth {
			level = support[i+1]
			break
		}
	}
	return level
}

// CurvePoint is a point of a curve of service against value.
type CurvePoint struct{ Fill, Value float64 }

// ValueAt is the stock value at which a curve reaches the fill rate, linear
// between its two nearest points; false where it does not reach that far. The
// points rise in both.
func ValueAt(curve []CurvePoint, fill float64) (float64, bool) {
	for i := 1; i < len(curve); i++ {
		a, b := curve[i-1], curve[i]
		if a.Fill <= fill && fill <= b.Fill && a.Fill < b.Fill {
			return a.Value + (b.Value-a.Value)*(fill-a.Fill)/(b.Fill-a.Fill), true
		}
	}
	return 0, false
}
