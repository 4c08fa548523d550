package life

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"presage"
)

// Fitted is a distribution fitted to lives by maximum likelihood.
type Fitted struct {
	Distribution
	// Beta are the coefficients of the covariates: a life is exp(beta x) times
	// that of x = 0. Distribution is that of x = 0.
	Beta          []float64
	LogLikelihood float64
	// Cov is the covariance of (Mu, Shape..., Beta...) from the observed
	// information; nil where the data do not determine it.
	Cov    *mat.SymDense
	N      float64 // lives
	Events float64 // failures
	// Regularised says why a weak prior of the shape was needed, "" if it was
	// not: a single failure, or failures at one age only, leave it undetermined.
	Regularised string

	problem *problem
}

// AIC is 2 k - 2 ln L, k the number of parameters.
func (f Fitted) AIC() float64 {
	return 2*float64(1+f.Family.shapes()+len(f.Beta)) - 2*f.LogLikelihood
}

// StandardErrors of the parameters as Distribution.Parameters names them (delta method)
// and of "beta1", "beta2", ...; nil where the information is singular.
func (f Fitted) StandardErrors() map[string]float64 {
	if f.Cov == nil {
		return nil
	}
	se := func(i int) float64 { return math.Sqrt(f.Cov.At(i, i)) }
	out := map[string]float64{}
	for name, x := range f.Parameters() {
		switch name {
		case "mu":
			out[name] = se(0)
		case "scale":
			out[name] = x * se(0)
		case "shape", "sigma": // fitted as logarithms
			out[name] = x * se(1)
		case "q":
			out[name] = se(2)
		}
	}
	for i := range f.Beta {
		out[fmt.Sprintf("beta%d", i+1)] = se(1 + f.Family.shapes() + i)
	}
	return out
}

// Fit fits one family. Errors are ErrInvalid: faulty lives by their place, or
// no failure at all, of which no distribution can be learned.
func Fit(lives []Life, family Family) (Fitted, error) {
	s, err := newSample(lives)
	if err != nil {
		return Fitted{}, err
	}
	return s.fit(family)
}

func (s *sample) fit(family Family) (Fitted, error) {
	if s.events == 0 {
		return Fitted{}, fmt.Errorf("fit %s: %w: no failure among %g lives: they say only that parts live longer; "+
			"wait for a failure, or use a prior population", family, presage.ErrInvalid, s.n)
	}
	p := s.problem(family)
	theta, value, err := p.minimise()
	if err != nil {
		return Fitted{}, err
	}
	f := p.fitted(theta, value)
	f.N, f.Events, f.problem = s.n, s.events, p
	return f, nil
}

// problem is a likelihood to be maximised over (mu, shape..., beta...).
type problem struct {
	sample

	family  Family
	penalty string
}

// sample is lives as the likelihoods of all families see them, with covariates
// centred and scaled so that all parameters are of one size.
type sample struct {
	lives     []Life
	n, events float64
	rows      []row
	centre    []float64
	scale     []float64
	logScale  float64 // subtracted from every ln age
	// exact is the number of densities in the likelihood: each is per unit of
	// age, and ages are divided by exp(logScale).
	exact float64
}

type row struct {
	kind      kind
	low, high float64 // ln age - logScale
	entry     float64
	truncated bool
	count     float64
	x         []float64
}

type kind uint8

const (
	exact kind = iota
	alive
	between
)

// newSample looks over the lives; ErrInvalid: faulty ones by their place.
func newSample(lives []Life) (s sample, err error) {
	s.lives = lives
	if s.n, s.events, err = check(lives); err != nil {
		return s, err
	}
	s.centre, s.scale = moments(lives)
	sum, n := 0.0, 0.0
	for _, l := range lives {
		if age := typicalAge(l); age > 0 {
			sum += l.count() * math.Log(age)
			n += l.count()
		}
	}
	s.logScale = sum / max(n, 1)
	s.rows = make([]row, len(lives))
	for i, l := range lives {
		s.rows[i] = s.row(l)
		if s.rows[i].kind == exact {
			s.exact += s.rows[i].count
		}
	}
	s.rows = compress(s.rows)
	return s, nil
}

func (s *sample) problem(family Family) *problem {
	return &problem{sample: *s, family: family, penalty: undetermined(s.lives, family)}
}

func (s *sample) row(l Life) row {
	r := row{kind: alive, low: math.Log(l.Low) - s.logScale, count: l.count()}
	if l.Failed() {
		r.kind, r.high = between, math.Log(l.High)-s.logScale
		if l.Low == l.High {
			r.kind = exact
		}
	}
	if l.Entry > 0 {
		r.truncated, r.entry = true, math.Log(l.Entry)-s.logScale
	}
	r.x = make([]float64, len(l.X))
	for j, x := range l.X {
		r.x[j] = (x - s.centre[j]) / s.scale[j]
	}
	return r
}

