package stock_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast/stock"
)

func spot(depot, region string, onHand int, l stock.Levels, mean float64) stock.Place {
	return stock.Place{
		Depot: depot, Region: region, Stock: presage.Stock{OnHand: onHand}, Levels: l, During: poisson(mean),
	}
}

func between(s, upTo int) stock.Levels { return stock.Levels{ReorderPoint: s, OrderUpTo: upTo} }

// Each case by reason: who has more than S gives to who is below s, in one
// region, in as few shipments as there can be.
func TestTransfersByReason(t *testing.T) {
	t.Parallel()
	urgent := stock.DefaultTransferRule()
	promised := spot("a", "east", 20, between(2, 3), .5)
	promised.Stock.Reserved = 16
	onItsWay := spot("a", "east", 1, between(2, 3), .5)
	onItsWay.Stock.OnOrder = 20
	tests := []struct {
		name   string
		places []stock.Place
		rule   stock.TransferRule
		want   []presage.Transfer
	}{
		{"surplus to need", []stock.Place{spot("a", "east", 20, between(2, 3), .5), spot("b", "east", 0, between(5, 8), 2)}, urgent, []presage.Transfer{{From: "a", To: "b", Pieces: 8}}},
		{"nobody would order", []stock.Place{spot("a", "east", 20, between(2, 3), .5), spot("b", "east", 5, between(5, 8), 2)}, urgent, nil},
		{"another region", []stock.Place{spot("a", "east", 20, between(2, 3), .5), spot("b", "west", 0, between(5, 8), 2)}, urgent, nil},
		{"another region, anywhere", []stock.Place{spot("a", "east", 20, between(2, 3), .5), spot("b", "west", 0, between(5, 8), 2)}, stock.TransferRule{Anywhere: true, Urgent: 1}, []presage.Transfer{{From: "a", To: "b", Pieces: 8}}},
		{"only what is not promised", []stock.Place{promised, spot("b", "east", 0, between(5, 8), 2)}, stock.TransferRule{Urgent: 1}, []presage.Transfer{{From: "a", To: "b", Pieces: 1}}},
		{"only what is on the shelf", []stock.Place{onItsWay, spot("b", "east", 0, between(5, 8), 2)}, urgent, []presage.Transfer{{From: "a", To: "b", Pieces: 1}}},
		{"urgent, down to the donor's reorder point", []stock.Place{spot("a", "east", 9, between(6, 10), 2), spot("b", "east", 0, between(5, 8), 4)}, urgent, []presage.Transfer{{From: "a", To: "b", Pieces: 3}}},
		{"urgent is not allowed", []stock.Place{spot("a", "east", 9, between(6, 10), 2), spot("b", "east", 0, between(5, 8), 4)}, stock.TransferRule{Urgent: 1}, nil},
		{"one donor rather than two", []stock.Place{spot("a", "east", 20, between(2, 3), .1), spot("c", "east", 21, between(2, 3), .1), spot("b", "east", 0, between(5, 8), 2)}, urgent, []presage.Transfer{{From: "c", To: "b", Pieces: 8}}},
		{"equal amounts go together", []stock.Place{spot("a", "east", 7, between(2, 3), .01), spot("c", "east", 11, between(2, 3), .01), spot("d", "east", 0, between(5, 8), 2), spot("e", "east", 0, between(3, 4), 1)}, urgent, []presage.Transfer{{From: "a", To: "e", Pieces: 4}, {From: "c", To: "d", Pieces: 8}}},
		{"nobody", nil, urgent, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := stock.Transfers(tt.places, tt.rule)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTransferLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(rt, "depots")
		places := make([]stock.Place, n)
		for i := range places {
			mean := rapid.Float64Range(.05, 6).Draw(rt, "mean")
			s := rapid.IntRange(0, 8).Draw(rt, "s")
			places[i] = spot("d"+strconv.Itoa(i), []string{"east", "west"}[i%2], rapid.IntRange(0, 25).Draw(rt, "hand"), between(s, s+rapid.IntRange(0, 6).Draw(rt, "q")), mean)
			places[i].Stock.Reserved = rapid.IntRange(0, 4).Draw(rt, "reserved")
			places[i].Stock.OnOrder = rapid.IntRange(0, 6).Draw(rt, "order")
		}
		rule := stock.TransferRule{Anywhere: rapid.Bool().Draw(rt, "anywhere"), Urgent: rapid.Float64Range(0, 1).Draw(rt, "urgent")}
		got := stock.Transfers(places, rule)
		before, after := 0.0, 0.0
		for _, p := range places {
			position, net := stock.Position(p.Stock), stock.Net(got, p.Depot)
			b, _ := stock.Short(p.During, position)
			a, _ := stock.Short(p.During, position+net)
			before, after = before+b, after+a
			if net < 0 && (position+net < p.Levels.ReorderPoint || p.Stock.OnHand-p.Stock.Reserved+net < 0) {
				rt.Fatalf("%s gave %d: %+v", p.Depot, -net, p)
			}
			if net > 0 && position+net > p.Levels.OrderUpTo {
				rt.Fatalf("%s got %d: %+v", p.Depot, net, p)
			}
		}
		if after > before || len(got) > 0 && after >= before || len(got) > n-1 && n > 0 {
			rt.Fatalf("expected shortage from %v to %v by %v", before, after, got)
		}
		for _, m := range got {
			if m.Pieces < 1 || m.From == m.To {
				rt.Fatalf("%+v", m)
			}
		}
		slices.Reverse(places)
		if diff := cmp.Diff(got, stock.Transfers(places, rule)); diff != "" {
			rt.Fatalf("the order of the depots matters: %s", diff)
		}
	})
}

