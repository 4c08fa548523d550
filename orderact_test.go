package presage_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"presage"
)

// Whatever comes of an order, in parts and in any order of its lines: what is left is what was
// ordered less what came and what was cancelled, the movements are what came, and no act
// changes the order that it was done to. Receiving 3 of 10 leaves 7.
func TestOrdersLeaveWhatDidNotCome(t *testing.T) {
	t.Parallel()
	placed := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		o := presage.Order{ID: "po-1", DepotID: "d1"}
		for i, n := range rapid.SliceOfN(rapid.IntRange(1, 12), 1, 4).Draw(t, "ordered") {
			o.Lines = append(o.Lines, presage.OrderLine{
				Line: i + 1, Part: fmt.Sprint("P", i), Quantity: n, PlacedAt: placed, PromisedAt: placed, ExpectedAt: placed,
			})
		}
		o.Settle()
		came, gone := make([]int, len(o.Lines)), make([]int, len(o.Lines))
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			i, n := rapid.IntRange(0, len(o.Lines)-1).Draw(t, "line"), rapid.IntRange(1, 6).Draw(t, "pieces")
			kind := rapid.SampledFrom([]presage.OrderActKind{presage.ActReceive, presage.ActCancel}).Draw(t, "kind")
			before := fmt.Sprint(o)
			next, moves, err := o.After(presage.OrderAct{
				Kind: kind, At: placed, Lines: []presage.OrderActLine{{Line: i + 1, Pieces: n}},
			})
			if fmt.Sprint(o) != before {
				t.Fatal("an act changed the order before it")
			}
			if fits := n <= o.Lines[i].Quantity-came[i]-gone[i]; fits != (err == nil) {
				t.Fatalf("%s %d of line %d, %d came and %d were cancelled: %v", kind, n, i+1, came[i], gone[i], err)
			}
			if err != nil {
				continue
			}
			if o = next; kind == presage.ActReceive {
				came[i] += n
			} else {
				gone[i] += n
			}
			if (len(moves) == 1 && moves[0].Pieces == n) != (kind == presage.ActReceive) {
				t.Fatalf("%s moved %v", kind, moves)
			}
		}
		for i, l := range o.Lines {
			if l.Received != came[i] || l.Open != l.Quantity-came[i]-gone[i] {
				t.Fatalf("line %+v: %d came, %d were cancelled", l, came[i], gone[i])
			}
		}
	})
}
