//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func subscribe(t *testing.T, s *sqlstore.Store, x presage.Subscription) {
	t.Helper()
	x.URL, x.Active, x.CreatedAt = "https://dms.example/", true, noon()
	if len(x.Secrets) == 0 {
		x.Secrets = []presage.Secret{"whsec_one"}
	}
	_, err := s.PutSubscription(t.Context(), x)
	must(t, err)
}

// claimed takes what can be sent, and gives the types by receiver and case.
func claimed(t *testing.T, s *sqlstore.Store, now time.Time) ([]presage.Outgoing, []string) {
	t.Helper()
	out, err := s.ClaimDeliveries(t.Context(), now, time.Minute, 100)
	must(t, err)
	list := []string{}
	for _, x := range out {
		list = append(list, x.SubscriptionID+" "+x.Subject+" "+strings.TrimPrefix(string(x.Type), "presage."))
	}
	return out, list
}

// An order, what came of it and the shelf are told, in their orders; what is repeated is told once.
func planningTold(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	subscribe(t, s, presage.Subscription{ID: "erp", Types: []presage.ChangeType{presage.OrderChanged, presage.StockMoved}})
	must(t, s.PutOrder(ctx, presage.PurchaseOrder{ID: "p", DepotID: "d1", Part: "PAD", Quantity: 5, OrderedAt: noon(), ExpectedAt: noon()}))
	act := presage.OrderAct{Key: "k", OrderID: "p", Kind: presage.ActReceive, By: "li", At: noon(), Lines: []presage.OrderActLine{{Line: 1, Pieces: 3}}}
	for range 2 {
		_, err := s.ActOrder(ctx, act, "x", noon())
		must(t, err)
	}
	first, list := claimed(t, s, noon())
	slices.Sort(list)
	same(t, "told at first", list, []string{"erp p order.changed", "erp stock/d1/PAD/1 stock.moved"})
	for _, x := range first {
		must(t, s.EndDelivery(ctx, x, presage.Tried{State: presage.DeliveryDelivered}, noon()))
	}
	then, list := claimed(t, s, noon())
	same(t, "and then", list, []string{"erp p order.changed"})
	var o presage.Order
	must(t, json.Unmarshal(then[0].Event.Data, &o))
	same(t, "received 3 of 5", []int{o.Lines[0].Received, o.Lines[0].Open}, []int{3, 2})
}

// What changes is told to each who wants to know it, of each case in order.
func changesTold(t *testing.T, s *sqlstore.Store) {
	ctx, now := t.Context(), noon()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 5}}))
	subscribe(t, s, presage.Subscription{ID: "all"})
	subscribe(t, s, presage.Subscription{ID: "own", System: "customer", Types: []presage.ChangeType{
		presage.BookingSold, presage.BookingGone, presage.BookingMoved,
	}})
	mustOpen(t, s, 1)
	_, err := s.Reserve(ctx, reservation(1)) // by "customer", who is told nothing of it
	must(t, err)
	moved := reservation(1)
	moved.Booking.ID, moved.Replaces, moved.Event.Who = "booking-1b", "booking-1", "api"
	moved.Booking.Start = moved.Booking.Start.Add(time.Hour)
	_, err = s.Reserve(ctx, moved)
	must(t, err)
	must(t, s.MoveBooking(ctx, "booking-1b", presage.BookingConfirmed, presage.BookingArrived, now))
	must(t, s.FinishBooking(ctx, presage.WorkshopResult{BookingID: "booking-1b", VIN: vin(1), At: now}, nil, nil))

	var told []string
	for {
		batch, list := claimed(t, s, now)
		if len(batch) == 0 {
			break
		}
		_, twice := claimed(t, s, now)
		same(t, "nothing is taken twice", twice, []string{})
		told = append(told, list...)
		for _, x := range batch {
			must(t, s.EndDelivery(ctx, x, presage.Tried{State: presage.DeliveryDelivered}, now))
		}
	}
	slices.SortStableFunc(told, func(a, b string) int { return strings.Compare(a[:3], b[:3]) }) // by receiver
	same(t, "told", told, []string{
		"all case-1 case.opened", "all booking-1 booking.sold", "all booking-1b booking.moved",
		"all booking-1b booking.arrived", "all case-1 case.closed", "all booking-1b result.stored",
		"own booking-1b booking.moved",
	})
	ds, err := s.Deliveries(ctx, presage.DeliveryFilter{SubscriptionID: "own"})
	must(t, err)
	same(t, "own ones", len(ds), 1)
	n, err := s.PurgeDelivered(ctx, now.AddDate(0, 0, 15))
	must(t, err)
	same(t, "removed after two weeks", n, int64(7))
}

