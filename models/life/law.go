package life

import "math"

// Law is a life distribution of one family. Methods take ages in the unit of
// the lives that it was fitted to.
type Law struct {
	Family Family
	Mu     float64   // location of ln T
	Shape  []float64 // as Family.shapes lists them
}

// Survival is P(T > t); 1 for t <= 0.
func (l Law) Survival(t float64) float64 { return math.Exp(l.LogSurvival(t)) }

// LogSurvival is ln P(T > t); 0 for t <= 0.
func (l Law) LogSurvival(t float64) float64 {
	if !(t > 0) {
		return 0
	}
	return l.Family.logSurvival(math.Log(t)-l.Mu, l.Shape)
}

// Quantile is the age that the share p in (0, 1) does not survive.
func (l Law) Quantile(p float64) float64 { return math.Exp(l.Mu + l.Family.quantile(p, l.Shape)) }

// FailBetween is the probability that a part alive at t0 has failed by t1 >= t0.
func (l Law) FailBetween(t0, t1 float64) float64 {
	return -math.Expm1(min(0, l.LogSurvival(t1)-l.LogSurvival(t0)))
}

// At is the law of a part with covariates x under the coefficients beta of its fit.
func (l Law) At(x, beta []float64) Law {
	for i, b := range beta {
		l.Mu += b * x[i]
	}
	return l
}

// Parameters are the family's own by name: scale and shape (Weibull, gamma),
// scale (exponential), mu and sigma of ln T (lognormal, log-logistic), and mu,
// sigma and q (generalised gamma).
func (l Law) Parameters() map[string]float64 {
	switch l.Family {
	case FamilyExponential:
		return map[string]float64{"scale": math.Exp(l.Mu)}
	case FamilyWeibull, FamilyGamma:
		return map[string]float64{"scale": math.Exp(l.Mu), "shape": math.Exp(l.Shape[0])}
	case FamilyGeneralisedGamma:
		return map[string]float64{"mu": l.Mu, "sigma": math.Exp(l.Shape[0]), "q": l.Shape[1]}
	case FamilyLognormal, FamilyLogLogistic:
	}
	return map[string]float64{"mu": l.Mu, "sigma": math.Exp(l.Shape[0])}
}
