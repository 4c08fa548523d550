package stock_test

import (
	"errors"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"presage"
	"presage/forecast/stock"
)

// upTo is a demand of 0 to n pieces, each as likely.
type upTo int

func (n upTo) Quantile(q float64) int {
	for k := range int(n) {
		if float64(k+1)/float64(n+1) >= q {
			return k
		}
	}
	return int(n)
}

// By hand: demand of 0-9 over the lead time, 0-19 over lead time and cover; at
// 90 % the levels are 8 and 17.
func TestOrderByHand(t *testing.T) {
	t.Parallel()
	levels, err := stock.LevelsFor(.9, upTo(9), upTo(19))
	if err != nil || levels != (stock.Levels{ReorderPoint: 8, OrderUpTo: 17}) {
		t.Fatalf("%+v, %v", levels, err)
	}
	tests := []struct {
		name string
		s    presage.Stock
		pack int
		want int
	}{
		{"enough on the shelf", presage.Stock{OnHand: 8}, 1, 0},
		{"one short", presage.Stock{OnHand: 7}, 1, 10},
		{"enough on its way", presage.Stock{OnHand: 1, OnOrder: 7}, 1, 0},
		{"promised to bookings", presage.Stock{OnHand: 10, Reserved: 4}, 1, 11},
		{"more promised than there is", presage.Stock{OnHand: 1, Reserved: 3}, 1, 19},
		{"whole packs", presage.Stock{OnHand: 7}, 4, 12},
		{"no pack size known", presage.Stock{}, 0, 17},
		{"a pack larger than the need", presage.Stock{OnHand: 7}, 50, 50},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := levels.Order(stock.Position(tt.s), tt.pack); got != tt.want {
				t.Errorf("order %d, want %d", got, tt.want)
			}
		})
	}
}

func TestNothingIsOrderedWhereNothingIsAskedFor(t *testing.T) {
	t.Parallel()
	levels, err := stock.LevelsFor(.95, upTo(0), upTo(0))
	if got := levels.Order(0, 10); err != nil || got != 0 {
		t.Errorf("order %d, %v", got, err)
	}
}

func TestLevelsForRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []float64{0, 1, -1, 2} {
		if _, err := stock.LevelsFor(bad, upTo(1), upTo(1)); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("service level %v: %v", bad, err)
		}
	}
}

func TestOrderLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(rt, "demand")
		cover := n + rapid.IntRange(0, 60).Draw(rt, "cover")
		level := rapid.Float64Range(.01, .99).Draw(rt, "level")
		position := rapid.IntRange(-20, 100).Draw(rt, "position")
		pack := rapid.IntRange(1, 12).Draw(rt, "pack")
		l, err := stock.LevelsFor(level, upTo(n), upTo(cover))
		if err != nil {
			rt.Fatal(err)
		}
		got := l.Order(position, pack)
		switch {
		case got%pack != 0:
			rt.Fatalf("%d is no multiple of the pack %d", got, pack)
		case position >= l.ReorderPoint && got != 0:
			rt.Fatalf("ordered %d at %d, reorder point %d", got, position, l.ReorderPoint)
		case position < l.ReorderPoint && (position+got < l.OrderUpTo || position+got >= l.OrderUpTo+pack):
			rt.Fatalf("ordered %d at %d, up to %d", got, position, l.OrderUpTo)
		}
	})
}

func ExampleLevels_Order() {
	levels, err := stock.LevelsFor(.9, upTo(9), upTo(19))
	if err != nil {
		fmt.Println(err)
		return
	}
	s := presage.Stock{OnHand: 6, OnOrder: 4, Reserved: 3}
	fmt.Printf("position %d, reorder below %d, order %d\n", stock.Position(s), levels.ReorderPoint,
		levels.Order(stock.Position(s), 4))
	// Output: position 7, reorder below 8, order 12
}
