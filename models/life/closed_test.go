package life_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"presage"
	"presage/models/life"
)

// Two groups of exponential lives have a maximum in closed form: each mean is
// time on test by failures, and the coefficient is the logarithm of their ratio.
func TestCovariateInClosedForm(t *testing.T) {
	t.Parallel()
	lives := []life.Life{
		{Low: 10, High: 10, X: []float64{0}},
		{Low: 30, High: 30, X: []float64{0}},
		{Low: 50, High: math.Inf(1), X: []float64{0}},
		{Low: 5, High: 5, X: []float64{1}},
		{Low: 4, High: 4, X: []float64{1}, Count: 2},
		{Entry: 2, Low: 9, High: 9, X: []float64{1}},
	}
	f, err := life.Fit(lives, life.FamilyExponential)
	if err != nil {
		t.Fatal(err)
	}
	mean0, mean1 := 90.0/2, (5+4+4+9-2.0)/4
	near(t, "mean of x = 0", f.Parameters()["scale"], mean0, 1e-4)
	near(t, "beta", f.Beta[0], math.Log(mean1/mean0), 1e-5)
	near(t, "se of beta", f.StandardErrors()["beta1"], math.Sqrt(1.0/2+1.0/4), 1e-4)
	r, err := f.QuantileRange(0.5, 0.9, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "median of x = 1", r.Estimate, mean1*math.Ln2, 1e-4)
}

// The likelihood-ratio interval of an exponential mean by hand: d (ln m + M/m)
// rises by 3.8415/2 over its least value, d failures, M their mean.
func TestLikelihoodRatioInterval(t *testing.T) {
	t.Parallel()
	f, err := life.Fit([]life.Life{life.Exact(0, 3), life.Exact(0, 8), life.Alive(0, 10), life.Exact(0, 1)}, life.FamilyExponential)
	if err != nil {
		t.Fatal(err)
	}
	const d, m = 3.0, 22.0 / 3
	r, err := f.QuantileRange(1-math.Exp(-1), 0.95, nil) // the mean itself
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", r.Estimate, m, 1e-4)
	for _, x := range []float64{r.Low, r.High} {
		near(t, "twice the drop of ln L", 2*d*(math.Log(x/m)+m/x-1), 3.8415, 2e-3)
	}
	if !(r.Low < m && m < r.High) {
		t.Errorf("%v does not hold the estimate", r)
	}
}

// Lives known to a day's interval fit as the exact ones do.
func TestIntervalCensored(t *testing.T) {
	t.Parallel()
	var fine, coarse []life.Life
	for _, l := range shockAbsorbers(t, "Mode1", "Mode2") {
		fine = append(fine, l)
		if l.Failed() {
			l = life.Between(0, l.Low-5, l.Low+5)
		}
		coarse = append(coarse, l)
	}
	for _, family := range life.Families() {
		a, errA := life.Fit(fine, family)
		b, errB := life.Fit(coarse, family)
		if err := errors.Join(errA, errB); err != nil {
			t.Fatalf("%s: %v", family, err)
		}
		near(t, family.String()+"'s median", b.Quantile(0.5)/a.Quantile(0.5), 1, 1e-3)
		near(t, family.String()+"'s log L", b.LogLikelihood, a.LogLikelihood+a.Events*math.Log(10), 1e-2)
	}
}

