package stock_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"presage"
	"presage/forecast/stock"
)

func TestOrderByHand(t *testing.T) {
	t.Parallel()
	levels := stock.Levels{ReorderPoint: 8, OrderUpTo: 17}
	tests := []struct {
		name string
		s    presage.Stock
		lot  stock.Lot
		want int
	}{
		{"enough on the shelf", presage.Stock{OnHand: 8}, stock.Lot{}, 0},
		{"one short", presage.Stock{OnHand: 7}, stock.Lot{Pack: 1}, 10},
		{"enough on its way", presage.Stock{OnHand: 1, OnOrder: 7}, stock.Lot{}, 0},
		{"promised to bookings", presage.Stock{OnHand: 10, Reserved: 4}, stock.Lot{}, 11},
		{"more promised than there is", presage.Stock{OnHand: 1, Reserved: 3}, stock.Lot{}, 19},
		{"whole packs", presage.Stock{OnHand: 7}, stock.Lot{Pack: 4}, 12},
		{"no pack size known", presage.Stock{}, stock.Lot{Pack: -1}, 17},
		{"a pack larger than the need", presage.Stock{OnHand: 7}, stock.Lot{Pack: 50}, 50},
		{"a minimum larger than the need", presage.Stock{OnHand: 7}, stock.Lot{Minimum: 25}, 25},
		{"a minimum in packs", presage.Stock{OnHand: 7}, stock.Lot{Pack: 12, Minimum: 25}, 36},
		{"a minimum smaller than the need", presage.Stock{}, stock.Lot{Pack: 4, Minimum: 9}, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := levels.Order(stock.Position(tt.s), tt.lot); got != tt.want {
				t.Errorf("order %d, want %d", got, tt.want)
			}
		})
	}
}

func TestOrderLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		point := rapid.IntRange(0, 60).Draw(rt, "reorder point")
		l := stock.Levels{ReorderPoint: point, OrderUpTo: point + rapid.IntRange(0, 60).Draw(rt, "more")}
		position := rapid.IntRange(-20, 100).Draw(rt, "position")
		pack := rapid.IntRange(1, 12).Draw(rt, "pack")
		least := rapid.IntRange(0, 50).Draw(rt, "minimum")
		got := l.Order(position, stock.Lot{Pack: pack, Minimum: least})
		switch {
		case got%pack != 0:
			rt.Fatalf("%d is not a multiple of the pack %d", got, pack)
		case position >= l.ReorderPoint && got != 0:
			rt.Fatalf("ordered %d at %d, reorder point %d", got, position, l.ReorderPoint)
		case position < l.ReorderPoint && (position+got < l.OrderUpTo || got >= max(l.OrderUpTo-position, least)+pack):
			rt.Fatalf("ordered %d at %d, up to %d", got, position, l.OrderUpTo)
		case got > 0 && got < least:
			rt.Fatalf("ordered %d, the least is %d", got, least)
		}
	})
}

func ExampleLevels_Order() {
	levels := stock.Levels{ReorderPoint: 8, OrderUpTo: 17}
	s := presage.Stock{OnHand: 6, OnOrder: 4, Reserved: 3}
	fmt.Printf("position %d, reorder below %d, order %d\n", stock.Position(s), levels.ReorderPoint,
		levels.Order(stock.Position(s), stock.Lot{Pack: 4}))
	// Output: position 7, reorder below 8, order 12
}
