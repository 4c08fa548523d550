package eval

import (
	"math"
	"testing"

	"presage/forecast/demand"
)

// By hand, with nothing to wait for: one part asks for 2, 0, 0 ... and the
// other for 1 in each of the first two months. A level of 1 serves half of the
// first demand and both of the others: one stock-out in three months with a
// demand, 3 of 4 pieces.
func TestCurveCountsMonthsWithADemand(t *testing.T) {
	t.Parallel()
	a, b := make([]float64, shelfTrain+12), make([]float64, shelfTrain+12)
	a[shelfTrain], b[shelfTrain], b[shelfTrain+1] = 2, 1, 1
	b[shelfTrain+5] = math.NaN() // no record: no demand
	c := counter{series: []demand.Series{{Values: a}, {Values: b}}, prices: []float64{3, 1}}
	curve, err := c.curve([]float64{.5}, func(int, int, float64) float64 { return 1 })
	if err != nil {
		t.Fatal(err)
	}
	p := curve[0]
	if math.Abs(p.out-1./3) > 1e-12 || math.Abs(p.fill-.75) > 1e-12 || math.Abs(p.value-4) > 1e-12 {
		t.Errorf("%+v", p)
	}
}

// By hand: between 12 % at 10 and 3 % at 40 the line is at 6 % after two thirds, at 30.
func TestReadACurve(t *testing.T) {
	t.Parallel()
	curve := []outPoint{{out: .12, value: 10}, {out: .03, value: 40}}
	byOut, byValue := func(p outPoint) float64 { return -p.out }, func(p outPoint) float64 { return p.value }
	if v, ok := read(curve, byOut, -.06, byValue); !ok || math.Abs(v-30) > 1e-9 {
		t.Errorf("%v, %v", v, ok)
	}
	if _, ok := read(curve, byOut, -.2, byValue); ok {
		t.Error("read past the end")
	}
}

// By hand: 27 months of 3 have mean 3 and no deviation; SBA says 0.95 of it,
// over two months 5.7 pieces, that is 6 at any service level.
func TestNormalLevel(t *testing.T) {
	t.Parallel()
	values := make([]float64, shelfTrain+12)
	for i := range values {
		values[i] = 3
	}
	c := counter{series: []demand.Series{{Values: values}}, prices: []float64{1}, lead: 1}
	for _, target := range []float64{.2, .5, .99} {
		if got := c.normalLevel(0, 0, target); got != 6 {
			t.Errorf("at %g: %g", target, got)
		}
	}
}
