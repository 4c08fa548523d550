//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// balanced checks the ledger of a part at depot d1: numbered without a gap, each balance
// the one before and the pieces, the last one on hand. It returns the kinds, the oldest first.
func balanced(t *testing.T, s *sqlstore.Store, part string) []presage.MovementKind {
	t.Helper()
	ms, err := s.StockMovements(t.Context(), presage.MovementFilter{DepotID: "d1", Part: part})
	must(t, err)
	slices.SortFunc(ms, func(a, b presage.StockMovement) int { return int(a.N - b.N) })
	var kinds []presage.MovementKind
	sum := 0
	for i, m := range ms {
		sum += m.Pieces
		if m.N != int64(i+1) || m.OnHand != sum || m.Pieces == 0 {
			t.Errorf("movement %d of %d is %+v, the pieces until then are %d", i+1, len(ms), m, sum)
		}
		kinds = append(kinds, m.Kind)
	}
	same(t, "on hand", stockOf(t, s, part).OnHand, sum)
	return kinds
}

// ledgerSums does 200 things at random with four parts, some of which cannot be done.
func ledgerSums(t *testing.T, s *sqlstore.Store) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 76))
		part := fmt.Sprint("P", seed)
		must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: part, OnHand: r.IntN(5)}}))
		ordered := 0
		for i := range 50 {
			at, key := noon().Add(time.Duration(i)*time.Hour), fmt.Sprint(part, "-", i)
			switch r.IntN(5) {
			case 0:
				ordered++
				must(t, s.PutOrder(t.Context(), presage.PurchaseOrder{
					ID: fmt.Sprint(part, "-", ordered), DepotID: "d1", Part: part, Quantity: 1 + r.IntN(9), OrderedAt: at, ExpectedAt: at,
				}))
			case 1:
				kind := []presage.OrderActKind{presage.ActReceive, presage.ActCancel, presage.ActConfirm}[r.IntN(3)]
				_, _ = s.ActOrder(t.Context(), presage.OrderAct{
					Key: key, OrderID: fmt.Sprint(part, "-", 1+r.IntN(ordered+1)), Kind: kind, At: at,
					Lines: []presage.OrderActLine{{Line: 1, Pieces: 1 + r.IntN(4)}},
				}, "d", at)
			case 2:
				kinds := []presage.MovementKind{presage.MoveCount, presage.MoveCorrection, presage.MoveReturn, presage.MoveSupplierReturn, presage.MoveScrap}
				_, _ = s.MoveStock(t.Context(), presage.StockAct{Key: key, At: at, Lines: []presage.StockActLine{
					{DepotID: "d1", Part: part, Kind: kinds[r.IntN(len(kinds))], Pieces: 1 + r.IntN(6)},
				}}, "d", at)
			case 3:
				must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: part, OnHand: r.IntN(9), OnOrder: r.IntN(9)}}))
			default:
				_, _ = s.MoveStock(t.Context(), presage.StockAct{Key: key, At: at, Lines: []presage.StockActLine{
					{DepotID: "d1", Part: part, Kind: presage.MoveScrap, Pieces: 1},
					{DepotID: "d1", Part: part, Kind: presage.MoveCount, Pieces: 3},
					{DepotID: "d1", Part: part, Kind: presage.MoveScrap, Pieces: 1 + r.IntN(4)}, // 4 of 3: nothing is done
				}}, "d", at)
			}
		}
		if got := balanced(t, s, part); len(got) < 10 {
			t.Errorf("only %d movements", len(got))
		}
	}
}

// ledgerRace lets eight clerks take a piece each of five that are there.
func ledgerRace(t *testing.T, s *sqlstore.Store) {
	must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 5}}))
	var group sync.WaitGroup
	var lock sync.Mutex
	refused := 0
	for i := range 8 {
		group.Go(func() {
			_, err := s.MoveStock(t.Context(), presage.StockAct{Key: fmt.Sprint("k", i), Lines: []presage.StockActLine{
				{DepotID: "d1", Part: "PAD", Kind: presage.MoveScrap, Pieces: 1},
			}}, "d", noon())
			if err != nil {
				lock.Lock()
				defer lock.Unlock()
				refused++
			}
		})
	}
	group.Wait()
	same(t, "refused", refused, 3)
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD"})
	same(t, "movements", len(balanced(t, s, "PAD")), 6)
}

