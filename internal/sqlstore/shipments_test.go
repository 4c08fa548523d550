//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// sent is a transfer of six pads and two oils from d1 to d2.
func sent(id string) presage.Shipment {
	return presage.Shipment{
		ID: id, From: "d1", To: "d2", State: presage.ShipmentProposed, By: "li", CreatedAt: noon(), UpdatedAt: noon(),
		Lines: []presage.ShipmentLine{{Line: 1, Part: "PAD", Quantity: 6}, {Line: 2, Part: "OIL", Quantity: 2}},
	}
}

func putShipment(t *testing.T, s *sqlstore.Store, x presage.Shipment) {
	t.Helper()
	_, err := s.PutShipments(t.Context(), presage.OrderAct{Key: "put " + x.ID, Kind: "transfer", By: "li", At: noon()}, "d", []presage.Shipment{x})
	must(t, err)
}

// ship does something to a transfer, under a key of its own.
func ship(t *testing.T, s *sqlstore.Store, id string, kind presage.ShipmentActKind, lines ...presage.ShipmentActLine) (presage.Shipment, error) {
	t.Helper()
	return s.ActShipment(t.Context(), presage.ShipmentAct{
		Key: fmt.Sprint(id, kind, lines), ShipmentID: id, Kind: kind, By: "li", At: noon(), ExpectedAt: noon().Add(2 * day), Lines: lines,
	}, "d", noon())
}

func at(t *testing.T, s *sqlstore.Store, depot, part string) presage.Stock {
	t.Helper()
	ss, err := s.Stock(t.Context(), presage.StockFilter{DepotID: depot, Part: part})
	must(t, err)
	if len(ss) == 0 {
		return presage.Stock{DepotID: depot, Part: part}
	}
	return ss[0]
}

