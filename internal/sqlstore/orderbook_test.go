//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

const day = 24 * time.Hour

// placed is an order of ten pads and four filters, placed at noon.
func placed(id string) presage.Order {
	o := presage.Order{ID: id, DepotID: "d1", By: "li", CreatedAt: noon(), UpdatedAt: noon(), Lines: []presage.OrderLine{
		{Line: 1, Part: "PAD", Quantity: 10, PlacedAt: noon(), PromisedAt: noon().Add(3 * day), ExpectedAt: noon().Add(3 * day)},
		{Line: 2, Part: "OIL", Quantity: 4, PlacedAt: noon(), PromisedAt: noon().Add(3 * day), ExpectedAt: noon().Add(3 * day)},
	}}
	o.Settle()
	return o
}

func putOrders(t *testing.T, s *sqlstore.Store, key string, os ...presage.Order) []presage.Order {
	t.Helper()
	kept, err := s.PutOrders(t.Context(), presage.OrderAct{Key: key, Kind: "create", By: "li", At: noon()}, "d", presage.OrderWish{Orders: os})
	must(t, err)
	return kept
}

// act does something to the order of a name ("o1 key"), a day after noon for each letter of the key.
func act(t *testing.T, s *sqlstore.Store, name string, kind presage.OrderActKind, lines ...presage.OrderActLine) (presage.Order, error) {
	t.Helper()
	order, key, _ := strings.Cut(name, " ")
	at := noon().Add(time.Duration(len(key)) * day)
	return s.ActOrder(t.Context(), presage.OrderAct{Key: key, OrderID: order, Kind: kind, By: "li", At: at, Lines: lines}, "d", at)
}

func orderLife(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	same(t, "kept", putOrders(t, s, "k", placed("o1"))[0], placed("o1"))
	read, err := s.Order(ctx, "o1")
	must(t, err)
	same(t, "read", read, placed("o1"))
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnOrder: 10})

	later := noon().Add(5 * day)
	o, err := act(t, s, "o1 a", presage.ActConfirm, presage.OrderActLine{Line: 1, ExpectedAt: later})
	must(t, err)
	same(t, "one line is confirmed", []presage.OrderState{o.State, o.Lines[0].State, o.Lines[1].State},
		[]presage.OrderState{presage.OrderPlaced, presage.OrderConfirmed, presage.OrderPlaced})
	open, err := s.OpenOrders(ctx, "d1", "PAD")
	must(t, err)
	same(t, "expected", open, []presage.PurchaseOrder{{
		ID: "o1", DepotID: "d1", Part: "PAD", Quantity: 10, OrderedAt: noon(), ExpectedAt: later,
	}})

	// Receiving 3 of 10 leaves 7.
	o, err = act(t, s, "o1 bb", presage.ActReceive, presage.OrderActLine{Part: "PAD", Pieces: 3})
	must(t, err)
	same(t, "open", []any{o.State, o.Lines[0].Open, o.Lines[0].Received}, []any{presage.OrderPartly, 7, 3})
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 3, OnOrder: 7})
	got, err := s.ReceivedOrders(ctx, time.Time{})
	must(t, err)
	same(t, "nothing is received whole", len(got), 0)
	_, err = act(t, s, "o1 cc", presage.ActReceive, presage.OrderActLine{Line: 1, Pieces: 8})
	wantKind(t, err, presage.ErrConflict)
	_, err = act(t, s, "o1 cc", presage.ActReceive, presage.OrderActLine{Line: 1}, presage.OrderActLine{Line: 3})
	wantKind(t, err, presage.ErrInvalid)

	// The supplier has 5 more; the last two never come, and the filters neither.
	_, err = act(t, s, "o1 dddd", presage.ActReceive, presage.OrderActLine{Line: 1, Pieces: 5})
	must(t, err)
	o, err = act(t, s, "o1 eeeee", presage.ActCancel)
	must(t, err)
	same(t, "over", []any{o.State, o.Lines[0].State, o.Lines[1].State, o.Lines[0].Cancelled},
		[]any{presage.OrderReceived, presage.OrderReceived, presage.OrderCancelled, 2})
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 8})
	same(t, "stock", stockOf(t, s, "OIL"), presage.Stock{DepotID: "d1", Part: "OIL"})
	_, err = act(t, s, "o1 f", presage.ActReceive)
	wantKind(t, err, presage.ErrConflict)
	got, err = s.ReceivedOrders(ctx, time.Time{}) // a lead time of four days, until the last pieces
	must(t, err)
	same(t, "received", got, []presage.PurchaseOrder{{
		ID: "o1", DepotID: "d1", Part: "PAD", Quantity: 8, OrderedAt: noon(), ExpectedAt: later, ReceivedAt: noon().Add(4 * day),
	}})
	acts, err := s.OrderActs(ctx, "o1")
	must(t, err)
	var kinds []presage.OrderActKind
	for _, a := range acts {
		kinds = append(kinds, a.Kind)
	}
	same(t, "acts", kinds, []presage.OrderActKind{presage.ActConfirm, presage.ActReceive, presage.ActReceive, presage.ActCancel})
}

