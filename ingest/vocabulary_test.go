package ingest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// few admits the first names that it sees.
type few struct {
	room int
	seen map[string]bool
}

func (f *few) Admit(_ context.Context, uses []presage.NameUse) ([]bool, error) {
	out := make([]bool, len(uses))
	for i, u := range uses {
		if !f.seen[u.Name] && len(f.seen) < f.room {
			f.seen[u.Name] = true
		}
		out[i] = f.seen[u.Name]
	}
	return out, nil
}

func signals(vin presage.VIN, ts int64, names ...string) ingest.Message {
	values := map[string]float64{}
	for i, name := range names {
		values[name] = float64(i)
	}
	payload, _ := json.Marshal(map[string]any{"ts": ts, "signals": values})
	return ingest.Message{Topic: ingest.TelemetryTopic(vin), Payload: payload, Received: arrival}
}

// Beyond the bound a reading is stored nowhere, the others of its message are,
// all is acknowledged, and the vehicle hears of it once.
func TestTooManyNames(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Names: &few{room: 2, seen: map[string]bool{}},
	})
	acked := 0
	for i := range 5 {
		msg := signals(vinA, arrival.UnixMilli()-int64(i), presage.SignalSpeed,
			fmt.Sprintf("own%d", 3*i), fmt.Sprintf("own%d", 3*i+1), fmt.Sprintf("own%d", 3*i+2))
		msg.Ack = func() { acked++ }
		submit(t, p, msg)
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	names := map[string]int{}
	for _, s := range m.stored() {
		for _, r := range s.Readings {
			names[r.Signal]++
		}
	}
	if len(names) != 3 || names[presage.SignalSpeed] != 5 || acked != 5 {
		t.Errorf("%v stored, %d acknowledged; want two names of its own, 5 speeds, 5 acknowledgements", names, acked)
	}
	if diff := cmp.Diff([]string{ingest.ReasonTooManyNames}, m.reasons()); diff != "" {
		t.Fatal(diff)
	}
	if l := m.letters[0]; len(l.Payload) > 100 || l.VIN != vinA {
		t.Errorf("a letter of %d bytes", len(l.Payload))
	}
}

// A message of nothing else leaves no sample, and names of the table are not asked about.
func TestOnlyTooManyNames(t *testing.T) {
	t.Parallel()
	m := newMemory()
	f := &few{seen: map[string]bool{}}
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Names: f,
	})
	submit(t, p, signals(vinA, arrival.UnixMilli(), "own"))
	submit(t, p, signals(vinB, arrival.UnixMilli(), presage.SignalSpeed))
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.stored(); len(got) != 1 || got[0].VIN != vinB {
		t.Errorf("%d samples stored, want the other vehicle's alone", len(got))
	}
}

// counting is a fleet that counts who registered itself.
type counting struct{ *memory }

func (c counting) CountSelfRegistered(context.Context) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.seen), nil
}

// Invented VINs stop at the bound; who is known goes on.
func TestRegisterTotal(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.fleet[vinA] = true
	p := startWith(t, ingest.Config{RegisterTotal: 3}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: counting{m}, Events: m,
	})
	for i := range 10 {
		v := presage.VIN(fmt.Sprintf("LPSPRSG1_RA%06d", i))
		v = v[:8] + presage.VIN(presage.VINCheckDigit(string(v))) + v[9:]
		submit(t, p, signals(v, arrival.UnixMilli(), presage.SignalSpeed))
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	submit(t, p, signals(vinA, arrival.UnixMilli(), presage.SignalSpeed))
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.stored(); len(got) != 4 || len(m.reasons()) != 7 || m.reasons()[0] != ingest.ReasonUnknownVehicle {
		t.Errorf("%d stored, letters %v; want 3 invented ones and the known one, 7 letters", len(got), m.reasons())
	}
}
