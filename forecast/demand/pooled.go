package demand

import (
	"math"

	"presage/forecast/negbinomial"
)

// pooled is one negative binomial distribution for the whole assortment: the mean of
// what comes h periods ahead is a mixture of the series' discounted means,
// raised or lowered by what its silence and trend tell, and the shape depends
// on that mean and on how much the series has spread so far,
//
//	mean  = n season exp(b z) (w0 mean of all + w1 slow + ... + w4 fast)
//	shape = exp(a0 + a1 ln mean + a2 ln spread + a3 ln n + a4 lead)
//
// with w and b linear in the lead (w in its logarithm) and n the periods that
// are summed up. The constants are those of maximum likelihood over all series
// and all their past origins: the gamma-Poisson filter with several discounts
// at once, fitted to the lead it is asked for.
type pooled struct {
	Task
	all    assortment
	season []float64 // factors by phase; nil for none
	x      []float64 // the constants, see the offsets below
}

// Where the constants lie in x.
const (
	atLevel  = 0
	atTilt   = atLevel + levels + 1 // of the levels' weights with the lead
	atSign   = atTilt + levels + 1
	atSlope  = atSign + signs // of the signs' effect with the lead
	atShape  = atSlope + signs
	constant = atShape + 5
)

// start are the constants before anything is known.
func start() []float64 {
	x := make([]float64, constant)
	for i := range levels + 1 {
		x[atLevel+i] = math.Log(1.0 / (levels + 1))
	}
	x[atShape] = 0.5
	x[atShape+1] = 0.5
	return x
}

// example is one origin of one series and what came after it.
type example struct {
	view
	lead   float64 // 0 for the first period ahead, 1 for the last
	n      float64 // periods summed up
	season float64 // mean factor of those periods
	y      float64
	weight float64 // in the likelihood
	past   []float64
	ahead  int // periods
}

// parameters are the mean and shape for an example.
func (m *pooled) parameters(e *example) (mean, shape float64) {
	var parts [levels + 1]float64
	mean = m.mixture(e, &parts)
	return mean, m.shape(e, mean)
}

// mixture is the mean; parts are the levels' shares of it.
func (m *pooled) mixture(e *example, parts *[levels + 1]float64) float64 {
	sum := 0.0
	for i, level := range e.level {
		parts[i] = level * math.Exp(m.x[atLevel+i]+m.x[atTilt+i]*e.lead)
		sum += parts[i]
	}
	raise := 0.0
	for i, z := range e.sign {
		raise += z * (m.x[atSign+i] + m.x[atSlope+i]*e.lead)
	}
	for i := range parts {
		parts[i] /= sum
	}
	return max(e.n*e.season*sum*math.Exp(min(max(raise, -3), 1)), 1e-9)
}

func (m *pooled) shape(e *example, mean float64) float64 {
	a := m.x[atShape:]
	r := a[0] + a[1]*math.Log(mean) + a[2]*math.Log(e.dispersion) + a[3]*math.Log(e.n) + a[4]*e.lead
	return math.Exp(min(max(r, -8), 12))
}

// loss is minus the log likelihood of an example; its gradient is added to g.
func (m *pooled) loss(e *example, g []float64) float64 {
	var parts [levels + 1]float64
	mean := m.mixture(e, &parts)
	shape := m.shape(e, mean)
	value, byMean, byShape := negbinomial.LogLikelihood(e.y, mean, shape)
	a, r := m.x[atShape:], e.weight*byShape*shape
	up := e.weight*byMean*mean + r*a[1] // by ln mean
	for i, p := range parts {
		g[atLevel+i] -= up * p
		g[atTilt+i] -= up * p * e.lead
	}
	for i, z := range e.sign {
		g[atSign+i] -= up * z
		g[atSlope+i] -= up * z * e.lead
	}
	g[atShape] -= r
	g[atShape+1] -= r * math.Log(mean)
	g[atShape+2] -= r * math.Log(e.dispersion)
	g[atShape+3] -= r * math.Log(e.n)
	g[atShape+4] -= r * e.lead
	return -e.weight * value
}

// ahead is the example of h periods after the values, without its outcome.
func (t Task) ahead(v view, season []float64, now, h int) example {
	e := example{view: v, n: 1, season: 1}
	if t.Horizon > 1 {
		e.lead = float64(h-1) / float64(t.Horizon-1)
	}
	if t.Cumulative {
		e.n = float64(h)
	}
	if season != nil {
		e.season = 0
		for k := h - int(e.n) + 1; k <= h; k++ {
			e.season += season[(now+k-1)%len(season)] / e.n
		}
	}
	return e
}

func (m *pooled) forecast(values []float64, w *work) outcome {
	o := outcome{mean: make([]float64, w.Horizon), cdf: make([][]float64, w.Horizon)}
	v := stateOf(values).view(m.all)
	for h := range w.Horizon {
		e := m.ahead(v, m.season, len(values), h+1)
		mean, shape := m.parameters(&e)
		o.mean[h], o.cdf[h] = mean, make([]float64, len(w.support))
		negbinomial.Cumulative(mean, shape, w.support, o.cdf[h])
	}
	return o
}
