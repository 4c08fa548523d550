package stock_test

import (
	"testing"

	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// Demand of 0 to 9 pieces, each as likely: P(D <= 7) = 0.8, P(D <= 8) = 0.9.
func TestLevelsWithinBounds(t *testing.T) {
	t.Parallel()
	during := fleet.Distribution{Mass: []float64{.1, .1, .1, .1, .1, .1, .1, .1, .1, .1}}
	over := func(days int) (fleet.Distribution, error) { return fleet.Point(days / 10), nil } // a piece in ten days
	p := stock.DefaultPolicy()
	p.Target = .8
	for name, c := range map[string]struct {
		floor  float64
		bounds stock.Bounds
		want   stock.Levels
	}{
		"no bounds":                      {0, stock.Bounds{}, stock.Levels{ReorderPoint: 7, OrderUpTo: 9}},
		"at least":                       {0, stock.Bounds{Min: 12}, stock.Levels{ReorderPoint: 12, OrderUpTo: 14}},
		"at most":                        {0, stock.Bounds{Max: 5}, stock.Levels{ReorderPoint: 5, OrderUpTo: 5}},
		"at most, above the point":       {0, stock.Bounds{Max: 8}, stock.Levels{ReorderPoint: 7, OrderUpTo: 8}},
		"both":                           {0, stock.Bounds{Min: 4, Max: 4}, stock.Levels{ReorderPoint: 4, OrderUpTo: 4}},
		"shelf life":                     {0, stock.Bounds{ShelfLifeDays: 30}, stock.Levels{ReorderPoint: 3, OrderUpTo: 3}},
		"shelf life below the least":     {0, stock.Bounds{Min: 6, ShelfLifeDays: 30}, stock.Levels{ReorderPoint: 6, OrderUpTo: 6}},
		"floor":                          {.9, stock.Bounds{}, stock.Levels{ReorderPoint: 8, OrderUpTo: 10}},
		"never below the floor":          {.9, stock.Bounds{Max: 2}, stock.Levels{ReorderPoint: 8, OrderUpTo: 8}},
		"shelf life not below the floor": {.9, stock.Bounds{ShelfLifeDays: 10}, stock.Levels{ReorderPoint: 8, OrderUpTo: 8}},
	} {
		p.Floor = c.floor
		got, err := p.Within(p.Levels(during, 3), c.bounds, during, over)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
	p.Floor = 1
	if p.Validate() == nil {
		t.Error("a floor of 1 is taken")
	}
}
