package fleet

import "math"

// Thinned is the distribution of what is left when each piece is kept with
// probability p in [0, 1], by itself: of a demand whose pieces fall on any day
// alike, that of a share p of its days.
func (d Distribution) Thinned(p float64) Distribution {
	switch {
	case p >= 1:
		return d
	case p <= 0:
		return Point(0)
	}
	top := d.First + len(d.Mass) - 1
	if top > widest {
		return d.thinnedByRows(p)
	}
	// Horner's scheme on the generating function, at 1-p + p z.
	mass := make([]float64, top+1)
	reached := 0
	for k := top; k >= 0; k-- {
		for i := reached; i >= 0; i-- {
			if mass[i] > 0 {
				mass[i+1] += mass[i] * p
				mass[i] *= 1 - p
			}
		}
		if k < top {
			reached++
		}
		mass[0] += d.At(k)
	}
	return Distribution{Mass: mass, Tail: d.Tail}.trimmed()
}

// widest is the most pieces for which Horner's scheme, whose time grows with
// their square, is the faster way.
const widest = 1000

// thinnedByRows adds up the binomial distributions of what is left of each number, each
// from its mode outwards until it weighs nothing.
func (d Distribution) thinnedByRows(p float64) Distribution {
	mass := make([]float64, d.First+len(d.Mass))
	for i, m := range d.Mass {
		n := d.First + i
		if m <= cut {
			continue
		}
		mode := min(int(float64(n+1)*p), n)
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(mode + 1))
		c, _ := math.Lgamma(float64(n - mode + 1))
		peak := m * math.Exp(a-b-c+float64(mode)*math.Log(p)+float64(n-mode)*math.Log1p(-p))
		for k, x := mode, peak; k <= n && x > 1e-16*m; k++ {
			mass[k] += x
			x *= float64(n-k) / float64(k+1) * p / (1 - p)
		}
		for k, x := mode, peak; k > 0 && x > 1e-16*m; k-- {
			x *= float64(k) / float64(n-k+1) * (1 - p) / p
			mass[k-1] += x
		}
	}
	scale := (1 - d.Tail) / total(mass) // logarithms of factorials leave a factor near one
	for i := range mass {
		mass[i] *= scale
	}
	return Distribution{Mass: mass, Tail: d.Tail}.trimmed()
}

// Less is the distribution of what is left of d when an independent number
// drawn from o is taken from it, never less than none.
func (d Distribution) Less(o Distribution) Distribution {
	out := make([]float64, max(1, d.First+len(d.Mass)-o.First))
	for i, m := range d.Mass {
		for j, n := range o.Mass {
			out[max(0, d.First+i-o.First-j)] += m * n
		}
	}
	return Distribution{Mass: out, Tail: min(1, d.Tail+o.Tail)}.trimmed()
}

// FromCDF is the distribution with P(X <= support[i]) = cdf[i], support whole,
// ascending, from 0 or above, and cdf rising to 1. Between two numbers further
// apart than one the mass is spread evenly.
func FromCDF(support, cdf []float64) Distribution {
	mass := make([]float64, int(support[len(support)-1])+1)
	last, before := 0.0, -1
	for i, x := range support {
		at := int(x)
		if i == 0 {
			before = at - 1
		}
		share := math.Max(cdf[i]-last, 0) / float64(at-before)
		for k := before + 1; k <= at; k++ {
			mass[k] = share
		}
		last, before = math.Max(last, cdf[i]), at
	}
	return Distribution{Mass: mass}.trimmed()
}

// Cut puts as much of the upper end of d as weighs no more than mass on the
// last number left.
func (d Distribution) Cut(mass float64) Distribution {
	above, end := d.Tail, len(d.Mass)
	for end > 1 && above+d.Mass[end-1] <= mass {
		end--
		above += d.Mass[end]
	}
	out := append([]float64(nil), d.Mass[:end]...)
	out[end-1] += above
	return Distribution{First: d.First, Mass: out}
}
