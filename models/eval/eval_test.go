package eval_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"presage"
	"presage/models/eval"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.6g, want %.6g", what, got, want)
	}
}

func must[T any](t *testing.T, x T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// Two right and one wrong forecast, by hand.
func TestScores(t *testing.T) {
	t.Parallel()
	fs := []eval.Forecast{{0.9, true}, {0.2, false}, {0.4, true}}
	score, err := eval.Brier(fs)
	near(t, "Brier", must(t, score, err), (0.01+0.04+0.36)/3, 1e-12)
	score, err = eval.LogLoss(fs, 1e-9)
	near(t, "log loss", must(t, score, err), -(math.Log(0.9)+math.Log(0.8)+math.Log(0.4))/3, 1e-12)
	score, err = eval.LogLoss([]eval.Forecast{{1, false}}, 0.01)
	near(t, "a certainty that was wrong", must(t, score, err), -math.Log(0.01), 1e-9)
	for _, bad := range [][]eval.Forecast{nil, {{1.1, true}}, {{math.NaN(), true}}} {
		if _, err := eval.Brier(bad); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("Brier(%v): %v", bad, err)
		}
	}
}

// Bins of two: (.1, .2) of which none happened, (.8, .9) of which one did. The
// interval is Wilson's for 1 of 2 at 90 %.
func TestReliability(t *testing.T) {
	t.Parallel()
	fs := []eval.Forecast{{0.9, true}, {0.1, false}, {0.8, false}, {0.2, false}}
	bins, err := eval.Reliability(fs, 2)
	if err != nil || len(bins) != 2 {
		t.Fatal(bins, err)
	}
	near(t, "predicted", bins[1].Predicted, 0.85, 1e-12)
	near(t, "observed", bins[1].Observed, 0.5, 1e-12)
	z2 := 1.644853627 * 1.644853627
	near(t, "Wilson's bound", bins[1].High, 0.5+math.Sqrt(z2)*math.Sqrt(0.25/2+z2/16)/(1+z2/2), 1e-6)
	score, err := eval.CalibrationError(fs, 2)
	near(t, "calibration error", must(t, score, err), (0.15+0.35)/2, 1e-12)
}

// Comparable pairs by hand: A fails at 1 (risk 3), B is lost at 2 (risk 1), C
// fails at 3 (risk 3), D lives to 4 (risk 2): AB, AC (tie), AD, CD.
func TestConcordance(t *testing.T) {
	t.Parallel()
	c, err := eval.Concordance([]eval.Watched{{3, 1, true}, {1, 2, false}, {3, 3, true}, {2, 4, false}})
	near(t, "concordance", must(t, c, err), 3.5/4, 1e-12)
	c, err = eval.Concordance([]eval.Watched{{3, 1, false}})
	if err != nil || !math.IsNaN(c) {
		t.Errorf("nobody to compare: %g, %v", c, err)
	}
}

func TestCoverageAndPIT(t *testing.T) {
	t.Parallel()
	c, err := eval.Coverage([]eval.Interval{{0, 1, 1}, {0, 1, 2}})
	near(t, "coverage", must(t, c, err), 0.5, 0)
	if _, err := eval.Coverage([]eval.Interval{{1, 0, 1}}); !errors.Is(err, presage.ErrInvalid) {
		t.Error(err)
	}
	// A fair die, forecast as one: the values are uniform, mean 1/2, variance 1/12.
	rng := rand.New(rand.NewPCG(1, 2))
	die := []float64{0, 1.0 / 6, 2.0 / 6, 3.0 / 6, 4.0 / 6, 5.0 / 6, 1}
	const n = 20_000
	sum, squares := 0.0, 0.0
	for range n {
		u := eval.RandomisedPIT(die, 1+rng.IntN(6), rng)
		sum += u / n
		squares += u * u / n
	}
	near(t, "mean", sum, 0.5, 4*math.Sqrt(1.0/12/n))
	near(t, "second moment", squares, 1.0/3, 4*math.Sqrt(4.0/45/n))
	if eval.RandomisedPIT(die, 9, rng) != 1 || eval.RandomisedPIT(die, -1, rng) != 0 {
		t.Error("values beyond the support")
	}
}

type record struct{ at, value float64 }

func (r record) When() float64 { return r.at }

// A model that is handed a poisoned future forecasts the same, at every origin.
func TestOriginsCannotSeeTheFuture(t *testing.T) {
	t.Parallel()
	var clean, poisoned []record
	for i := range 50 {
		clean = append(clean, record{float64(i), float64(i % 7)})
	}
	forecast := func(o eval.Origin[record]) float64 { // a model that takes all it can reach
		sum := 0.0
		for _, r := range o.Past[:cap(o.Past)] {
			sum += r.value
		}
		return sum / float64(len(o.Past))
	}
	origins, err := eval.Origins(clean, 20, 5, 10, 50)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for o := range origins {
		n++
		poisoned = poisoned[:0]
		for _, r := range clean {
			if r.at >= o.At {
				r.value = 1e9
			}
			poisoned = append(poisoned, r)
		}
		again, err := eval.Origins(poisoned, o.At, 5, 10, o.At+10)
		if err != nil {
			t.Fatal(err)
		}
		for p := range again {
			if forecast(p) != forecast(o) {
				t.Errorf("at %g the future changes the forecast from %g to %g", o.At, forecast(o), forecast(p))
			}
			if len(p.Future) != 10 || p.Future[0].value != 1e9 || len(p.Past) != int(o.At) {
				t.Errorf("at %g: %d past and %d future records", o.At, len(p.Past), len(p.Future))
			}
		}
	}
	if n != 5 {
		t.Errorf("%d origins, want those at 20, 25, 30, 35 and 40", n)
	}
	if _, err := eval.Origins([]record{{2, 0}, {1, 0}}, 1, 1, 1, 3); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("records out of order: %v", err)
	}
}