func stockMoves(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	move := func(key string, lines ...presage.StockActLine) ([]presage.StockMovement, error) {
		return s.MoveStock(ctx, presage.StockAct{Key: key, By: "li", Why: "year's end", At: noon(), Lines: lines}, "d", noon().Add(time.Hour))
	}
	count := presage.StockActLine{DepotID: "d1", Part: "PAD", Kind: presage.MoveCount, Pieces: 12}
	want := []presage.StockMovement{{
		DepotID: "d1", Part: "PAD", N: 1, Kind: presage.MoveCount, Pieces: 12, OnHand: 12, At: noon(), RecordedAt: noon().Add(time.Hour),
		By: "li", Why: "year's end",
	}}
	for range 2 { // a count is written once, and a repeat says what it said
		got, err := move("a", count)
		must(t, err)
		same(t, "counted", got, want)
	}
	got, err := move("b", count) // 12 are there already
	must(t, err)
	same(t, "nothing to move", len(got), 0)
	_, err = move("c", presage.StockActLine{DepotID: "d1", Part: "OIL", Kind: presage.MoveReturn, Pieces: 1},
		presage.StockActLine{DepotID: "d1", Part: "PAD", Kind: presage.MoveScrap, Pieces: 13})
	wantKind(t, err, presage.ErrInvalid)
	_, err = s.MoveStock(ctx, presage.StockAct{Key: "a"}, "another", noon())
	wantKind(t, err, presage.ErrConflict)
	got, err = move("c", presage.StockActLine{DepotID: "d1", Part: "PAD", Kind: presage.MoveSupplierReturn, Pieces: 2},
		presage.StockActLine{DepotID: "d1", Part: "PAD", Kind: presage.MoveCorrection, Pieces: -1})
	must(t, err)
	same(t, "left", got[1].OnHand, 9)
	balanced(t, s, "PAD")
	first, err := s.StockMovements(ctx, presage.MovementFilter{Limit: 2})
	must(t, err)
	rest, err := s.StockMovements(ctx, presage.MovementFilter{After: &first[1]})
	must(t, err)
	same(t, "pages", []int64{first[0].N, first[1].N, rest[0].N, int64(len(rest))}, []int64{3, 2, 1, 1})
}

// ledgerOfVisits uses a piece in a visit, takes the finding back, and counts.
func ledgerOfVisits(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutFleet(ctx, presage.Fleet{Stock: []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 2}}, At: noon()}))
	mustOpen(t, s, 1)
	_, err := s.Reserve(ctx, reservation(1))
	must(t, err)
	b, err := s.Booking(ctx, "booking-1")
	must(t, err)
	r := presage.WorkshopResult{
		VIN: b.VIN, BookingID: b.ID, At: b.Start, Who: "li", PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 3}}, // one more than there is
	}
	must(t, s.FinishBooking(ctx, r, nil, nil))
	must(t, s.UndoResult(ctx, b.ID, "li", b.Start))
	must(t, s.PutFleet(ctx, presage.Fleet{Stock: []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}, At: b.End}))
	same(t, "kinds", balanced(t, s, "PAD"), []presage.MovementKind{
		presage.MoveOpening, presage.MoveUse, presage.MoveUnuse, presage.MoveCount,
	})
	ms, err := s.StockMovements(ctx, presage.MovementFilter{Ref: b.ID, Kind: presage.MoveUse})
	must(t, err)
	same(t, "used", []any{len(ms), ms[0].Pieces, ms[0].By}, []any{1, -2, "li"})
}

