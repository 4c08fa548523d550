package dealer_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/dealertest"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/feed"
	"presage/outreach/webhook"
)

const signing presage.Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// forgetful is the outbox of a process that dies at times between a sending and its record.
type forgetful struct {
	feed.Store

	mu  sync.Mutex
	rnd *rand.Rand
}

func (f *forgetful) EndDelivery(ctx context.Context, x presage.Outgoing, how presage.Tried, now time.Time) error {
	f.mu.Lock()
	dies := f.rnd.IntN(6) == 0
	f.mu.Unlock()
	if dies {
		return nil
	}
	return f.Store.EndDelivery(ctx, x, how, now)
}

// exchange is two processes of the service over one database, and a dealer's system.
type exchange struct {
	t        *testing.T
	shops    []*shop
	couriers []*feed.Courier
	dealer   *dealertest.Dealer
	rnd      *rand.Rand
	cases    []string
	rev      int

	// The dealer checks signatures in goroutines that a kill leaves behind.
	mu  sync.Mutex
	now time.Time
}

func newExchange(t *testing.T, url string) *exchange {
	t.Helper()
	const cars = 8
	x := &exchange{t: t, rnd: rand.New(rand.NewPCG(3, 5))}
	first := openAt(t, url)
	second := reopen(t, sqltest.OpenURL(t, url), func() time.Time { return first.now })
	x.shops = []*shop{first, second}
	x.now = first.now
	x.dealer = dealertest.New(func(h http.Header, body []byte) bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		return webhook.Verify(h, []presage.Secret{signing}, x.now, body)
	})
	x.do(x.dealer.Start(t.Context()))
	t.Cleanup(func() { _ = x.dealer.Kill() })
	for i, s := range x.shops {
		x.couriers = append(x.couriers, feed.NewCourier(feed.Config{
			Store: &forgetful{Store: s.store, rnd: rand.New(rand.NewPCG(uint64(i), 9))}, Source: "https://presage.example",
			Now: func() time.Time { return first.now }, Logger: slog.New(slog.DiscardHandler),
		}))
	}
	_, err := first.store.PutSubscription(t.Context(), presage.Subscription{
		ID: source, URL: presage.Secret(x.dealer.URL()), System: source, Secrets: []presage.Secret{signing}, Active: true,
	})
	x.do(err)
	first.take(`{"workshops": [{"id": "S1", "presage_id": "w1"}], "customers": [{"id": "C1", "name": "Li Wei", "lang": "en"}]}`)
	for i := range cars {
		vin := fmt.Sprintf("WVWZZZ1KZAW%06d", i)
		first.take(`{"vehicles": [{"id": "V` + fmt.Sprint(i) + `", "vin": "` + vin + `", "customer": "C1", "workshop": "S1", "powertrain": "bev"}]}`)
		id := fmt.Sprintf("c%d", i)
		car, err := first.store.Vehicle(t.Context(), presage.VIN(vin))
		x.do(err)
		x.do(first.store.CreateCase(t.Context(), presage.Case{
			ID: id, VIN: car.VIN, CustomerID: car.CustomerID, WorkshopID: "w1", Components: []presage.ComponentID{"cabin_filter"},
			Severity: presage.Comfort, State: presage.CaseOpen, OpenedAt: first.now, UpdatedAt: first.now,
		}, presage.CaseEvent{At: first.now, Who: "policy"}))
		x.cases = append(x.cases, id)
	}
	return x
}

