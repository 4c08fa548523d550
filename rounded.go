package presage

import "math"

// significantDigits is how many decimal digits the figures of a prognosis have:
// more than any of them is known to, and few enough to be stored in four bytes.
const significantDigits = 6

// Figures are the numbers that every prognosis has: probabilities of failure by horizon,
// then the quantiles of remaining days and kilometres.
func (p *Prognosis) Figures() [10]*float64 {
	f, l := &p.FailWithin, &p.RemainingLife
	return [...]*float64{
		&f.D7, &f.D30, &f.D60, &f.D90,
		&l.Days.P10, &l.Days.P50, &l.Days.P90, &l.Km.P10, &l.Km.P50, &l.Km.P90,
	}
}

// Round rounds every estimate to six significant digits. Order is kept: what did
// not fall before does not fall after. The odometer and the limit stay as they
// are, for others are compared with them. The memory of Terms and Measured is changed.
func (p *Prognosis) Round() {
	for _, x := range p.Figures() {
		*x = significant(*x)
	}
	for i := range p.Terms {
		p.Terms[i].Value, p.Terms[i].Effect = significant(p.Terms[i].Value), significant(p.Terms[i].Effect)
	}
	if m := p.Measured; m != nil {
		m.Value = significant(m.Value)
	}
}

// significant rounds x; what is smaller than 1e-12 is 0.
func significant(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return x
	case math.Abs(x) < 1e-12:
		return 0
	}
	e := significantDigits - 1 - int(math.Floor(math.Log10(math.Abs(x))))
	if e < 0 {
		tens := math.Pow10(-e)
		return math.Round(x/tens) * tens
	}
	tens := math.Pow10(e)
	return math.Round(x*tens) / tens
}
