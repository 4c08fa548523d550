package stock_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage"
	"presage/forecast/stock"
)

func same(n int, l stock.Levels) []stock.Levels {
	out := make([]stock.Levels, n)
	for i := range out {
		out[i] = l
	}
	return out
}

// By hand: below 2 order up to 4, in packs of 3; price 10, 3 on the shelf.
//
//	period  position  order (takes)  arrives  on hand  demand  served  waiting after
//	1       3         -              -        3        2       2       0
//	2       1         3 (3: in 5)    -        1        2       1       1
//	3       2         -              -        -1       1       0       2
//	4       1         3 (1: in 5)    -        -2       0       -       2
//	5       4         -              6        4        3       3       0
//	6       1         3 (0: now)     3        4        1       1       0
func TestReplayByHand(t *testing.T) {
	t.Parallel()
	got, err := stock.Replay([]stock.Run{{
		Price: 10, Start: 3, Lot: stock.Lot{Pack: 3}, Levels: same(6, stock.Levels{ReorderPoint: 2, OrderUpTo: 4}),
		Demand: []int{2, 2, 1, 0, 3, 1}, Leads: []int{9, 3, 9, 1, 9, 0},
	}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "fill", got.Fill, (1+.5+0+1+1+1)/6)
	near(t, "served", got.Served, 7.0/9)
	near(t, "stock-outs", got.StockOut, 2.0/6)
	near(t, "value", got.Value, 10*(3+1+0+0+4+4)/6.0)
	near(t, "waiting", got.Waiting, 1+2+2)
	near(t, "turns", got.Turns, 10*9/20.0)
	if got.Orders != 3 {
		t.Errorf("%d orders", got.Orders)
	}
}

// With s = S, any number of pieces and a fixed lead time it is Simulate.
func TestReplayIsSimulate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		demand := rapid.SliceOfN(rapid.IntRange(0, 5), 1, 30).Draw(rt, "demand")
		upTo, lead := rapid.IntRange(0, 12).Draw(rt, "up to"), rapid.IntRange(0, 5).Draw(rt, "lead")
		item := stock.Item{Price: 3}
		run := stock.Run{Price: 3, Start: upTo, Demand: demand, Levels: same(len(demand), stock.Levels{ReorderPoint: upTo, OrderUpTo: upTo})}
		for _, d := range demand {
			item.Demand, item.UpTo = append(item.Demand, float64(d)), append(item.UpTo, float64(upTo))
			run.Leads = append(run.Leads, lead)
		}
		want, err := stock.Simulate([]stock.Item{item}, lead)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := stock.Replay([]stock.Run{run})
		if err != nil || got.Performance != want {
			rt.Fatalf("%+v, want %+v, %v", got, want, err)
		}
	})
}

func TestReplayBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(rt, "periods")
		cells := func(name string, most int) []int {
			return rapid.SliceOfN(rapid.IntRange(0, most), n, n).Draw(rt, name)
		}
		point := rapid.IntRange(0, 8).Draw(rt, "reorder point")
		run := stock.Run{
			Price: 2, Start: rapid.IntRange(0, 9).Draw(rt, "start"), Demand: cells("demand", 6), Leads: cells("leads", 7),
			Levels: same(n, stock.Levels{ReorderPoint: point, OrderUpTo: point + rapid.IntRange(0, 8).Draw(rt, "more")}),
			Lot:    stock.Lot{Pack: rapid.IntRange(0, 5).Draw(rt, "pack"), Minimum: rapid.IntRange(0, 9).Draw(rt, "minimum")},
		}
		got, err := stock.Replay([]stock.Run{run})
		if err != nil {
			rt.Fatal(err)
		}
		for _, share := range []float64{got.Fill, got.Served, got.StockOut, 1 - got.StockOut} {
			if share < 0 || share > 1 {
				rt.Fatalf("%+v", got)
			}
		}
		if got.Value < 0 || got.Waiting < 0 || got.Turns < 0 || got.Orders > n {
			rt.Fatalf("%+v", got)
		}
		run.Levels = same(n, stock.Levels{ReorderPoint: 0, OrderUpTo: 0})
		run.Start = 6 * n // enough for everybody
		if got, err = stock.Replay([]stock.Run{run}); err != nil || got.Served != 1 || got.Waiting != 0 || got.Orders != 0 {
			rt.Fatalf("%+v %v", got, err)
		}
	})
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	one := same(1, stock.Levels{ReorderPoint: 1, OrderUpTo: 2})
	for what, run := range map[string]stock.Run{
		"no period":     {Price: 1},
		"no price":      {Price: math.NaN(), Demand: []int{1}, Levels: one, Leads: []int{0}},
		"lengths":       {Price: 1, Demand: []int{1}, Levels: one, Leads: []int{0, 1}},
		"a demand":      {Price: 1, Demand: []int{-1}, Levels: one, Leads: []int{0}},
		"a lead time":   {Price: 1, Demand: []int{1}, Levels: one, Leads: []int{-1}},
		"levels":        {Price: 1, Demand: []int{1}, Levels: same(1, stock.Levels{ReorderPoint: 3}), Leads: []int{0}},
		"a start below": {Price: 1, Start: -1, Demand: []int{1}, Levels: one, Leads: []int{0}},
	} {
		if _, err := stock.Replay([]stock.Run{run}); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := stock.Replay(nil); !errors.Is(err, presage.ErrInvalid) {
		t.Error("no run was taken")
	}
}
