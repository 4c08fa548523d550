package hazard_test

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/models/eval"
	"presage/models/hazard"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) }

// truth is the hazard that simulate draws by: rising in wear, falling in care,
// with a step at 3 of load; noise means nothing.
func truth(wear, care, load float64) float64 {
	z := -3 + 1.5*wear - 0.8*care
	if load > 3 {
		z += 1.5
	}
	return 1 / (1 + math.Exp(-z))
}

// simulate draws n rows over 100 periods; a tenth of wear and load is missing,
// load more often where it is high, so that missing says something.
func simulate(n int, seed uint64) (d hazard.Data, p []float64) {
	rng := source(seed)
	d = hazard.Data{Features: []string{"wear", "care", "load", "noise"}, X: make([][]float64, 4)}
	for i := range n {
		wear, care, load := rng.NormFloat64(), rng.NormFloat64(), 5*rng.Float64()
		q := truth(wear, care, load)
		d.Time, d.Failed = append(d.Time, float64(100*i/n)), append(d.Failed, rng.Float64() < q)
		p = append(p, q)
		if rng.Float64() < 0.1 {
			wear = math.NaN()
		}
		if rng.Float64() < load/25 {
			load = math.NaN()
		}
		for j, v := range []float64{wear, care, load, rng.NormFloat64()} {
			d.X[j] = append(d.X[j], v)
		}
	}
	return d, p
}

func config() hazard.Config {
	c := hazard.Default()
	c.Monotone = map[string]int{"wear": 1, "care": -1}
	return c
}

func row(d hazard.Data, i int) []float64 {
	x := make([]float64, len(d.X))
	for j := range x {
		x[j] = d.X[j][i]
	}
	return x
}