func (x *exchange) do(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// start is an hour of a day to come, so that most wishes can be met.
func (x *exchange) start() time.Time {
	day := time.Date(2026, 12, 1+x.rnd.IntN(12), 0, 0, 0, 0, time.UTC)
	return day.Add(time.Duration(1+x.rnd.IntN(8)) * time.Hour)
}

// ours books, moves or cancels on our side; what cannot be is no matter here.
func (x *exchange) ours(s *shop, id string) {
	x.t.Helper()
	var err error
	if b, live := x.live(id); live && x.rnd.IntN(4) == 0 {
		err = s.s.CancelBooking(x.t.Context(), b.ID, "Anna", "asked for it")
	} else {
		_, err = s.s.BookCase(x.t.Context(), id, fmt.Sprintf("w1@%d", x.start().Unix()), "adviser", "Anna")
	}
	if err != nil && !errors.Is(err, presage.ErrConflict) && !errors.Is(err, presage.ErrInvalid) {
		x.t.Fatal(err)
	}
}

// theirs moves or cancels in the dealer's system a visit that it knows of, or books
// one of its own.
func (x *exchange) theirs(s *shop, id string) {
	x.t.Helper()
	x.rev++
	v, knows := x.dealer.Knows(id)
	b, live := x.live(id)
	row := fmt.Sprintf(`"id": "own-%d"`, x.rev)
	state, start := presage.BookingConfirmed, x.start()
	mine := knows && live && v.BookingID == b.ID // it is up to date
	if mine {
		row = fmt.Sprintf(`"id": "for-%s", "booking_id": "%s"`, id, b.ID)
		if x.rnd.IntN(3) == 0 {
			state, start = presage.BookingCancelled, b.Start
		}
	}
	_, err := s.Import(x.t.Context(), source, "", fmt.Appendf(nil, `{"bookings": [{%s, "workshop": "S1", "bay": "b%d", "technician": "t%d",
		"start": %q, "minutes": 45, "state": %q, "revision": %d}]}`,
		row, 1+x.rnd.IntN(2), 1+x.rnd.IntN(2), start.Format(time.RFC3339), state, x.rev), false)
	if errors.Is(err, presage.ErrInvalid) {
		return // its own bookings are in the way
	}
	x.do(err)
	if after, live := x.live(id); mine {
		x.dealer.Decided(id, dealertest.Visit{
			BookingID: after.ID, Start: after.Start, State: after.State, Updated: after.UpdatedAt,
		})
		if live == (state == presage.BookingCancelled) {
			x.t.Errorf("%s is %s after the dealer made it %s", id, after.State, state)
		}
	}
	_, err = s.s.Sweeper.Keeper.Keep(x.t.Context())
	x.do(err)
}

// live is the newest booking of a case, and whether it stands.
func (x *exchange) live(id string) (presage.Booking, bool) {
	x.t.Helper()
	all, err := x.shops[0].store.BookingsOf(x.t.Context(), id)
	x.do(err)
	if len(all) == 0 {
		return presage.Booking{}, false
	}
	b := slices.MaxFunc(all, func(a, b presage.Booking) int { return a.Sequence - b.Sequence })
	return b, b.State == presage.BookingConfirmed
}

// deliver lets both processes send at the same time.
func (x *exchange) deliver(after time.Duration) {
	x.t.Helper()
	x.shops[0].now = x.shops[0].now.Add(after)
	x.mu.Lock()
	x.now = x.shops[0].now
	x.mu.Unlock()
	var group sync.WaitGroup
	for _, c := range x.couriers {
		group.Go(func() {
			if _, err := c.Deliver(x.t.Context()); err != nil {
				x.t.Error(err)
			}
		})
	}
	group.Wait()
}

func (x *exchange) run() {
	x.t.Helper()
	for round := range 120 {
		switch round % 6 {
		case 2:
			x.do(x.dealer.Kill())
		case 4:
			x.do(x.dealer.Start(x.t.Context()))
			x.dealer.LoseAnswers(3)
		}
		id, s := x.cases[x.rnd.IntN(len(x.cases))], x.shops[round%2]
		if x.rnd.IntN(2) == 0 {
			x.ours(s, id)
		} else {
			x.theirs(s, id)
		}
		x.deliver(2 * time.Minute)
	}
	x.do(x.dealer.Start(x.t.Context()))
	x.dealer.LoseAnswers(0)
	for range 40 {
		x.deliver(5 * time.Hour)
	}
	x.check()
}

// check: no change lost, none applied twice, those of a case in order, and both sides agree.
func (x *exchange) check() {
	x.t.Helper()
	all, err := x.shops[0].store.Deliveries(x.t.Context(), presage.DeliveryFilter{})
	x.do(err)
	for _, d := range all {
		if d.State != presage.DeliveryDelivered {
			x.t.Errorf("%s %s is %s: %s", d.ID, d.Type, d.State, d.Fault)
		}
	}
	events, repeated, faults := x.dealer.Counts()
	if events != len(all) || len(faults) > 0 {
		x.t.Errorf("%d applied of %d changes; faults: %v", events, len(all), faults)
	}
	if events < 60 || repeated == 0 {
		x.t.Errorf("%d changes and %d repeats try nothing", events, repeated)
	}
	agree := 0
	for _, id := range x.cases {
		b, live := x.live(id)
		v, knows := x.dealer.Knows(id)
		if !knows && b.ID == "" {
			continue
		}
		agree++
		if v.BookingID != b.ID || v.State != b.State || live && !v.Start.Equal(b.Start) {
			x.t.Errorf("%s: the dealer knows %+v, we have %s %s at %s", id, v, b.ID, b.State, b.Start)
		}
	}
	x.t.Logf("%d changes applied once, %d came again, %d visits agree", events, repeated, agree)
}

func TestExchangeWithADealersSystem(t *testing.T) {
	t.Parallel()
	newExchange(t, sqltest.NewFile(t)).run()
}
