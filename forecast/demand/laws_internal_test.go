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

// Two methods that err to opposite sides by the same: half each. One that is
// right: nearly all.
func TestWeightsOfTheLeastScore(t *testing.T) {
	t.Parallel()
	q := newQuadratic(2)
	for range 3000 {
		q.square([]float64{1, 3}, 2, 1)
	}
	if w := q.weights(); math.Abs(w[0]-.5) > 1e-6 {
		t.Errorf("opposite errors: %v", w)
	}
	q = newQuadratic(3)
	for range 3000 {
		q.square([]float64{2, 3, 4}, 2, 1)
	}
	if w := q.weights(); w[0] < .95 || math.Abs(w[0]+w[1]+w[2]-1) > 1e-9 {
		t.Errorf("one is right: %v", w)
	}
	for _, x := range newQuadratic(4).weights() {
		if x != .25 {
			t.Errorf("nothing scored: %v", x)
		}
	}
}

// A method says 2 where 0 and 2 come in turn: by hand (2w)^2 + (2w-2)^2 is
// least at w = 1/2, the other half stands for nothing. Without a score nothing
// has no weight.
func TestNothingTakesTheWeightOfNoise(t *testing.T) {
	t.Parallel()
	q := newStack(1, 1)
	if w := q.weights(); w[0] != 1 || w[1] != 0 {
		t.Errorf("nothing scored: %v", w)
	}
	for range 50_000 {
		q.square([]float64{2, 0}, 0, 1)
		q.square([]float64{2, 0}, 2, 1)
	}
	if w := q.weights(); math.Abs(w[0]-.5) > 1e-3 || math.Abs(w[0]+w[1]-1) > 1e-9 {
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
