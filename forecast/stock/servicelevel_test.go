package stock_test

import (
	"errors"
	"testing"

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
func TestLevelsForByHand(t *testing.T) {
	t.Parallel()
	levels, err := stock.LevelsFor(.9, upTo(9), upTo(19))
	if err != nil || levels != (stock.Levels{ReorderPoint: 8, OrderUpTo: 17}) {
		t.Fatalf("%+v, %v", levels, err)
	}
	levels, err = stock.LevelsFor(.95, upTo(0), upTo(0))
	if got := levels.Order(0, stock.Lot{Pack: 10}); err != nil || got != 0 {
		t.Errorf("nothing is asked for, order %d, %v", got, err)
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
