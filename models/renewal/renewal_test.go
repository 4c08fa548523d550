package renewal_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/models/eval"
	"presage/models/life"
	"presage/models/renewal"
)

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// madison reads the engines of bus groups 1 to 3.
func madison(tb testing.TB) []life.Life {
	tb.Helper()
	text, err := os.ReadFile("testdata/madison_groups_1_3.csv")
	if err != nil {
		tb.Fatal(err)
	}
	var lives []life.Life
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[2:] {
		miles, event, _ := strings.Cut(line, ",")
		x, err := strconv.ParseFloat(miles, 64)
		if err != nil {
			tb.Fatal(err)
		}
		if l := life.Alive(0, x); event == "1" {
			lives = append(lives, life.Exact(0, x))
		} else {
			lives = append(lives, l)
		}
	}
	return lives
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// Wanted: R survreg on the same engines, eta 264,477 and beta 4.79; its standard
// error of eta is some 4 %. The posterior has priors and no mode: within one standard error.
func TestPosteriorLiesAroundTheFit(t *testing.T) {
	t.Parallel()
	draws, err := renewal.Fit([][]life.Life{madison(t)}, 4000, source(1))
	if err != nil {
		t.Fatal(err)
	}
	var scales, shapes []float64
	for _, d := range draws {
		scales, shapes = append(scales, d[0].Scale), append(shapes, d[0].Shape)
	}
	if got := median(scales); math.Abs(got-264_477) > 0.04*264_477 {
		t.Errorf("median scale %g, want 264,477", got)
	}
	if got := median(shapes); math.Abs(got-4.79) > 0.8 {
		t.Errorf("median shape %g, want 4.79", got)
	}
}

// A group of three lives borrows from one of five hundred: its scale lies
// between its own lives' and the others'.
func TestSmallGroupsBorrow(t *testing.T) {
	t.Parallel()
	rng := source(2)
	var many, few []life.Life
	for range 500 {
		many = append(many, life.Exact(0, 100*math.Pow(rng.ExpFloat64(), 1/3.)))
	}
	for range 3 {
		few = append(few, life.Exact(0, 50*math.Pow(rng.ExpFloat64(), 1/3.)))
	}
	own := 0.
	for _, l := range few { // the fit of known shape: scale^3 is the mean of lives^3
		own += l.Low * l.Low * l.Low / 3
	}
	draws, err := renewal.Fit([][]life.Life{many, few, nil}, 2000, rng)
	if err != nil {
		t.Fatal(err)
	}
	var big, small, none []float64
	for _, d := range draws {
		big, small, none = append(big, d[0].Scale), append(small, d[1].Scale), append(none, d[2].Scale)
	}
	b, s := median(big), median(small)
	if math.Abs(b-100) > 5 || s < math.Cbrt(own) || s > b {
		t.Errorf("scales %g and %g, alone they are 100 and %g", b, s, math.Cbrt(own))
	}
	if n := median(none); n < s*0.9 || n > b*1.1 {
		t.Errorf("a group without lives has scale %g, the others %g and %g", n, b, s)
	}
}

// A distribution of shape 1 forgets age: a unit fails with 1 - exp(-12 use/scale), and
// renewals are a Poisson process of rate use/scale (Karlin and Taylor 1975, 5.1).
func TestAheadOfAKnownLaw(t *testing.T) {
	t.Parallel()
	const scale, use, units = 60., 3., 20
	draws := slices.Repeat([]renewal.Draw{{life.Weibull{Shape: 1, Scale: scale}}}, 20_000)
	fleet := make([]renewal.Unit, units)
	for i := range fleet {
		fleet[i] = renewal.Unit{Age: float64(10 * i), Usage: renewal.Usage{Mean: use}}
	}
	got, err := renewal.Ahead(draws, fleet, 12, source(3))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range got.Probability {
		if want := 1 - math.Exp(-12*use/scale); math.Abs(p-want) > 1e-9 {
			t.Errorf("unit %d: %g, want %g", i, p, want)
		}
	}
	for m, c := range got.Months { // Poisson of mean 1: P(0) = 0.3679, P(at most 2) = 0.9197
		if math.Abs(c.Mean-units*use/scale) > 0.03 || math.Abs(c.CDF[0]-0.3679) > 0.015 || math.Abs(c.CDF[2]-0.9197) > 0.01 {
			t.Errorf("month %d: %+v", m+1, c)
		}
		if c.Quantile(0.1) != 0 || c.Quantile(0.5) != 1 || c.Quantile(0.9) != 2 {
			t.Errorf("month %d: quantiles %d %d %d of a Poisson count of mean 1, want 0 1 2",
				m+1, c.Quantile(0.1), c.Quantile(0.5), c.Quantile(0.9))
		}
	}
}

// fleetOf draws a fleet's past and future by its own distribution.
type fleetOf struct {
	lives  [][]life.Life
	units  []renewal.Unit
	months [12]int
	failed []bool
}

func newFleet(rng *rand.Rand) fleetOf {
	f := fleetOf{lives: make([][]life.Life, 2)}
	for g := range 2 {
		law := life.Weibull{Shape: 3 * math.Exp(0.3*rng.NormFloat64()), Scale: 200 * math.Exp(0.25*rng.NormFloat64())}
		for range 25 {
			use, miles, now := 3+rng.Float64(), 0., 100+100*rng.Float64()
			failed := false
			for {
				age := law.Scale * math.Pow(rng.ExpFloat64(), 1/law.Shape)
				if month := (miles + age - now) / use; month >= 0 && month < 12 {
					f.months[int(month)]++
					failed = true
				}
				if miles+age > now && miles <= now {
					f.lives[g] = append(f.lives[g], life.Alive(0, now-miles))
					f.units = append(f.units, renewal.Unit{Group: g, Age: now - miles, Usage: renewal.Usage{Mean: use}})
				} else if miles+age <= now {
					f.lives[g] = append(f.lives[g], life.Exact(0, age))
				}
				if miles += age; miles > now+12*use {
					break
				}
			}
			f.failed = append(f.failed, failed)
		}
	}
	return f
}

// Of 60 fleets the forecasts must be calibrated: 3,000 units and 720 months.
func TestForecastsAreCalibrated(t *testing.T) {
	t.Parallel()
	rng := source(4)
	var said []eval.Forecast
	inside, months := 0, 0
	for range 60 {
		f := newFleet(rng)
		draws, err := renewal.Fit(f.lives, 600, rng)
		if err != nil {
			t.Fatal(err)
		}
		got, err := renewal.Ahead(draws, f.units, 12, rng)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range got.Probability {
			said = append(said, eval.Forecast{Probability: p, Happened: f.failed[i]})
		}
		for m, c := range got.Months {
			months++
			if x := eval.RandomisedPIT(c.CDF, f.months[m], rng); x >= 0.1 && x <= 0.9 {
				inside++
			}
		}
	}
	e, err := eval.CalibrationError(said, 10)
	if err != nil {
		t.Fatal(err)
	}
	share := float64(inside) / float64(months)
	t.Logf("calibration error %.4f, 80 %% band holds %.3f", e, share)
	if e > 0.03 || share < 0.74 || share > 0.86 {
		t.Errorf("calibration error %.4f, 80 %% band holds %.3f", e, share)
	}
}

func TestForecastOfUse(t *testing.T) {
	t.Parallel()
	units := []renewal.Log{
		{Group: 0, Used: slices.Repeat([]float64{100}, 36)},
		{Group: 0, Used: slices.Repeat([]float64{300}, 36)},
		{Group: 1},
	}
	got := renewal.Forecast(units, 2, 12)
	// Months that never vary leave nothing to chance; a unit that was never seen gets the fleet's mean.
	want := []renewal.Usage{{Mean: 100}, {Mean: 300}, {Mean: 200, SD: math.Sqrt(20_000)}}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })); diff != "" {
		t.Error(diff)
	}
	noisy := []renewal.Log{{Used: []float64{90, 110, 100, 100}}, {Used: []float64{100, 120, 80, 100}}, {Used: []float64{104, 100, 96, 100}}}
	for i, u := range renewal.Forecast(noisy, 1, 12) { // all means are 100, so between units there is nothing
		if math.Abs(u.Mean-100) > 1e-9 || u.SD <= 0 {
			t.Errorf("unit %d: %+v", i, u)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, lives := range map[string][][]life.Life{
		"no failure": {{life.Alive(0, 5), life.Alive(0, 7)}},
		"none":       {{}, {}},
		"backwards":  {{life.Between(0, 5, 4)}},
		"not a life": {{life.Exact(0, math.NaN())}},
	} {
		if _, err := renewal.Fit(lives, 10, source(1)); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	law := []renewal.Draw{{life.Weibull{Shape: 2, Scale: 5}}}
	for name, u := range map[string]renewal.Unit{"group": {Group: 1}, "age": {Age: -1}, "use": {Usage: renewal.Usage{Mean: math.NaN()}}} {
		if _, err := renewal.Ahead(law, []renewal.Unit{u}, 12, source(1)); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := renewal.Ahead(nil, nil, 12, source(1)); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("no draws: %v", err)
	}
}

// One failure, interval-censored and late-entered lives: a wide distribution, no NaN.
func TestOddLives(t *testing.T) {
	t.Parallel()
	draws, err := renewal.Fit([][]life.Life{{life.Between(2, 5, 9), life.Alive(3, 8), {Low: 6, High: math.Inf(1), Count: 4}}}, 500, source(5))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range draws {
		if !(d[0].Scale > 0) || !(d[0].Shape > 0) || math.IsInf(d[0].Scale, 0) {
			t.Fatalf("a draw of %+v", d)
		}
	}
}

func BenchmarkFit(b *testing.B) {
	lives := [][]life.Life{madison(b)}
	for b.Loop() {
		if _, err := renewal.Fit(lives, 500, source(1)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAhead(b *testing.B) {
	draws := slices.Repeat([]renewal.Draw{{life.Weibull{Shape: 4.8, Scale: 264_000}}}, 500)
	units := slices.Repeat([]renewal.Unit{{Age: 180_000, Usage: renewal.Usage{Mean: 3500, SD: 500}}}, 60)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := renewal.Ahead(draws, units, 12, source(1)); err != nil {
			b.Fatal(err)
		}
	}
}
