package simulator_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"presage/simulator"
)

// Of 2,000 orders about 18 % come more than a day late and 10 % in two parts: three
// standard errors are 2.6 % and 2.0 %. Every piece comes once, after it was ordered.
func TestSuppliersMostlyKeepTheirWord(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 7, 1, 2, 0, 0, 0, time.UTC)
	c := simulator.Default(start)
	c.Vehicles = 1
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	const orders, pieces = 2000, 7
	promised := start.AddDate(0, 0, 9)
	late, split, told := 0., 0., 0.
	for i := range orders {
		line := fmt.Sprint("po-", i)
		got := w.Shipments(line, start, promised, pieces)
		if !slices.Equal(got, w.Shipments(line, start, promised, pieces)) {
			t.Fatalf("%s is delivered in two ways", line)
		}
		sum := 0
		for _, s := range got {
			sum += s.Pieces
			if !s.At.After(start) || s.Pieces < 1 {
				t.Errorf("%+v of an order of %v", s, start)
			}
		}
		if sum != pieces || !slices.IsSortedFunc(got, func(a, b simulator.Shipment) int { return cmp.Compare(a.At.Unix(), b.At.Unix()) }) {
			t.Errorf("%d pieces in %+v", sum, got)
		}
		if got[0].At.Sub(promised) > 24*time.Hour {
			late++
			if !got[0].Told.IsZero() {
				told++
			}
		}
		if len(got) > 1 {
			split++
		}
	}
	for _, x := range []struct {
		what            string
		got, from, upTo float64
	}{{"late", late / orders, .12, .21}, {"split", split / orders, .08, .12}, {"told, of the late", told / late, .3, .5}} {
		if x.got < x.from || x.got > x.upTo {
			t.Errorf("%s: %.3f, want %v to %v", x.what, x.got, x.from, x.upTo)
		}
	}
}
