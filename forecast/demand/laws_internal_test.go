package demand

import (
	"math"
	"testing"
)

// The derivatives of the likelihood are those of finite differences.
func TestPooledGradient(t *testing.T) {
	t.Parallel()
	var s state
	for _, y := range []float64{2, 0, 0, 5, 1, 0, 0} {
		s.add(y)
	}
	task := Task{Horizon: 4, Cumulative: true}
	e := task.ahead(s.view(assortment{mean: .7, dispersion: 1.8, dies: .01}), nil, 7, 3)
	e.weight = .7
	m := &pooled{x: start()}
	for i := range m.x {
		m.x[i] += .1 * math.Sin(float64(3*i+1))
	}
	for _, e.y = range []float64{0, 3, 40} {
		g := make([]float64, constant)
		m.loss(&e, g)
		for i := range m.x {
			const d = 1e-5
			up, down, none := append([]float64{}, m.x...), append([]float64{}, m.x...), make([]float64, constant)
			up[i], down[i] = up[i]+d, down[i]-d
			want := (m.at(up).loss(&e, none) - m.at(down).loss(&e, none)) / (2 * d)
			if math.Abs(g[i]-want) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("y %v, constant %d: slope %v, want %v", e.y, i, g[i], want)
			}
		}
	}
}

// squares judges means by what came, so many times.
func (q *quadratic) squares(times int, y float64, means ...float64) {
	for range times {
		q.square(means, y, 1)
		q.n++
	}
}

// Two methods that err to opposite sides by the same: half each, whatever was
// thought before. One that is right: nearly all.
func TestWeightsOfTheLeastScore(t *testing.T) {
	t.Parallel()
	q := newQuadratic([]float64{.9, .1})
	q.squares(30_000, 2, 1, 3)
	if w := q.weights(10); math.Abs(w[0]-.5) > 1e-3 {
		t.Errorf("opposite errors: %v", w)
	}
	q = newQuadratic([]float64{0, .5, .5})
	q.squares(30_000, 2, 2, 3, 4)
	if w := q.weights(10); w[0] < .95 || math.Abs(w[0]+w[1]+w[2]-1) > 1e-9 {
		t.Errorf("one is right: %v", w)
	}
	if w := newQuadratic([]float64{.25, .75}).weights(10); w[0] != .25 || w[1] != .75 {
		t.Errorf("nothing scored: %v", w)
	}
}

// One score says little beside a prior that counts a thousand, and much more says all.
func TestFewScoresLeaveThePrior(t *testing.T) {
	t.Parallel()
	q := newQuadratic([]float64{.5, .5})
	q.squares(1, 0, 1, 0)
	few := q.weights(1000)
	q.squares(100_000, 0, 1, 0)
	many := q.weights(1000)
	if !(few[0] > .49 && few[0] < .5) || !(many[0] < .01) {
		t.Errorf("after one score %v, after a hundred thousand %v: want nearly the prior, nearly nothing", few, many)
	}
}

// A method says 2 where 0 and 2 come in turn: by hand (2w)^2 + (2w-2)^2 is
// least at w = 1/2, the other half stands for nothing. Without a score nothing
// has no weight.
func TestNothingTakesTheWeightOfNoise(t *testing.T) {
	t.Parallel()
	q := newTally([]float64{1}).means
	if w := q.weights(30); w[0] != 1 || w[1] != 0 {
		t.Errorf("nothing scored: %v", w)
	}
	q.squares(50_000, 0, 2, 0)
	q.squares(50_000, 2, 2, 0)
	if w := q.weights(30); math.Abs(w[0]-.5) > 1e-3 || math.Abs(w[0]+w[1]-1) > 1e-9 {
		t.Errorf("weights %v, want a half each", w)
	}
}

// By hand: mean squared errors of 9, 1 and 1 count as 11^2/83 series, a series
// that was not judged as none.
func TestDeciding(t *testing.T) {
	t.Parallel()
	l := newLosses()
	l.n, l.demand = 4, 1
	s := l.score("any", []missed{{n: 2, squares: 18}, {n: 1, squares: 1}, {}, {n: 1, squares: 1}}, make([]float64, 4))
	if math.Abs(s.Deciding-121./83) > 1e-12 || math.Abs(s.MSE-11./3) > 1e-12 {
		t.Errorf("%v series decide an MSE of %v", s.Deciding, s.MSE)
	}
}

// Ten years in which every third period asks for twice as much.
func TestPhases(t *testing.T) {
	t.Parallel()
	row := make([]float64, 30)
	for i := range row {
		row[i] = 1 + float64(map[bool]int{true: 1}[i%3 == 2])
	}
	f := phases([][]float64{row}, 3)
	if len(f) != 3 || !(f[2] > 1.7*f[0]) || math.Abs(f[0]+f[1]+f[2]-3) > 1e-9 {
		t.Errorf("factors %v", f)
	}
	if phases([][]float64{row[:5]}, 3) != nil {
		t.Error("a season of less than two years")
	}
}

// Zeros before the first demand are no record; after it they are, and without
// a demand all stay.
func TestBorn(t *testing.T) {
	t.Parallel()
	none := math.NaN()
	got := lines{rows: [][]float64{{0, 0, 3, 0}, {none, 0, 0, 1}, {0, 0, 0, 0}, {2, 0, 0, 0}}}.born().rows
	for i, want := range [][]float64{{none, none, 3, 0}, {none, none, none, 1}, {0, 0, 0, 0}, {2, 0, 0, 0}} {
		for k, y := range want {
			if got[i][k] != y && !(math.IsNaN(y) && math.IsNaN(got[i][k])) {
				t.Errorf("row %d: %v, want %v", i, got[i], want)
			}
		}
	}
}

// Two months ahead of 15 the same month a year before is the fifth; a lead of
// more than a year goes two back.
func TestLastYear(t *testing.T) {
	t.Parallel()
	past := make([]float64, 15)
	for i := range past {
		past[i] = float64(i + 1)
	}
	task := Task{Season: 12}
	for h, want := range map[int]float64{1: 4, 2: 5, 12: 15, 13: 4} {
		if got := task.lastYear(past, h); got != math.Log1p(want) {
			t.Errorf("%d ahead: %v, want ln(1 + %v)", h, got, want)
		}
	}
	if x := task.lastYear(past[:3], 1); !math.IsNaN(x) {
		t.Errorf("unknown: %v", x)
	}
}

// By hand: 4 pieces for sure, spread from 3.5 to 4.5, are from 7 to 9 when they
// are doubled, a quarter of which is below 7.5 and three quarters below 8.5. Of
// a piece with probability .19 at half the level nothing has .81^(1/2) = .9, and
// the piece .1.
func TestStretchedByHand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cdf, want []float64
		factor    float64
	}{
		{[]float64{0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}, []float64{0, 0, 0, 0, 0, 0, 0, .25, .75, 1, 1}, 2},
		{[]float64{.81, 1, 1, 1}, []float64{.9, 1, 1, 1}, .5},
		{[]float64{1, 1, 1, 1}, []float64{1, 1, 1, 1}, 3},
	} {
		d := Distribution{Support: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}[:len(c.cdf)], CDF: c.cdf}
		for i, got := range d.stretched(c.factor) {
			if math.Abs(got-c.want[i]) > 1e-12 {
				t.Errorf("%v times %v: P(<= %d) is %v, want %v", c.factor, c.cdf, i, got, c.want[i])
			}
		}
	}
}
