// Package dealertest is a stand-in for the system of a dealer: it takes changes by
// signed requests, applies each once, and can be killed and started again where it
// was.
package dealertest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"presage"
)

// Visit is a visit as the dealer knows it.
type Visit struct {
	BookingID string
	Start     time.Time
	State     presage.BookingState
	Updated   time.Time
}

// Dealer keeps what it took over a restart, as a database would. Its methods are
// safe for use by several goroutines.
type Dealer struct {
	// Verify tells whether a request is signed by the service.
	Verify func(h http.Header, body []byte) bool

	mu       sync.Mutex
	address  string
	server   *http.Server
	lose     int // answers that are lost after the change was taken
	taken    map[string]bool
	last     map[string]string // the last sequence of each case
	visits   map[string]Visit  // by case
	events   int
	repeated int
	faults   []string
}

// New makes one that is not started.
func New(verify func(http.Header, []byte) bool) *Dealer {
	return &Dealer{Verify: verify, taken: map[string]bool{}, last: map[string]string{}, visits: map[string]Visit{}}
}

// Start listens, after the first time at the same address again.
func (d *Dealer) Start(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.server != nil {
		return nil
	}
	address := d.address
	if address == "" {
		address = "127.0.0.1:0"
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	d.address = l.Addr().String()
	d.server = &http.Server{Handler: http.HandlerFunc(d.receive), ReadHeaderTimeout: 10 * time.Second}
	server := d.server
	go func() { _ = server.Serve(l) }() // ends by Kill
	return nil
}

// Kill ends it at once: requests at work lose their answers.
func (d *Dealer) Kill() error {
	d.mu.Lock()
	server := d.server
	d.server = nil
	d.mu.Unlock()
	if server == nil {
		return nil
	}
	return server.Close()
}

// URL is where it listens.
func (d *Dealer) URL() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return "http://" + d.address + "/presage"
}

// LoseAnswers lets the next n requests be taken, and their answers be lost.
func (d *Dealer) LoseAnswers(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lose = n
}

// Knows is the visit of a case, if there is one.
func (d *Dealer) Knows(caseID string) (Visit, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, ok := d.visits[caseID]
	return v, ok
}

// Decided notes what the dealer itself changed: it is not told of that.
func (d *Dealer) Decided(caseID string, v Visit) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.visits[caseID] = v
}

// Counts are the changes that were applied, those that came again, and what was wrong:
// a bad signature, a change out of order.
func (d *Dealer) Counts() (events, repeated int, faults []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.events, d.repeated, d.faults
}

func (d *Dealer) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var e presage.CloudEvent
	if err != nil || json.Unmarshal(body, &e) != nil {
		http.Error(w, "not an event", http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.Verify(r.Header, body) {
		d.faults = append(d.faults, "a signature is wrong")
		http.Error(w, "the signature is wrong", http.StatusUnauthorized)
		return
	}
	d.apply(e)
	if d.lose > 0 {
		d.lose--
		panic(http.ErrAbortHandler) // the connection breaks without an answer
	}
	w.WriteHeader(http.StatusNoContent)
}

// apply takes a change once.
func (d *Dealer) apply(e presage.CloudEvent) {
	if d.taken[e.ID] {
		d.repeated++
		return
	}
	d.taken[e.ID] = true
	d.events++
	if last := d.last[e.PartitionKey]; e.Sequence <= last {
		d.faults = append(d.faults, fmt.Sprintf("%s came after %s of %s", e.Sequence, last, e.PartitionKey))
	}
	d.last[e.PartitionKey] = e.Sequence
	if !strings.HasPrefix(string(e.Type), "presage.booking.") {
		return
	}
	var b presage.Booking
	if err := json.Unmarshal(e.Data, &b); err != nil {
		d.faults = append(d.faults, "a booking cannot be read")
		return
	}
	if d.visits[b.CaseID].Updated.After(b.UpdatedAt) {
		return // the dealer decided something since
	}
	d.visits[b.CaseID] = Visit{BookingID: b.ID, Start: b.Start, State: b.State, Updated: b.UpdatedAt}
}