// Quantile, survival and density of every family belong together.
func TestDistributionsAgreeWithThemselves(t *testing.T) {
	t.Parallel()
	for _, l := range []life.Distribution{
		{Family: life.FamilyExponential, Mu: 2},
		{Family: life.FamilyWeibull, Mu: 2, Shape: []float64{0.7}},
		{Family: life.FamilyLognormal, Mu: 2, Shape: []float64{-0.7}},
		{Family: life.FamilyLogLogistic, Mu: 2, Shape: []float64{-1}},
		{Family: life.FamilyGamma, Mu: 2, Shape: []float64{1}},
		{Family: life.FamilyGeneralisedGamma, Mu: 2, Shape: []float64{-0.5, 0.6}},
		{Family: life.FamilyGeneralisedGamma, Mu: 2, Shape: []float64{-0.5, -0.6}},
		{Family: life.FamilyGeneralisedGamma, Mu: 2, Shape: []float64{-0.5, 0}},
	} {
		for _, p := range []float64{0.001, 0.1, 0.5, 0.9, 0.999} {
			x := l.Quantile(p)
			near(t, l.Family.String()+"'s survival at its quantile", l.Survival(x), 1-p, 1e-9)
			const h = 1e-5
			slope := (l.Survival(x*(1-h)) - l.Survival(x*(1+h))) / (2 * h * x)
			near(t, l.Family.String()+"'s density against its slope", math.Exp(l.LogDensity(x))/slope, 1, 1e-5)
		}
		if l.Survival(0) != 1 || !(l.LogSurvival(1e9) < -5) || math.IsNaN(l.LogSurvival(1e9)) {
			t.Errorf("%s: survival to 0 is %g, ln of that to 1e9 %g", l.Family, l.Survival(0), l.LogSurvival(1e9))
		}
	}
}

// What the data cannot say is an error or said to be a prior's, never a NaN.
func TestDegenerateLives(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lives []life.Life
		says  string // of the error; "" for a fit that says it leans on a prior
	}{
		"none":         {nil, "there is none"},
		"no failure":   {[]life.Life{life.Alive(0, 5), life.Alive(0, 7)}, "no failure among 2 lives"},
		"NaN":          {[]life.Life{life.Exact(0, math.NaN()), life.Exact(0, 1)}, "life 1"},
		"before entry": {[]life.Life{life.Exact(0, 1), life.Exact(5, 4)}, "life 2"},
		"negative":     {[]life.Life{life.Exact(0, -1)}, "life 1"},
		"at zero":      {[]life.Life{life.Exact(0, 0)}, "age 0"},
		"upside down":  {[]life.Life{life.Between(0, 5, 4)}, "upper bound"},
		"one failure":  {[]life.Life{life.Exact(0, 5), life.Alive(0, 7)}, ""},
		"all ties":     {[]life.Life{life.Exact(0, 5), life.Exact(0, 5), life.Exact(0, 5)}, ""},
	} {
		for _, family := range life.Families() {
			f, err := life.Fit(c.lives, family)
			if c.says != "" {
				if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
					t.Errorf("%s, %s: %v does not say %q", name, family, err, c.says)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s, %s: %v", name, family, err)
				continue
			}
			if (f.Regularised == "") != (family == life.FamilyExponential) {
				t.Errorf("%s, %s: regularised %q", name, family, f.Regularised)
			}
			for p, x := range f.Parameters() {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("%s, %s: %s is %g", name, family, p, x)
				}
			}
			r, err := f.QuantileRange(0.5, 0.9, nil)
			if err != nil || !(r.Low < r.Estimate && r.Estimate < r.High) {
				t.Errorf("%s, %s: median %v, %v", name, family, r, err)
			}
		}
	}
}

// Lives drawn from a Weibull distribution agree with it and not with an exponential one.
func TestGoodnessOfFit(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	truth := life.Distribution{Family: life.FamilyWeibull, Mu: 3, Shape: []float64{math.Log(3)}}
	var lives []life.Life
	for range 120 {
		age, end := truth.Quantile(rng.Float64()), 10+25*rng.Float64()
		if age > end {
			lives = append(lives, life.Alive(0, end))
			continue
		}
		lives = append(lives, life.Exact(0, age))
	}
	for family, fits := range map[life.Family]bool{life.FamilyWeibull: true, life.FamilyExponential: false} {
		f, err := life.Fit(lives, family)
		if err != nil {
			t.Fatal(err)
		}
		g, err := f.GoodnessOfFit(99, rng)
		if err != nil || (g.PValue > 0.05) != fits {
			t.Errorf("%s: %+v, %v; a fit: %t", family, g, err, fits)
		}
	}
}