func shipmentLife(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 8}, {DepotID: "d1", Part: "OIL", OnHand: 1}}))
	putShipment(t, s, sent("t1"))
	putShipment(t, s, sent("t1")) // a repeat makes no second one
	_, err := ship(t, s, "t1", presage.ShipPick)
	wantKind(t, err, presage.ErrConflict) // one oil is there, two are asked for
	same(t, "nothing moved", at(t, s, "d1", "PAD").OnHand, 8)
	for range 2 {
		x, err := ship(t, s, "t1", presage.ShipPick, presage.ShipmentActLine{Line: 2, Pieces: 1})
		must(t, err)
		same(t, "picked", []any{x.State, x.Lines[0].Picked, x.Lines[1].Picked}, []any{presage.ShipmentPicked, 6, 1})
	}
	same(t, "gone", at(t, s, "d1", "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 2})
	same(t, "coming", at(t, s, "d2", "PAD"), presage.Stock{DepotID: "d2", Part: "PAD", OnOrder: 6})
	open, err := s.OpenOrders(ctx, "d2", "PAD")
	must(t, err)
	same(t, "expected", open, []presage.PurchaseOrder{{
		ID: "t1", DepotID: "d2", Part: "PAD", Quantity: 6, OrderedAt: noon(), ExpectedAt: noon().Add(2 * day), From: "d1",
	}})
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d2", Part: "PAD"}})) // a count does not forget what is coming
	same(t, "still coming", at(t, s, "d2", "PAD").OnOrder, 6)
	gone, err := ship(t, s, "t1", presage.ShipSend)
	must(t, err)
	kept, err := s.Shipment(ctx, "t1")
	must(t, err)
	same(t, "who sent it off", []any{gone.ShippedBy, gone.ShippedAt, kept.ShippedBy, kept.ShippedAt}, []any{"li", noon(), "li", noon()})
	x, err := ship(t, s, "t1", presage.ShipReceive, presage.ShipmentActLine{Line: 1, Pieces: 5})
	must(t, err)
	same(t, "one is missing", x.Missing(), 1)
	same(t, "came", at(t, s, "d2", "PAD"), presage.Stock{DepotID: "d2", Part: "PAD", OnHand: 5})
	_, err = ship(t, s, "t1", presage.ShipReceive)
	must(t, err)
	same(t, "turned up", at(t, s, "d2", "PAD"), presage.Stock{DepotID: "d2", Part: "PAD", OnHand: 6})
	read, err := s.Shipments(ctx, presage.ShipmentFilter{DepotID: "d2"})
	must(t, err)
	same(t, "state", []any{len(read), read[0].State, read[0].Missing()}, []any{1, presage.ShipmentReceived, 0})
	same(t, "ledger", balanced(t, s, "PAD"), []presage.MovementKind{presage.MoveOpening, presage.MoveTransferOut})
	_, err = ship(t, s, "none", presage.ShipPick)
	wantKind(t, err, presage.ErrNotFound)
}

// Two depots send each other what the other sends back, at the same time: whoever wins, no
// piece is lost or made, the ledger is what is on hand, and nobody waits for ever.
func shipmentRace(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	var stock []presage.Stock
	for _, depot := range []string{"d1", "d2"} {
		stock = append(stock, presage.Stock{DepotID: depot, Part: "PAD", OnHand: 30}, presage.Stock{DepotID: depot, Part: "OIL", OnHand: 30})
	}
	must(t, s.PutStock(ctx, stock))
	kinds := []presage.ShipmentActKind{presage.ShipPick, presage.ShipSend, presage.ShipReceive, presage.ShipBack}
	var group sync.WaitGroup
	for i := range 8 {
		x := sent(fmt.Sprint("t", i))
		if i%2 == 1 {
			x.From, x.To = x.To, x.From
			x.Lines[0].Part, x.Lines[1].Part = x.Lines[1].Part, x.Lines[0].Part
		}
		putShipment(t, s, x)
		group.Go(func() {
			r := rand.New(rand.NewPCG(1, uint64(i)))
			for n := range 8 {
				act := presage.ShipmentAct{
					Key: fmt.Sprint(i, n), ShipmentID: x.ID, Kind: kinds[r.IntN(len(kinds))], By: "li", At: noon().Add(time.Duration(n) * time.Hour),
				}
				if act.Kind == presage.ShipReceive && n%2 == 0 {
					act.Lines = []presage.ShipmentActLine{{Line: 1, Pieces: r.IntN(3)}}
				}
				_, _ = s.ActShipment(ctx, act, "d", noon()) // refused or done
			}
		})
	}
	group.Wait()
	all, err := s.Shipments(ctx, presage.ShipmentFilter{})
	must(t, err)
	for _, part := range []string{"PAD", "OIL"} {
		pieces := 0
		for _, depot := range []string{"d1", "d2"} {
			coming := 0
			for _, x := range all {
				for _, l := range x.Lines {
					if l.Part == part && x.To == depot {
						coming += x.Open(l)
						pieces += l.Missing
					}
				}
			}
			st := at(t, s, depot, part)
			same(t, depot+" on order", st.OnOrder, coming)
			pieces += st.OnHand + coming
			moves, err := s.StockMovements(ctx, presage.MovementFilter{DepotID: depot, Part: part})
			must(t, err)
			sum := 0
			for _, m := range moves {
				sum += m.Pieces
			}
			same(t, depot+" ledger", sum, st.OnHand)
		}
		same(t, part+": none lost, none made", pieces, 60)
	}
}

// Only what nobody has picked yet is proposed, and a repeat finds what the act has made.
func proposedTransfers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 8}, {DepotID: "d1", Part: "OIL", OnHand: 2}}))
	putShipment(t, s, sent("t1"))
	putShipment(t, s, sent("t2"))
	moves := func(pads, oils int) []presage.PartTransfer {
		return []presage.PartTransfer{
			{Part: "OIL", Transfer: presage.Transfer{From: "d1", To: "d2", Pieces: oils}},
			{Part: "PAD", Transfer: presage.Transfer{From: "d1", To: "d2", Pieces: pads}},
		}
	}
	got, err := s.ProposedTransfers(ctx)
	must(t, err)
	same(t, "both", got, moves(12, 4))
	_, err = ship(t, s, "t1", presage.ShipPick)
	must(t, err)
	got, err = s.ProposedTransfers(ctx)
	must(t, err)
	same(t, "one is picked", got, moves(6, 2))
	xs, done, err := s.ShippedBefore(ctx, "put t2", "d")
	must(t, err)
	same(t, "made by the act", []any{done, len(xs), xs[0].ID}, []any{true, 1, "t2"})
	_, done, err = s.ShippedBefore(ctx, "another", "d")
	must(t, err)
	same(t, "of another key", done, false)
	_, _, err = s.ShippedBefore(ctx, "put t2", "another")
	wantKind(t, err, presage.ErrConflict)
}
