package life

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"presage"
)

// Family is a shape of life distributions.
type Family uint8

// The families that can be fitted.
const (
	FamilyExponential Family = iota
	FamilyWeibull
	FamilyLognormal
	FamilyLogLogistic
	FamilyGamma
	FamilyGeneralisedGamma
)

// Families lists all of them, the simplest first.
func Families() []Family {
	return []Family{
		FamilyExponential, FamilyWeibull, FamilyLognormal, FamilyLogLogistic, FamilyGamma, FamilyGeneralisedGamma,
	}
}

func familyNames() []string {
	return []string{"exponential", "weibull", "lognormal", "loglogistic", "gamma", "generalised_gamma"}
}

func (f Family) String() string { return familyNames()[f] }

// ParseFamily reads a name as String writes it; hyphens are welcome.
func ParseFamily(name string) (Family, error) {
	bare := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	bare = strings.ReplaceAll(bare, "generalized", "generalised")
	for i, known := range familyNames() {
		if bare == strings.ReplaceAll(known, "_", "") {
			return Family(i), nil
		}
	}
	return 0, fmt.Errorf("family %q: %w: want %s", name, presage.ErrInvalid, strings.Join(familyNames(), ", "))
}

// shapes is the number of parameters besides the location mu, the logarithm of
// a life. Each is unconstrained:
//
//	Weibull, gamma          ln shape
//	lognormal, log-logistic ln sigma
//	generalised gamma       ln sigma, q (Prentice 1974: q = 1 is Weibull, 0 lognormal)
func (f Family) shapes() int {
	switch f {
	case FamilyExponential:
		return 0
	case FamilyGeneralisedGamma:
		return 2
	case FamilyWeibull, FamilyLognormal, FamilyLogLogistic, FamilyGamma:
	}
	return 1
}

// usual is a shape that wear-out parts commonly have, where the data say
// nothing of it, and how far it may be from that (standard deviation).
func (f Family) usual() (centre, spread []float64) {
	switch f {
	case FamilyWeibull:
		return []float64{math.Log(2)}, []float64{0.5}
	case FamilyGamma:
		return []float64{math.Log(4)}, []float64{0.7}
	case FamilyLognormal:
		return []float64{math.Log(0.6)}, []float64{0.5}
	case FamilyLogLogistic:
		return []float64{math.Log(0.35)}, []float64{0.5}
	case FamilyGeneralisedGamma:
		return []float64{math.Log(0.6), 0.5}, []float64{0.5, 0.5}
	case FamilyExponential:
	}
	return nil, nil
}

// logSurvival is ln P(ln T - mu > w).
func (f Family) logSurvival(w float64, shape []float64) float64 {
	switch f {
	case FamilyExponential:
		return -math.Exp(w)
	case FamilyWeibull:
		return -math.Exp(w * math.Exp(shape[0]))
	case FamilyLognormal:
		return logNormalTail(w / math.Exp(shape[0]))
	case FamilyLogLogistic:
		return -softplus(w / math.Exp(shape[0]))
	case FamilyGamma:
		return logGammaTail(math.Exp(shape[0]), math.Exp(w))
	case FamilyGeneralisedGamma:
	}
	z, q := w/math.Exp(shape[0]), shape[1]
	if math.Abs(q) < nearNormal {
		return logNormalTail(z)
	}
	k := 1 / (q * q)
	x := k * math.Exp(q*z)
	if q > 0 {
		return logGammaTail(k, x)
	}
	return math.Log(mathext.GammaIncReg(k, x))
}

// nearNormal is the q below which the generalised gamma is its limit, the lognormal.
const nearNormal = 1e-3

// logDensity is the logarithm of the density of ln T - mu at w.
func (f Family) logDensity(w float64, shape []float64) float64 {
	switch f {
	case FamilyExponential:
		return w - math.Exp(w)
	case FamilyWeibull:
		z := w * math.Exp(shape[0])
		return shape[0] + z - math.Exp(z)
	case FamilyLognormal:
		return logNormal(w/math.Exp(shape[0])) - shape[0]
	case FamilyLogLogistic:
		z := w / math.Exp(shape[0])
		return z - 2*softplus(z) - shape[0]
	case FamilyGamma:
		k := math.Exp(shape[0])
		return k*w - math.Exp(w) - lgamma(k)
	case FamilyGeneralisedGamma:
	}
	z, q := w/math.Exp(shape[0]), shape[1]
	if math.Abs(q) < nearNormal {
		return logNormal(z) - shape[0]
	}
	k := 1 / (q * q)
	return math.Log(math.Abs(q)) + k*math.Log(k) - lgamma(k) + k*(q*z-math.Exp(q*z)) - shape[0]
}

// quantile is the w with P(ln T - mu <= w) = p, for p in (0, 1).
func (f Family) quantile(p float64, shape []float64) float64 {
	switch f {
	case FamilyExponential:
		return math.Log(-math.Log1p(-p))
	case FamilyWeibull:
		return math.Log(-math.Log1p(-p)) / math.Exp(shape[0])
	case FamilyLognormal:
		return math.Exp(shape[0]) * distuv.UnitNormal.Quantile(p)
	case FamilyLogLogistic:
		return math.Exp(shape[0]) * math.Log(p/(1-p))
	case FamilyGamma:
		return math.Log(mathext.GammaIncRegInv(math.Exp(shape[0]), p))
	case FamilyGeneralisedGamma:
	}
	sigma, q := math.Exp(shape[0]), shape[1]
	if math.Abs(q) < nearNormal {
		return sigma * distuv.UnitNormal.Quantile(p)
	}
	if q < 0 {
		p = 1 - p
	}
	k := 1 / (q * q)
	return sigma / q * math.Log(mathext.GammaIncRegInv(k, p)/k)
}

func logNormal(z float64) float64 { return -0.5*z*z - 0.5*math.Log(2*math.Pi) }

// logNormalTail is ln(1 - Phi(z)); far out by the asymptotic series.
func logNormalTail(z float64) float64 {
	if z < 30 {
		return math.Log(0.5 * math.Erfc(z/math.Sqrt2))
	}
	return logNormal(z) - math.Log(z) + math.Log1p(-1/(z*z))
}

// logGammaTail is ln Q(k, x); far out by the first terms of the asymptotic series.
func logGammaTail(k, x float64) float64 {
	if q := mathext.GammaIncRegComp(k, x); q > 0 {
		return math.Log(q)
	}
	return (k-1)*math.Log(x) - x - lgamma(k) + math.Log1p((k-1)/x)
}

func lgamma(x float64) float64 {
	y, _ := math.Lgamma(x)
	return y
}

// softplus is ln(1 + e^z) without overflow.
func softplus(z float64) float64 {
	if z > 30 {
		return z + math.Exp(-z)
	}
	return math.Log1p(math.Exp(z))
}
