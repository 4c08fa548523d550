package life_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage/models/life"
)

// Wanted: 1 - exp(-(20000/27718.7)^3.16) by numpy, with the shock absorber distribution
// of Meeker & Escobar (1998).
func TestWeibull(t *testing.T) {
	t.Parallel()
	w := life.Weibull{Shape: 3.16, Scale: 27718.7}
	if got := 1 - w.Survival(20000); math.Abs(got-0.2998965) > 1e-6 {
		t.Errorf("F(20000) = %.7f", got)
	}
	if w.Survival(0) != 1 || w.Survival(-5) != 1 {
		t.Error("a life of no length is not certain")
	}
}

// Wanted: the mean over four million gamma draws of the rate, numpy (0.29613), and the closed form (0.296144).
func TestFailBetweenAgainstMonteCarlo(t *testing.T) {
	t.Parallel()
	p := life.Population{Weibull: life.Weibull{Shape: 2, Scale: 100000}, Events: 4}
	if got := p.FailBetween(50000, 80000); math.Abs(got-0.296144) > 1e-5 {
		t.Errorf("P = %.6f", got)
	}
}

// Ten failures over an exposure of five mean twice the prior's rate once the
// prior is drowned: the scale falls by 2^(-1/shape).
func TestLearn(t *testing.T) {
	t.Parallel()
	p := life.Population{Weibull: life.Weibull{Shape: 2, Scale: 100}, Events: 1e-9}
	if got, want := p.Learn(10, 5).Scale, 100/math.Sqrt2; math.Abs(got-want) > 1e-6 {
		t.Errorf("scale %.6f, want %.6f", got, want)
	}
	q := life.Population{Weibull: life.Weibull{Shape: 2, Scale: 100}, Events: 4}.Learn(0, 0)
	if q.Scale != 100 || q.Events != 4 {
		t.Errorf("nothing seen, something learned: %+v", q)
	}
}

func TestFailBetweenProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := life.Population{
			Weibull: life.Weibull{
				Shape: rapid.Float64Range(0.5, 5).Draw(t, "shape"), Scale: rapid.Float64Range(1e3, 1e6).Draw(t, "scale"),
			},
			Events: rapid.Float64Range(0.5, 100).Draw(t, "events"),
		}
		x := rapid.Float64Range(0, 5e5).Draw(t, "x")
		a := rapid.Float64Range(0, 1e5).Draw(t, "a")
		b := rapid.Float64Range(0, 1e5).Draw(t, "b")
		pa, pab := p.FailBetween(x, x+a), p.FailBetween(x, x+a+b)
		if !(pa >= 0 && pab <= 1 && pa <= pab+1e-12) {
			t.Fatalf("%g then %g", pa, pab)
		}
	})
}