func train(tb testing.TB, d hazard.Data, c hazard.Config, seed uint64) (*hazard.Model, hazard.Report) {
	tb.Helper()
	m, r, err := hazard.Train(d, c, source(seed), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return m, r
}

// On rows held out the model must be calibrated, rank nearly as the truth
// itself does, and score nearly as well.
func TestLearnsAKnownHazard(t *testing.T) {
	t.Parallel()
	d, p := simulate(20_000, 1)
	m, r := train(t, d, config(), 1)
	if len(r.HeldOut) != 4000 || r.Grown <= len(m.Trees) || r.Rows.Fit+r.Rows.Stop+r.Rows.Calibrate != 16_000 {
		t.Errorf("report %+v of %d trees", r.Rows, len(m.Trees))
	}
	var said, best []eval.Forecast
	var byModel, byTruth []eval.Watched
	for _, i := range r.HeldOut {
		x := row(d, i)
		q := m.Probability(x)
		said = append(said, eval.Forecast{Probability: q, Happened: d.Failed[i]})
		best = append(best, eval.Forecast{Probability: p[i], Happened: d.Failed[i]})
		at := 2.
		if d.Failed[i] {
			at = 1
		}
		byModel = append(byModel, eval.Watched{Risk: m.Score(x), Time: at, Failed: d.Failed[i]})
		byTruth = append(byTruth, eval.Watched{Risk: p[i], Time: at, Failed: d.Failed[i]})
	}
	number := func(x float64, err error) float64 {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	ece := number(eval.CalibrationError(said, 10))
	rank, bestRank := number(eval.Concordance(byModel)), number(eval.Concordance(byTruth))
	brier, bestBrier := number(eval.Brier(said)), number(eval.Brier(best))
	t.Logf("%d trees; calibration error %.4f; concordance %.4f of %.4f; Brier %.4f of %.4f",
		len(m.Trees), ece, rank, bestRank, brier, bestBrier)
	if ece > 0.02 || rank < bestRank-0.035 || brier > bestBrier*1.08 {
		t.Errorf("calibration error %.4f; concordance %.4f of %.4f; Brier %.4f of %.4f", ece, rank, bestRank, brier, bestBrier)
	}
}

// Whatever the other features are, missing among them: more wear is never less
// risk, more care never more.
func TestConstraintsHoldForEveryPair(t *testing.T) {
	t.Parallel()
	d, _ := simulate(6000, 2)
	c := config()
	c.Depth = 4
	m, _ := train(t, d, c, 2)
	free, _ := train(t, d, func() hazard.Config { c := c; c.Monotone = nil; return c }(), 2)
	rng := source(3)
	broken := 0
	for range 400 {
		x := row(d, rng.IntN(len(d.Time)))
		for feature, sign := range map[int]float64{0: 1, 1: -1} {
			before, score, loose := math.Inf(-1), math.Inf(-1), math.Inf(-1)
			for k := range 81 {
				x[feature] = sign * (float64(k)/10 - 4)
				if q := m.Probability(x); q < before {
					t.Fatalf("feature %d at %g: %g after %g", feature, x[feature], q, before)
				} else {
					before = q
				}
				if s := m.Score(x); s < score {
					t.Fatalf("feature %d at %g: score %g after %g", feature, x[feature], s, score)
				} else {
					score = s
				}
				if s := free.Score(x); s < loose {
					broken++
				} else {
					loose = s
				}
			}
		}
	}
	if broken == 0 {
		t.Error("without constraints nothing falls either: the test shows nothing")
	}
}

// By hand: 3, 1 pool to 2; 2 with 2 stay level; 4 stays; 5, 3 (weight 3) pool to 3.5, then with 4 to 3.6.
func TestPoolAdjacent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ y, w, want []float64 }{
		"sorted":  {[]float64{1, 2, 3}, []float64{1, 1, 1}, []float64{1, 2, 3}},
		"falling": {[]float64{3, 2, 1}, []float64{1, 1, 1}, []float64{2, 2, 2}},
		"weights": {[]float64{3, 1, 4, 5, 3}, []float64{1, 1, 1, 1, 3}, []float64{2, 2, 3.6, 3.6, 3.6}},
		"one":     {[]float64{7}, []float64{2}, []float64{7}},
	} {
		if diff := cmp.Diff(c.want, hazard.PoolAdjacent(c.y, c.w), cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Only whether the value is there tells who fails: 40 % without, 5 % with.
func TestMissingValuesGoTheirOwnWay(t *testing.T) {
	t.Parallel()
	rng := source(4)
	d := hazard.Data{Features: []string{"x"}, X: make([][]float64, 1)}
	for i := range 8000 {
		x, q := rng.Float64(), 0.05
		if rng.Float64() < 0.3 {
			x, q = math.NaN(), 0.4
		}
		d.X[0], d.Time, d.Failed = append(d.X[0], x), append(d.Time, float64(i/80)), append(d.Failed, rng.Float64() < q)
	}
	m, _ := train(t, d, hazard.Default(), 5)
	if with, without := m.Probability([]float64{0.5}), m.Probability([]float64{math.NaN()}); math.Abs(with-0.05) > 0.02 || math.Abs(without-0.4) > 0.05 {
		t.Errorf("%.3f with a value, %.3f without, want 0.05 and 0.4", with, without)
	}
}

func TestSameSeedSameModel(t *testing.T) {
	t.Parallel()
	d, _ := simulate(3000, 6)
	a, _ := train(t, d, config(), 7)
	b, _ := train(t, d, config(), 7)
	c, _ := train(t, d, config(), 8)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if cmp.Equal(a, c) {
		t.Error("another seed makes the same model")
	}
}

// What lies in the held-out periods, and what fails within the horizon after
// the parts that are learned from, must not reach the model.
func TestAPoisonedFutureChangesNothing(t *testing.T) {
	t.Parallel()
	d, _ := simulate(4000, 9)
	d.Horizon = 3
	clean, r := train(t, d, config(), 1)
	for _, i := range r.HeldOut {
		d.Failed[i] = !d.Failed[i]
		d.X[0][i], d.X[1][i], d.X[3][i] = 1e9, math.NaN(), -float64(i)
	}
	first := d.Time[r.HeldOut[0]]
	for i, at := range d.Time {
		if at < first && at+d.Horizon >= first {
			d.Failed[i] = !d.Failed[i] // judged by what came later
		}
	}
	poisoned, _ := train(t, d, config(), 1)
	if diff := cmp.Diff(clean, poisoned); diff != "" {
		t.Errorf("the future was used:\n%s", diff)
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	ids := []string{"a", "a", "a", "a", "b", "b", "b"}
	times := []float64{1, 2, 3, 4, 1, 2, 3}
	failed := []bool{false, false, true, false, false, false, false}
	label, judged := hazard.Label(ids, times, failed, 1)
	// a fails at 3: row 2 warns, row 3 is too late, row 4 cannot be judged; b lives: rows 1 and 2 can be judged.
	if diff := cmp.Diff([]bool{false, true, false, false, false, false, false}, label); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]bool{true, true, false, false, true, true, false}, judged); diff != "" {
		t.Error(diff)
	}
}

// The rows whose horizon ends after the data cannot be judged, not even those
// whose unit is known to have failed: they would be failures alone.
func TestLabelLooksNoFurtherThanTheData(t *testing.T) {
	t.Parallel()
	ids, times := []string{"a", "a", "a", "b", "b", "b"}, []float64{1, 2, 3, 1, 2, 3}
	_, judged := hazard.Label(ids, times, []bool{false, false, true, false, false, false}, 2)
	if diff := cmp.Diff([]bool{true, false, false, true, false, false}, judged); diff != "" {
		t.Error(diff)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	good, _ := simulate(2000, 10)
	for name, edit := range map[string]func(*hazard.Data, *hazard.Config){
		"no rows":          func(d *hazard.Data, _ *hazard.Config) { *d = hazard.Data{} },
		"short column":     func(d *hazard.Data, _ *hazard.Config) { d.X = slices.Clone(d.X); d.X[1] = d.X[1][:5] },
		"time":             func(d *hazard.Data, _ *hazard.Config) { d.Time = slices.Clone(d.Time); d.Time[3] = math.NaN() },
		"never fails":      func(d *hazard.Data, _ *hazard.Config) { d.Failed = make([]bool, len(d.Time)) },
		"unknown monotone": func(_ *hazard.Data, c *hazard.Config) { c.Monotone = map[string]int{"weight": 1} },
		"depth":            func(_ *hazard.Data, c *hazard.Config) { c.Depth = 9 },
		"shares":           func(_ *hazard.Data, c *hazard.Config) { c.HoldOut = 0.9 },
		"one period":       func(d *hazard.Data, _ *hazard.Config) { d.Time = make([]float64, len(d.Time)) },
	} {
		d, c := good, config()
		edit(&d, &c)
		if _, _, err := hazard.Train(d, c, source(1), nil); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckRefusesBadModels(t *testing.T) {
	t.Parallel()
	d, _ := simulate(2000, 11)
	m, _ := train(t, d, config(), 1)
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*hazard.Model){
		"version":   func(m *hazard.Model) { m.Version++ },
		"format":    func(m *hazard.Model) { m.Format = "other" },
		"loop":      func(m *hazard.Model) { m.Trees[0][0].Left = 0 },
		"feature":   func(m *hazard.Model) { m.Trees[0][0].Feature = 4 },
		"no nodes":  func(m *hazard.Model) { m.Trees[0] = nil },
		"falling":   func(m *hazard.Model) { m.Isotonic.Y[0] = 1 },
		"no points": func(m *hazard.Model) { m.Isotonic = hazard.Isotonic{} },
		"base":      func(m *hazard.Model) { m.Base = math.Inf(1) },
	} {
		var bad hazard.Model
		if err := json.Unmarshal(text, &bad); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(m, &bad); diff != "" {
			t.Fatalf("JSON changes the model: %s", diff)
		}
		edit(&bad)
		if err := bad.Check(); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func BenchmarkTrain(b *testing.B) {
	d, _ := simulate(20_000, 1)
	b.ReportAllocs()
	for b.Loop() {
		train(b, d, config(), 1)
	}
}

func BenchmarkProbability(b *testing.B) {
	d, _ := simulate(20_000, 1)
	m, _ := train(b, d, config(), 1)
	x := row(d, 7)
	b.ReportAllocs()
	for b.Loop() {
		m.Probability(x)
	}
}

// The number of trees is chosen on a part, the model is of all that lies before
// the held-out part: its base is the log odds of those rows, by hand.
func TestTheModelIsOfAllRowsBeforeTheHeldOutOnes(t *testing.T) {
	t.Parallel()
	d, _ := simulate(5000, 4)
	m, r := train(t, d, config(), 4)
	failed, n := 0., float64(len(d.Time)-len(r.HeldOut))
	for i := range int(n) { // rows are in the order of time
		if d.Failed[i] {
			failed++
		}
	}
	if want := math.Log(failed / (n - failed)); math.Abs(m.Base-want) > 1e-12 || len(r.HeldOut) != 1000 {
		t.Errorf("base %v, want %v; %d held out", m.Base, want, len(r.HeldOut))
	}
}