// A claim that ran out is another's; what was given up holds its case back until a
// person decides, and nobody else.
func changesHeld(t *testing.T, s *sqlstore.Store) {
	ctx, now := t.Context(), noon()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 5}}))
	subscribe(t, s, presage.Subscription{ID: "dms"})
	for i := 1; i <= 2; i++ {
		mustOpen(t, s, i)
		_, err := s.Reserve(ctx, reservation(i))
		must(t, err)
	}
	first, list := claimed(t, s, now)
	same(t, "the first of each case", list, []string{"dms case-1 case.opened", "dms case-2 case.opened"})
	again, _ := claimed(t, s, now.Add(2*time.Minute))
	same(t, "taken over", len(again), 2)
	same(t, "under the same ID", again[0].Event.ID, first[0].Event.ID)
	same(t, "as a second try", again[0].Attempts, 2)
	wantKind(t, s.EndDelivery(ctx, first[0], presage.Tried{State: presage.DeliveryDelivered}, now), presage.ErrConflict)

	must(t, s.EndDelivery(ctx, again[0], presage.Tried{State: presage.DeliveryDead, Fault: "HTTP 422"}, now))
	must(t, s.EndDelivery(ctx, again[1], presage.Tried{State: presage.DeliveryDelivered}, now))
	later, list := claimed(t, s, now.Add(3*time.Minute))
	same(t, "the other case goes on", list, []string{"dms booking-2 booking.sold"})
	must(t, s.EndDelivery(ctx, later[0], presage.Tried{State: presage.DeliveryDelivered}, now))
	dead, err := s.Deliveries(ctx, presage.DeliveryFilter{State: presage.DeliveryDead})
	must(t, err)
	same(t, "given up", len(dead), 1)
	same(t, "waits behind it", dead[0].Behind, 1)
	_, err = s.ReplayDeliveries(ctx, []string{dead[0].ID, "dms:case-2.1"}, now)
	wantKind(t, err, presage.ErrConflict)
	n, err := s.ReplayDeliveries(ctx, []string{dead[0].ID, dead[0].ID}, now)
	must(t, err)
	same(t, "sent again", n, 1)
	x, list := claimed(t, s, now.Add(4*time.Minute))
	same(t, "again", list, []string{"dms case-1 case.opened"})
	pause := now.Add(time.Hour)
	must(t, s.EndDelivery(ctx, x[0], presage.Tried{State: presage.DeliveryDead, Fault: "HTTP 503", Pause: pause}, now))
	_, err = s.SkipDeliveries(ctx, []string{x[0].ID}, now)
	must(t, err)
	_, list = claimed(t, s, pause.Add(-time.Minute))
	same(t, "the receiver rests", list, []string{})
	_, list = claimed(t, s, pause)
	same(t, "what was behind", list, []string{"dms booking-1 booking.sold"})
}

// Secrets are kept where none are given, and what waits goes with its receiver or customer.
func subscriptions(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	_, err := s.PutSubscription(ctx, presage.Subscription{ID: "dms", URL: "https://dms.example/"})
	wantKind(t, err, presage.ErrInvalid)
	subscribe(t, s, presage.Subscription{ID: "dms", Secrets: []presage.Secret{"whsec_new", "whsec_old"}})
	x, err := s.PutSubscription(ctx, presage.Subscription{ID: "dms", URL: "https://dms.example/b", Active: true})
	must(t, err)
	same(t, "secrets", x.Secrets, []presage.Secret{"whsec_new", "whsec_old"})
	shown, err := json.Marshal(x)
	must(t, err)
	if strings.Contains(string(shown), "whsec_new") || strings.Contains(string(shown), "dms.example") {
		t.Errorf("a subscription shows its secrets: %s", shown)
	}
	mustOpen(t, s, 1)
	x, err = s.Subscription(ctx, "dms")
	must(t, err)
	same(t, "waiting", x.Waiting, 1)
	must(t, s.RemoveSubscription(ctx, "dms"))
	wantKind(t, s.RemoveSubscription(ctx, "dms"), presage.ErrNotFound)
	ds, err := s.Deliveries(ctx, presage.DeliveryFilter{})
	must(t, err)
	same(t, "left", len(ds), 0)
}