// negative is -ln L plus the prior of undetermined shapes.
func (p *problem) negative(theta []float64) float64 {
	k := p.family.shapes()
	mu, shape, beta := theta[0], theta[1:1+k], theta[1+k:]
	sum := p.prior(shape)
	for i := range p.rows {
		sum -= p.rows[i].count * p.rows[i].logLikelihood(p.family, mu, shape, beta)
	}
	if math.IsNaN(sum) {
		return math.Inf(1)
	}
	return sum
}

func (p *problem) prior(shape []float64) float64 {
	if p.penalty == "" {
		return 0
	}
	centre, spread := p.family.usual()
	sum := 0.0
	for i, s := range shape {
		z := (s - centre[i]) / spread[i]
		sum += z * z / 2
	}
	return sum
}

func (r *row) logLikelihood(f Family, mu float64, shape, beta []float64) float64 {
	for j, b := range beta {
		mu += b * r.x[j]
	}
	sum := 0.0
	switch r.kind {
	case exact: // the density of the age, whose logarithm is what families know
		sum = f.logDensity(r.low-mu, shape) - r.low
	case alive:
		sum = f.logSurvival(r.low-mu, shape)
	case between:
		low, high := 0.0, f.logSurvival(r.high-mu, shape)
		if !math.IsInf(r.low, -1) {
			low = f.logSurvival(r.low-mu, shape)
		}
		// Given that it lived to its entry, it failed after the later of the two.
		if r.truncated && r.entry > r.low {
			low = f.logSurvival(r.entry-mu, shape)
		}
		sum = low + math.Log(-math.Expm1(high-low))
	}
	if r.truncated {
		sum -= f.logSurvival(r.entry-mu, shape)
	}
	return sum
}

// start is where the search begins: ages around their mean, a usual shape.
func (p *problem) start() []float64 {
	theta := make([]float64, 1+p.family.shapes()+len(p.scale))
	centre, _ := p.family.usual()
	copy(theta[1:], centre)
	if p.family == FamilyGamma {
		theta[0] = -centre[0] // its mean is shape times scale
	}
	return theta
}

var errNoMaximum = errors.New("the likelihood has no maximum that can be found: " +
	"the lives do not determine this family; choose a simpler one")

// minimise finds the maximum of the likelihood: Nelder and Mead's simplex
// finds the hill, quasi-Newton steps its top.
func (p *problem) minimise() (theta []float64, value float64, err error) {
	return minimum(p.negative, p.start())
}

func minimum(f func([]float64) float64, start []float64) (theta []float64, value float64, err error) {
	problem := optimize.Problem{Func: f}
	theta = start
	for range 3 { // a simplex that has collapsed early starts again
		coarse, err := optimize.Minimize(problem, theta, &optimize.Settings{FuncEvaluations: 2000}, &optimize.NelderMead{})
		if coarse == nil {
			return nil, 0, fmt.Errorf("%w: %w: %w", presage.ErrInvalid, errNoMaximum, err)
		}
		moved := math.Abs(f(theta) - coarse.F)
		theta, value = coarse.X, coarse.F
		if moved < 1e-7 {
			break
		}
	}
	if math.IsInf(value, 0) {
		return nil, 0, fmt.Errorf("%w: %w", presage.ErrInvalid, errNoMaximum)
	}
	theta, value, _ = descend(f, theta)
	return theta, value, nil
}

// flat is the slope of -ln L below which a point is its minimum: an error of
// the parameters of far less than a thousandth of their standard errors.
const flat = 1e-5

// descend goes down from start by quasi-Newton steps; ok tells whether it came
// to the bottom. Near it a step may fail for lack of slope.
func descend(f func([]float64) float64, start []float64) (theta []float64, value float64, ok bool) {
	grad := func(grad, x []float64) { fd.Gradient(grad, f, x, &fd.Settings{Formula: fd.Central}) }
	at := f(start)
	r, err := optimize.Minimize(optimize.Problem{Func: f, Grad: grad}, start,
		&optimize.Settings{GradientThreshold: flat}, &optimize.BFGS{})
	if r == nil || !(r.F <= at) {
		return start, at, false
	}
	if err != nil {
		slope := make([]float64, len(start))
		grad(slope, r.X)
		return r.X, r.F, floats.Norm(slope, 2) < 100*flat
	}
	return r.X, r.F, true
}

// fitted translates theta back from centred covariates.
func (p *problem) fitted(theta []float64, value float64) Fitted {
	k := p.family.shapes()
	f := Fitted{
		Distribution: Distribution{
			Family: p.family, Mu: theta[0] + p.logScale, Shape: append([]float64(nil), theta[1:1+k]...),
		},
		Beta:          append([]float64(nil), theta[1+k:]...),
		LogLikelihood: -(value - p.prior(theta[1:1+k])) - p.logScale*p.exact,
		Regularised:   p.penalty,
	}
	for j := range f.Beta {
		f.Beta[j] /= p.scale[j]
		f.Mu -= f.Beta[j] * p.centre[j]
	}
	f.Cov = p.covariance(theta)
	return f
}