// Every way of moving surplus (above S) to those who ask, enumerated: two
// donors, two in need. Greedy by margin is best for convex shortages; the
// choice of few donors may cost a hundredth of a piece a piece moved.
func TestTransfersAgainstEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var places []stock.Place
		for i, depot := range []string{"a", "b", "c", "d"} {
			s := rapid.IntRange(1, 4).Draw(rt, "s")
			p := spot(depot, "east", 0, between(s, s+rapid.IntRange(0, 2).Draw(rt, "q")), rapid.Float64Range(.1, 5).Draw(rt, "mean"))
			p.Stock.OnHand = rapid.IntRange(0, s-1).Draw(rt, "hand")
			if i < 2 {
				p.Stock.OnHand = p.Levels.OrderUpTo + rapid.IntRange(0, 4).Draw(rt, "surplus")
			}
			places = append(places, p)
		}
		total := func(net [4]int) float64 {
			sum := 0.0
			for i, p := range places {
				short, _ := stock.Short(p.During, p.Stock.OnHand+net[i])
				sum += short
			}
			return sum
		}
		room := func(i int) int {
			return max(places[i].Stock.OnHand-places[i].Levels.OrderUpTo, places[i].Levels.OrderUpTo-places[i].Stock.OnHand)
		}
		best := total([4]int{})
		for a := range room(0) + 1 {
			for b := range room(1) + 1 {
				for c := range min(room(2), a+b) + 1 {
					if d := a + b - c; d <= room(3) {
						best = min(best, total([4]int{-a, -b, c, d}))
					}
				}
			}
		}
		var net [4]int
		pieces := 0
		moves := stock.Transfers(places, stock.TransferRule{Urgent: 1})
		for i, p := range places {
			net[i] = stock.Net(moves, p.Depot)
			pieces += max(0, net[i])
		}
		if got := total(net); got > best+.02*float64(pieces+1) {
			rt.Fatalf("shortage %v by %v, best %v", got, moves, best)
		}
	})
}

func BenchmarkTransfers(b *testing.B) {
	var places []stock.Place
	for i := range 30 {
		places = append(places, spot("d"+strconv.Itoa(i), "east", i, between(12, 20), 8))
	}
	for b.Loop() {
		stock.Transfers(places, stock.DefaultTransferRule())
	}
}
