package life

import "math"

// Weibull is the distribution S(x) = exp(-(x/Scale)^Shape); both are positive.
type Weibull struct {
	Shape float64
	Scale float64 // the life that 63.2 % do not reach, in the unit of x
}

// Survival is the probability of a life longer than x; 1 for x <= 0.
func (w Weibull) Survival(x float64) float64 { return math.Exp(-w.CumulativeHazard(x)) }

// CumulativeHazard is (x/Scale)^Shape; 0 for x <= 0.
func (w Weibull) CumulativeHazard(x float64) float64 {
	if !(x > 0) {
		return 0
	}
	return math.Exp(w.Shape * math.Log(x/w.Scale)) // half the price of Pow, and as good to 14 digits
}

// Population is a Weibull distribution of known shape whose rate Scale^-Shape is itself
// uncertain: Gamma distributed, worth Events failures. It is conjugate to
// failures and survivals, so a fleet's findings update it in closed form.
type Population struct {
	Weibull         // the distribution at the prior mean of the rate
	Events  float64 // > 0
}

// Learn returns the population after failures among parts that were watched
// for the given exposure: the sum over parts of CumulativeHazard(end) -
// CumulativeHazard(start) under p's own distribution, so that parts first seen late
// (left truncation) and parts still alive (right censoring) count rightly.
func (p Population) Learn(failures, exposure float64) Population {
	rate := (p.Events + failures) / (p.Events + exposure) // relative to p's
	return Population{
		Weibull: Weibull{Shape: p.Shape, Scale: p.Scale * math.Pow(rate, -1/p.Shape)},
		Events:  p.Events + failures,
	}
}

// FailBetween is the probability that a part alive at x0 has failed by x1,
// averaged over the uncertain rate: 1 - (1 + (H(x1)-H(x0))/(Events + H(x0)))^-Events.
// Having survived to x0 speaks for a low rate, hence H(x0) in the divisor.
func (p Population) FailBetween(x0, x1 float64) float64 {
	rest := p.From(x0)
	return rest.FailBy(x1)
}

// Rest is the distribution of a part that is alive at some age.
type Rest struct {
	population Population
	age        float64
	hazard     float64 // cumulative, at age
	per        float64 // 1/(Events + hazard)
}

// From returns the distribution of a part that is alive at age.
func (p Population) From(age float64) Rest {
	h := p.CumulativeHazard(age)
	return Rest{population: p, age: age, hazard: h, per: 1 / (p.Events + h)}
}

// FailBy is FailBetween the age at which the part was alive and x; 0 for x before that.
func (r *Rest) FailBy(x float64) float64 {
	if !(x > r.age) {
		return 0
	}
	more := r.population.CumulativeHazard(x) - r.hazard
	return -math.Expm1(-r.population.Events * math.Log1p(more*r.per))
}
