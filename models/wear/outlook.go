package wear

import (
	"math"
	"math/bits"
)

// Horizon numbers the days at which probabilities are known, ascending from 0.
type Horizon int

// The horizons that a prognosis names.
const (
	Day7  Horizon = 4
	Day30 Horizon = 10
	Day60 Horizon = 14
	Day90 Horizon = 17
)

// Days is how far ahead h lies.
func (h Horizon) Days() float64 { return horizons[h] }

// Outlook is what a prognosis says of a distribution function of the time to
// failure: the probabilities by 7, 30, 60 and 90 days, and its quantiles in days.
type Outlook struct {
	D7, D30, D60, D90 float64
	P10, P50, P90     float64
}

// Outlook reads an outlook from the table.
func (c *Curve) Outlook() Outlook {
	return Outlook{
		D7: c[Day7], D30: c[Day30], D60: c[Day60], D90: c[Day90],
		P10: c.Quantile(0.1), P50: c.Quantile(0.5), P90: c.Quantile(0.9),
	}
}

// NewCurveAt is NewCurve for a function of the horizon.
func NewCurveAt(by func(Horizon) float64) Curve {
	var c Curve
	best := 0.
	for i := range c {
		best = math.Max(best, math.Min(by(Horizon(i)), 1))
		c[i] = best
	}
	return c
}

// OutlookOf asks a distribution function, which must rise, at the named horizons
// and about eight more that bisection chooses.
func OutlookOf(by func(Horizon) float64) Outlook {
	a := asked{by: by}
	var o Outlook
	o.D7 = a.ask(Day7)
	o.D30 = math.Max(o.D7, a.ask(Day30))
	o.D60 = math.Max(o.D30, a.ask(Day60))
	o.D90 = math.Max(o.D60, a.ask(Day90))
	o.P10, o.P50, o.P90 = a.quantile(0.1), a.quantile(0.5), a.quantile(0.9)
	return o
}

// QuantilesOf is OutlookOf for the quantiles alone.
func QuantilesOf(by func(Horizon) float64) (p10, p50, p90 float64) {
	a := asked{by: by}
	return a.quantile(0.1), a.quantile(0.5), a.quantile(0.9)
}

// asked remembers the answers.
type asked struct {
	by    func(Horizon) float64
	known uint64 // bit per horizon
	value Curve
}

func (a *asked) ask(h Horizon) float64 {
	if a.known>>h&1 == 0 {
		a.value[h] = math.Min(a.by(h), 1)
		a.known |= 1 << h
	}
	return a.value[h]
}

// quantile is Curve.Quantile by bisection between what is known.
func (a *asked) quantile(q float64) float64 {
	const last = Horizon(len(horizons) - 1)
	lo, hi := Horizon(-1), last+1 // the furthest known below q, the nearest known not below
	for k := a.known; k != 0; k &= k - 1 {
		h := Horizon(bits.TrailingZeros64(k))
		if a.value[h] >= q {
			hi = h
			break
		}
		lo = h
	}
	if hi > last {
		if a.ask(last) < q {
			return LastDay
		}
		hi = last
	}
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; a.ask(mid) >= q {
			hi = mid
		} else {
			lo = mid
		}
	}
	if hi == 0 {
		return 0
	}
	f := (q - a.value[lo]) / (a.value[hi] - a.value[lo])
	return horizons[lo] + f*(horizons[hi]-horizons[lo])
}
