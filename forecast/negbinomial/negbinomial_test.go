package negbinomial_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"presage/forecast/negbinomial"
)

func support(n int) []float64 {
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = float64(i)
	}
	return xs
}

// Shape 1 is geometric: with mean 3 P(D <= k) = 1 - .75^(k+1). Large shapes
// are Poisson: for mean 2 P(D <= 1) = 3 e^-2.
func TestCumulative(t *testing.T) {
	t.Parallel()
	xs := support(150)
	cdf := make([]float64, len(xs))
	negbinomial.Cumulative(3, 1, xs, cdf)
	for i, x := range xs {
		if want := 1 - math.Pow(.75, x+1); math.Abs(cdf[i]-want) > 1e-10 {
			t.Errorf("P(D <= %v) is %v, want %v", x, cdf[i], want)
		}
	}
	negbinomial.Cumulative(2, 1e9, xs, cdf)
	if want := 3 * math.Exp(-2); math.Abs(cdf[1]-want) > 1e-5 {
		t.Errorf("Poisson: %v, want %v", cdf[1], want)
	}
	// Where the first mass is too small to start from, the incomplete beta
	// function takes over: a large demand is nearly normal, deviation sqrt(1010).
	xs = support(2000)
	cdf = make([]float64, len(xs))
	negbinomial.Cumulative(1000, 1e5, xs, cdf)
	for i, x := range xs {
		if want := .5 * math.Erfc((1000-x-.5)/math.Sqrt(2*1010)); math.Abs(cdf[i]-want) > .01 {
			t.Errorf("P(D <= %v) is %v, want about %v", x, cdf[i], want)
		}
	}
}

// Draws have the mean and variance they should, by inversion and by mixture.
func TestDraw(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	for _, mean := range []float64{.4, 6, 60} {
		const n, shape = 40_000, 2.0
		ys := make([]float64, n)
		for i := range ys {
			ys[i] = negbinomial.Draw(mean, shape, rng)
		}
		got, squares := 0.0, 0.0
		for _, y := range ys {
			got, squares = got+y/n, squares+y*y/n
		}
		variance := squares - got*got
		want := mean + mean*mean/shape
		if math.Abs(got-mean) > 5*math.Sqrt(want/n) || math.Abs(variance/want-1) > .1 {
			t.Errorf("mean %v: %v, variance %v, want %v", mean, got, variance, want)
		}
	}
}

// Masses and cumulative probabilities are of one distribution, and the derivatives of
// the likelihood are those of finite differences.
func TestTheFormsAgree(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mean, shape float64 }{{.3, .5}, {12, 3.5}, {400, 40}} {
		first, masses := negbinomial.Masses(c.mean, c.shape)
		xs := support(first + len(masses))
		cdf := make([]float64, len(xs))
		negbinomial.Cumulative(c.mean, c.shape, xs, cdf)
		sum := 0.0
		for i, m := range masses {
			if sum += m; math.Abs(sum-cdf[first+i]) > 1e-9 {
				t.Fatalf("%+v: P(D <= %d) is %v and %v", c, first+i, sum, cdf[first+i])
			}
		}
		const d = 1e-4
		for _, y := range []float64{0, 2, 40} {
			_, byMean, byShape := negbinomial.LogLikelihood(y, c.mean, c.shape)
			up, _, _ := negbinomial.LogLikelihood(y, c.mean+d, c.shape)
			down, _, _ := negbinomial.LogLikelihood(y, c.mean-d, c.shape)
			if want := (up - down) / (2 * d); math.Abs(byMean-want) > 1e-3*(1+math.Abs(want)) {
				t.Errorf("%+v at %g: slope by mean %g, want %g", c, y, byMean, want)
			}
			up, _, _ = negbinomial.LogLikelihood(y, c.mean, c.shape+d)
			down, _, _ = negbinomial.LogLikelihood(y, c.mean, c.shape-d)
			if want := (up - down) / (2 * d); math.Abs(byShape-want) > 1e-3*(1+math.Abs(want)) {
				t.Errorf("%+v at %g: slope by shape %g, want %g", c, y, byShape, want)
			}
		}
	}
}
