package life

import "math"

// Distribution is how the lives of a population are distributed, by one family. Methods take ages in the unit of
// the lives that it was fitted to.
type Distribution struct {
	Family Family
	Mu     float64   // location of ln T
	Shape  []float64 // as Family.shapes lists them
}

// Survival is P(T > t); 1 for t <= 0.
func (d Distribution) Survival(t float64) float64 { return math.Exp(d.LogSurvival(t)) }

// LogSurvival is ln P(T > t); 0 for t <= 0.
func (d Distribution) LogSurvival(t float64) float64 {
	if !(t > 0) {
		return 0
	}
	return d.Family.logSurvival(math.Log(t)-d.Mu, d.Shape)
}

// Quantile is the age that the share p in (0, 1) does not survive.
func (d Distribution) Quantile(p float64) float64 {
	return math.Exp(d.Mu + d.Family.quantile(p, d.Shape))
}

// FailBetween is the probability that a part alive at t0 has failed by t1 >= t0.
func (d Distribution) FailBetween(t0, t1 float64) float64 {
	return -math.Expm1(min(0, d.LogSurvival(t1)-d.LogSurvival(t0)))
}

// With is the distribution of a part with covariates x under the coefficients beta of its fit.
func (d Distribution) With(x, beta []float64) Distribution {
	for i, b := range beta {
		d.Mu += b * x[i]
	}
	return d
}

// Parameters are the family's own by name: scale and shape (Weibull, gamma),
// scale (exponential), mu and sigma of ln T (lognormal, log-logistic), and mu,
// sigma and q (generalised gamma).
func (d Distribution) Parameters() map[string]float64 {
	switch d.Family {
	case FamilyExponential:
		return map[string]float64{"scale": math.Exp(d.Mu)}
	case FamilyWeibull, FamilyGamma:
		return map[string]float64{"scale": math.Exp(d.Mu), "shape": math.Exp(d.Shape[0])}
	case FamilyGeneralisedGamma:
		return map[string]float64{"mu": d.Mu, "sigma": math.Exp(d.Shape[0]), "q": d.Shape[1]}
	case FamilyLognormal, FamilyLogLogistic:
	}
	return map[string]float64{"mu": d.Mu, "sigma": math.Exp(d.Shape[0])}
}