func orderActsOnce(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	outside := placed("o1")
	outside.ExternalID = "ERP-7"
	putOrders(t, s, "k", outside)
	same(t, "the same wish", putOrders(t, s, "k", placed("o2"))[0].ID, "o1")
	again := placed("o3")
	again.ExternalID = "ERP-7"
	_, err := s.PutOrders(ctx, presage.OrderAct{Key: "l"}, "d", presage.OrderWish{Orders: []presage.Order{again}})
	wantKind(t, err, presage.ErrConflict)
	_, err = s.PutOrders(ctx, presage.OrderAct{Key: "k"}, "another", presage.OrderWish{Orders: []presage.Order{again}})
	wantKind(t, err, presage.ErrConflict)
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnOrder: 10})
	for range 2 {
		o, err := act(t, s, "o1 a", presage.ActReceive, presage.OrderActLine{Line: 1, Pieces: 3})
		must(t, err)
		same(t, "open", o.Lines[0].Open, 7)
	}
	o, err := act(t, s, "ERP-7 b", presage.ActConfirm) // by the number in the other system
	must(t, err)
	read, err := s.Order(ctx, "ERP-7")
	must(t, err)
	same(t, "by its external ID", []string{o.ID, read.ID}, []string{"o1", "o1"})
	acts, err := s.OrderActs(ctx, "o1")
	must(t, err)
	same(t, "acts", len(acts), 2)
	_, err = act(t, s, "none c", presage.ActReceive)
	wantKind(t, err, presage.ErrNotFound)
	os, done, err := s.ActedBefore(ctx, "k", "d")
	must(t, err)
	same(t, "done before", []any{len(os), done}, []any{1, true})
	_, done, err = s.ActedBefore(ctx, "new", "d")
	must(t, err)
	same(t, "not done", done, false)
}

// Eight clerks book the same delivery of ten pieces by one key, and eight more three
// pieces each by their own: what came is at most what was ordered.
func receiveRace(t *testing.T, s *sqlstore.Store) {
	putOrders(t, s, "k", placed("o1"))
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			key := "same"
			if i >= 8 {
				key = fmt.Sprint("own", i)
			}
			_, _ = s.ActOrder(t.Context(), presage.OrderAct{
				Key: key, OrderID: "o1", Kind: presage.ActReceive, At: noon(), Lines: []presage.OrderActLine{{Line: 1, Pieces: 3}},
			}, "d", noon())
		})
	}
	group.Wait()
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 9, OnOrder: 1})
	balanced(t, s, "PAD")
}

func orderLists(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for i := range 4 {
		o := placed(fmt.Sprint("o", i))
		o.CreatedAt = noon().Add(time.Duration(i/2) * time.Hour) // two at a time
		if i == 3 {
			o.DepotID = "d2"
		}
		putOrders(t, s, o.ID, o)
	}
	_, err := act(t, s, "o0 a", presage.ActReceive)
	must(t, err)
	for name, c := range map[string]struct {
		filter presage.OrderFilter
		want   []string
	}{
		"all":     {presage.OrderFilter{}, []string{"o3", "o2", "o1", "o0"}},
		"page":    {presage.OrderFilter{After: "o3", Limit: 2}, []string{"o2", "o1"}},
		"depot":   {presage.OrderFilter{DepotID: "d2"}, []string{"o3"}},
		"part":    {presage.OrderFilter{Part: "OIL", State: presage.OrderReceived}, []string{"o0"}},
		"no part": {presage.OrderFilter{Part: "TYRE"}, nil},
		"open":    {presage.OrderFilter{Open: true}, []string{"o3", "o2", "o1"}},
		"overdue": {presage.OrderFilter{Overdue: noon().Add(4 * day)}, []string{"o3", "o2", "o1"}},
		"in time": {presage.OrderFilter{Overdue: noon().Add(2 * day)}, nil},
	} {
		os, err := s.Orders(ctx, c.filter)
		must(t, err)
		var ids []string
		for _, o := range os {
			ids = append(ids, o.ID)
			same(t, name+": lines", len(o.Lines), 2)
		}
		same(t, name, ids, c.want)
	}
	_, err = s.Orders(ctx, presage.OrderFilter{After: "none"})
	wantKind(t, err, presage.ErrNotFound)
}

// What is proposed is neither on order nor forgotten: until it is placed or cancelled, line by line.
func proposedPieces(t *testing.T, s *sqlstore.Store) {
	o := placed("o1")
	for i := range o.Lines {
		o.Lines[i].PlacedAt = time.Time{}
	}
	putOrders(t, s, "k", o, placed("o2"))
	proposed := func() []presage.PartQuantityAt {
		t.Helper()
		ps, err := s.ProposedPieces(t.Context(), presage.StockFilter{DepotID: "d1"})
		must(t, err)
		return ps
	}
	same(t, "proposed", proposed(), []presage.PartQuantityAt{
		{DepotID: "d1", Part: "OIL", Quantity: 4}, {DepotID: "d1", Part: "PAD", Quantity: 10},
	})
	_, err := act(t, s, "o1 a", presage.ActCancel, presage.OrderActLine{Line: 1, Pieces: 3})
	must(t, err)
	_, err = act(t, s, "o1 b", presage.ActPlace, presage.OrderActLine{Line: 2, ExpectedAt: noon().Add(9 * day)})
	must(t, err)
	same(t, "rest", proposed(), []presage.PartQuantityAt{{DepotID: "d1", Part: "PAD", Quantity: 7}})
}
