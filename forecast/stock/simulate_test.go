package stock_test

import (
	"errors"
	"math"
	"testing"

	"presage"
	"presage/forecast/stock"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// By hand, level 3, price 2, demands 2, 0, 5, 1.
//
//	no lead time  on hand 3 3 3 3   served 2/2, -, 3/5, 1/1
//	one period    on hand 3 1 3 -2  served 2/2, -, 3/5, 0/1 (the order of period 3 is 0, that of 4 arrives too late)
func TestSimulateByHand(t *testing.T) {
	t.Parallel()
	item := stock.Item{Price: 2, UpTo: []float64{3, 3, 3, 3}, Demand: []float64{2, 0, 5, 1}}
	p, err := stock.Simulate([]stock.Item{item}, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "fill", p.Fill, (1+1+0.6+1)/4)
	near(t, "served", p.Served, 6.0/8)
	near(t, "stock-outs", p.StockOut, 0.25)
	near(t, "value", p.Value, 6)
	if p, err = stock.Simulate([]stock.Item{item}, 1); err != nil {
		t.Fatal(err)
	}
	near(t, "fill with a lead time", p.Fill, (1+1+0.6+0)/4)
	near(t, "value with a lead time", p.Value, 2*(3+1+3+0)/4.0)
	near(t, "stock-outs with a lead time", p.StockOut, 0.5)
}

func TestSimulateRefuses(t *testing.T) {
	t.Parallel()
	for what, items := range map[string][]stock.Item{
		"no item": nil, "no price": {{UpTo: []float64{1}, Demand: []float64{1}}},
		"lengths":   {{Price: 1, UpTo: []float64{1}, Demand: []float64{1, 2}}},
		"a level":   {{Price: 1, UpTo: []float64{-1}, Demand: []float64{1}}},
		"no number": {{Price: 1, UpTo: []float64{1}, Demand: []float64{math.NaN()}}},
	} {
		if _, err := stock.Simulate(items, 0); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Demand 0, 1 or 4, one third each: mean 5/3; min(level, D) is 2/3, 1, 4/3 and
// 5/3 at the levels 1 to 4, which are shares of .4, .6, .8 and 1.
func TestUpToForFill(t *testing.T) {
	t.Parallel()
	support, cdf := []float64{0, 1, 2, 3, 4}, []float64{1. / 3, 2. / 3, 2. / 3, 2. / 3, 1}
	for target, want := range map[float64]float64{0: 0, .4: 1, .41: 2, .6: 2, .8: 3, .95: 4} {
		if got := stock.UpToForFill(support, cdf, target); got != want {
			t.Errorf("level for %v is %v, want %v", target, got, want)
		}
	}
	// The first piece serves 1/3 + 1/3 x 1/4 of a period, each further one 1/12.
	for worth, want := range map[float64]float64{.5: 0, .4: 1, .1: 1, .08: 4} {
		if got := stock.UpToForValue(support, cdf, 1, worth); got != want {
			t.Errorf("level at %v a piece is %v, want %v", worth, got, want)
		}
	}
	if got := stock.UpToForFill([]float64{0, 1}, []float64{1, 1}, .95); got != 0 {
		t.Errorf("level %v for no demand", got)
	}
}

func TestValueAt(t *testing.T) {
	t.Parallel()
	curve := []stock.CurvePoint{{.9, 100}, {.96, 160}, {.99, 250}}
	if v, ok := stock.ValueAt(curve, .95); !ok || math.Abs(v-150) > 1e-9 {
		t.Errorf("%v, %v", v, ok)
	}
	if _, ok := stock.ValueAt(curve, .999); ok {
		t.Error("a curve has no value beyond its end")
	}
}
