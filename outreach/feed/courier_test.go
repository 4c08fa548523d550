package feed_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach/feed"
	"presage/outreach/webhook"
)

const (
	secret presage.Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	former presage.Secret = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// world is a store, a courier and a receiver with one clock.
type world struct {
	*feed.Courier

	store *sqlstore.Store
	mu    sync.Mutex
	now   time.Time
	fate  map[string]int // what is answered to an event, by its ID; 0 is 204
	known presage.Secret
	got   []presage.CloudEvent
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	var e presage.CloudEvent
	if err != nil || json.Unmarshal(body, &e) != nil || !webhook.Verify(r.Header, []presage.Secret{w.known}, w.now, body) ||
		r.Header.Get("webhook-id") != e.ID || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/cloudevents+json") {
		rw.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.got = append(w.got, e)
	if status := w.fate[e.ID]; status > 0 {
		rw.WriteHeader(status)
		return
	}
	rw.WriteHeader(http.StatusNoContent)
}

// deliver moves the clock on and returns the IDs that arrived meanwhile.
func (w *world) deliver(t *testing.T, after time.Duration) []string {
	t.Helper()
	w.mu.Lock()
	w.now, w.got = w.now.Add(after), nil
	w.mu.Unlock()
	if _, err := w.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := []string{}
	for _, e := range w.got {
		ids = append(ids, e.ID)
	}
	return ids
}

func (w *world) open(t *testing.T, i int) {
	t.Helper()
	err := w.store.CreateCase(t.Context(), presage.Case{
		ID: fmt.Sprintf("c%d", i), VIN: presage.VIN(fmt.Sprintf("WVWZZZ1KZAW%06d", i)), State: presage.CaseOpen, OpenedAt: w.now,
	}, presage.CaseEvent{At: w.now})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) close(t *testing.T, i int) {
	t.Helper()
	err := w.store.MoveCase(t.Context(), fmt.Sprintf("c%d", i), presage.CaseChange{},
		presage.CaseEvent{At: w.now, To: presage.CaseSuperseded})
	if err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T) *world {
	t.Helper()
	w := &world{
		store: sqltest.Open(t), now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), fate: map[string]int{}, known: secret,
	}
	server := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(server.Close)
	w.Courier = feed.NewCourier(feed.Config{
		Store: w.store, Source: "https://presage.example", Now: w.clock, Logger: slog.New(slog.DiscardHandler),
	})
	x := presage.Subscription{ID: "dms", URL: presage.Secret(server.URL), Secrets: []presage.Secret{secret, former}, Active: true}
	if err := feed.Check(x); err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.PutSubscription(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	return w
}

func wantIDs(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestEventsArriveInOrder(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.open(t, 1)
	w.close(t, 1)
	if got := w.deliver(t, 0); !slices.Equal(got, []string{"c1.1", "c1.2"}) {
		t.Fatalf("arrived %v", got)
	}
	e := w.got[1]
	if e.SpecVersion != "1.0" || e.Source != "https://presage.example" || e.Type != presage.CaseWasClosed || e.Subject != "c1" ||
		e.PartitionKey != "c1" || e.Sequence != "0000000002" || !e.Time.Equal(w.now) || e.ContentType != "application/json" {
		t.Errorf("event %+v", e)
	}
	w.mu.Lock()
	w.known = former // the receiver has not changed its secret yet
	w.mu.Unlock()
	w.open(t, 2)
	wantIDs(t, "with the former secret", w.deliver(t, 0), "c2.1")
}

// What a receiver refuses is given up, and holds back its own case alone; what it
// cannot do now comes again after pauses that double.
func TestFaultsOfOneEvent(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for i := 1; i <= 3; i++ {
		w.open(t, i)
		w.close(t, i)
	}
	w.fate["c1.1"], w.fate["c2.1"] = http.StatusUnprocessableEntity, http.StatusInternalServerError
	wantIDs(t, "at first", w.deliver(t, 0), "c1.1", "c2.1", "c3.1", "c3.2")
	wantIDs(t, "too early", w.deliver(t, 9*time.Second))
	wantIDs(t, "after ten seconds", w.deliver(t, time.Second), "c2.1")
	wantIDs(t, "not after ten more", w.deliver(t, 10*time.Second))
	w.fate["c2.1"] = http.StatusConflict // it has it
	wantIDs(t, "after twenty", w.deliver(t, 10*time.Second), "c2.1", "c2.2")
	w.fate["c1.1"] = 0
	if _, err := w.store.ReplayDeliveries(t.Context(), []string{"dms:c1.1"}, w.now); err != nil {
		t.Fatal(err)
	}
	if got := w.deliver(t, 0); !slices.Equal(got, []string{"c1.1", "c1.2"}) {
		t.Errorf("replayed: %v", got)
	}
}

// While a receiver is away, one event is tried from time to time, and no other loses tries.
func TestReceiverIsAway(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for i := 1; i <= 40; i++ {
		w.open(t, i)
		w.fate[fmt.Sprintf("c%d.1", i)] = http.StatusServiceUnavailable
	}
	tried := len(w.deliver(t, 0))
	if tried > 16 {
		t.Errorf("%d were tried at once", tried)
	}
	for range 30 {
		w.deliver(t, 4*time.Hour)
	}
	dead, err := w.store.Deliveries(t.Context(), presage.DeliveryFilter{State: presage.DeliveryDead})
	if err != nil || len(dead) > 16 {
		t.Errorf("%d given up in five days, %v", len(dead), err)
	}
	w.fate = map[string]int{}
	w.deliver(t, 4*time.Hour)
	rest, err := w.store.Deliveries(t.Context(), presage.DeliveryFilter{State: presage.DeliveryDelivered})
	if err != nil || len(rest)+len(dead) != 40 {
		t.Errorf("%d delivered, %d given up, %v; want 40", len(rest), len(dead), err)
	}
}

func TestCheckNamesAllFaults(t *testing.T) {
	t.Parallel()
	err := feed.Check(presage.Subscription{
		URL: "http://dms.example", Secrets: []presage.Secret{"secret"}, Types: []presage.ChangeType{"sold"}, System: " x",
	})
	for _, field := range []string{"url", "secrets", "types[0]", "system"} {
		if err == nil || !strings.Contains(err.Error(), field+": ") {
			t.Errorf("no word of %s in %v", field, err)
		}
	}
}
