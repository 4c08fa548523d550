package wear_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage/models/wear"
)

// The wanted probabilities integrate Student t over a lognormal distance by
// scipy 1.17 (integrate.quad over stats.t.cdf): level 90 +- 1, slope 2 +- 0.2,
// covariance 0.05, 20 degrees of freedom, limit 100, 40 km a day.
func TestCurveAgainstScipy(t *testing.T) {
	t.Parallel()
	p := wear.Passage{
		Line:  wear.NewLine(90, 2, wear.Spread{Level: 1, Covariance: 0.05, Slope: 0.04}, 20),
		Limit: 100, FutureCV: 0.15, Usage: wear.Usage{PerDay: 0.04, CV: 0.2, DayCV: 1},
	}
	c := p.Curve()
	for _, w := range []struct{ days, want, tolerance float64 }{
		{7, 7.8e-9, 1e-6}, {30, 1.79e-5, 5e-5}, {60, 0.00866, 0.003}, {90, 0.12654, 0.01}, {200, 0.91384, 0.02},
	} {
		if got := p.Probability(w.days); math.Abs(got-w.want) > w.tolerance {
			t.Errorf("P(%g d) = %.5f, want %.5f", w.days, got, w.want)
		}
	}
	near(t, "P(60 d) of the curve", c.At(60), p.Probability(60), 1e-12)
}

// Exact line, exact usage: 10 % at 2 % per 1,000 km and 40 km a day lasts 125 days, by arithmetic.
func TestCertainLine(t *testing.T) {
	t.Parallel()
	p := wear.Passage{
		Line: wear.NewLine(90, 2, wear.Spread{Level: 1e-12}, 20), Limit: 100, Usage: wear.Usage{PerDay: 0.04},
	}
	c := p.Curve()
	near(t, "median", c.Quantile(0.5), 125, 11) // a step lies somewhere between two horizons: 120 and 150
	near(t, "P(105 d)", c.At(105), 0, 1e-9)
	near(t, "P(150 d)", c.At(150), 1, 1e-9)
	p.Usage.Silent = 30
	near(t, "P(100 d) after 30 silent days", p.Probability(100), 1, 0.3)
}

func TestEither(t *testing.T) {
	t.Parallel()
	// 1-(1-0)*exp(-0.01*30) by arithmetic.
	c := wear.Curve{}.Either(func(d float64) float64 { return 0.01 * d })
	near(t, "P(30 d)", c.At(30), 0.2591817793, 1e-9)
}

func passages(t *rapid.T) wear.Passage {
	sd := rapid.Float64Range(0.01, 5).Draw(t, "sd")
	slopeSD := rapid.Float64Range(0.001, 1).Draw(t, "slope sd")
	rho := rapid.Float64Range(-0.9, 0.9).Draw(t, "rho")
	return wear.Passage{
		Line: wear.NewLine(rapid.Float64Range(0, 100).Draw(t, "level"), rapid.Float64Range(0, 5).Draw(t, "slope"),
			wear.Spread{Level: sd * sd, Covariance: rho * sd * slopeSD, Slope: slopeSD * slopeSD}, rapid.Float64Range(8, 200).Draw(t, "nu")),
		Limit: 100, FutureCV: rapid.Float64Range(0, 0.5).Draw(t, "future cv"),
		Usage: wear.Usage{
			PerDay: rapid.Float64Range(0, 0.3).Draw(t, "per day"), CV: rapid.Float64Range(0, 0.6).Draw(t, "cv"),
			DayCV: 1, Silent: rapid.Float64Range(0, 60).Draw(t, "silent"),
		},
	}
}

func TestCurveProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := passages(t)
		c := p.Curve()
		for i, f := range c {
			if !(f >= 0 && f <= 1) || i > 0 && f < c[i-1] {
				t.Fatalf("no distribution function: %v", c)
			}
		}
		if a, b, d := c.Quantile(0.1), c.Quantile(0.5), c.Quantile(0.9); a > b || b > d || d > wear.LastDay {
			t.Fatalf("quantiles %g %g %g out of order", a, b, d)
		}
		low, mid, high := p.Band(30)
		if !(low <= mid && mid <= high) {
			t.Fatalf("band %g %g %g out of order", low, mid, high)
		}
		worse := p
		worse.Line.Level += 2
		if w := worse.Curve(); w.At(30) < c.At(30)-1e-12 {
			t.Fatalf("more wear is safer: %g < %g", w.At(30), c.At(30))
		}
	})
}

func TestSilenceWidens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := passages(t)
		p.Usage.Silent = 0
		// Behind its newest reading a line may narrow on its way to the middle of
		// its data; ahead of it, where silence lies, level and slope err together.
		p.Line = wear.NewLine(p.Line.Level, p.Line.Slope, wear.Spread{Level: 1, Covariance: 0.01, Slope: 0.04}, p.Line.Nu)
		q := p
		q.Usage.Silent = rapid.Float64Range(1, 90).Draw(t, "days")
		lowP, _, highP := p.Band(30)
		lowQ, _, highQ := q.Band(30)
		if highQ-lowQ < highP-lowP-1e-9 {
			t.Fatalf("silence narrows the band: %g to %g", highP-lowP, highQ-lowQ)
		}
	})
}

func BenchmarkCurve(b *testing.B) {
	p := wear.Passage{
		Line: wear.NewLine(90, 2, wear.Spread{Level: 1, Covariance: 0.05, Slope: 0.04}, 20), Limit: 100, FutureCV: 0.15,
		Usage: wear.Usage{PerDay: 0.04, CV: 0.2, DayCV: 1},
	}
	b.ReportAllocs()
	for b.Loop() {
		c := p.Curve()
		if c.At(30) > 1 {
			b.Fatal(c)
		}
	}
}