// ledgerOfEverything does at random all that moves pieces or promises them, at two depots: after
// each step the movements of every shelf add up to what is on hand.
func ledgerOfEverything(t *testing.T, s *sqlstore.Store) {
	ctx, r := t.Context(), rand.New(rand.NewPCG(13, 77))
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 6}, {DepotID: "d2", Part: "PAD"}}))
	done, visits, orders := map[string]int{}, 0, 0
	step := func(what string, err error) {
		if err == nil {
			done[what]++
		}
	}
	for i := range 150 {
		at, key := noon().Add(time.Duration(i)*time.Minute), fmt.Sprint("e", i)
		depot := fmt.Sprint("d", 1+r.IntN(2))
		switch r.IntN(8) {
		case 0:
			orders++
			must(t, s.PutOrder(ctx, presage.PurchaseOrder{
				ID: fmt.Sprint("o", orders), DepotID: depot, Part: "PAD", Quantity: 1 + r.IntN(9), OrderedAt: noon(), ExpectedAt: at,
			}))
		case 1:
			_, err := s.ActOrder(ctx, presage.OrderAct{
				Key: key, OrderID: fmt.Sprint("o", 1+r.IntN(orders+1)), Kind: presage.ActReceive, At: at,
				Lines: []presage.OrderActLine{{Line: 1, Pieces: 1 + r.IntN(4)}},
			}, "d", at)
			step("receipts", err)
		case 2, 3:
			kinds := []presage.MovementKind{presage.MoveCount, presage.MoveCorrection, presage.MoveReturn, presage.MoveScrap}
			kind := kinds[r.IntN(len(kinds))]
			_, err := s.MoveStock(ctx, presage.StockAct{Key: key, At: at, Lines: []presage.StockActLine{
				{DepotID: depot, Part: "PAD", Kind: kind, Pieces: 1 + r.IntN(5)},
			}}, "d", at)
			step(string(kind), err)
		case 4:
			x := presage.Shipment{
				ID: key, From: "d1", To: "d2", State: presage.ShipmentProposed, CreatedAt: at, UpdatedAt: at,
				Lines: []presage.ShipmentLine{{Line: 1, Part: "PAD", Quantity: 1 + r.IntN(3)}},
			}
			_, err := s.PutShipments(ctx, presage.OrderAct{Key: "put " + key, At: at}, "d", []presage.Shipment{x})
			must(t, err)
			acts := []presage.ShipmentActKind{presage.ShipPick, presage.ShipSend, presage.ShipReceive}
			if r.IntN(2) == 0 {
				acts[2] = presage.ShipBack
			}
			for j, kind := range acts[:1+r.IntN(3)] {
				_, err := s.ActShipment(ctx, presage.ShipmentAct{Key: fmt.Sprint(key, j), ShipmentID: key, Kind: kind, At: at}, "d", at)
				step(string(kind), err)
			}
		case 5:
			visits++
			mustOpen(t, s, visits)
			v := reservation(visits)
			v.Booking.Start, v.Booking.End = v.Booking.Start.AddDate(0, 0, visits), v.Booking.End.AddDate(0, 0, visits)
			_, err := s.Reserve(ctx, v)
			step("reservations", err)
		default:
			b, err := s.Booking(ctx, fmt.Sprint("booking-", 1+r.IntN(visits+1)))
			if err != nil {
				continue
			}
			step("visits", s.FinishBooking(ctx, presage.WorkshopResult{
				VIN: b.VIN, BookingID: b.ID, At: b.Start, Who: "li", PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 1}},
			}, nil, nil))
			if r.IntN(2) == 0 {
				step("taken back", s.UndoResult(ctx, b.ID, "li", b.Start))
			}
		}
		ms, err := s.StockMovements(ctx, presage.MovementFilter{})
		must(t, err)
		sum := map[string]int{}
		for _, m := range ms {
			sum[m.DepotID] += m.Pieces
		}
		stock, err := s.Stock(ctx, presage.StockFilter{})
		must(t, err)
		for _, x := range stock {
			same(t, fmt.Sprint("on hand at ", x.DepotID, " after step ", i), x.OnHand, sum[x.DepotID])
		}
	}
	balanced(t, s, "PAD")
	for _, what := range []string{
		"receipts", "count", "correction", "return", "scrap", "pick", "ship", "receive", "back", "reservations", "visits", "taken back",
	} {
		if done[what] == 0 {
			t.Errorf("nothing of %s was done: %v", what, done)
		}
	}
}
