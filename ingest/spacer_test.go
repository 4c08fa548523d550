package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
)

// Values without a time that arrive at the same instant: each of a signal has an
// instant of its own, a millisecond after the one before, in the order of
// arrival; values of other signals and vehicles share them.
func TestValuesOfOneInstantAreKeptApart(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t),
	})
	say := func(vin presage.VIN, field, value string) {
		submit(t, p, ingest.Message{
			Topic: "telemetry/" + string(vin) + "/v/" + field, Payload: []byte(value), Received: arrival,
		})
	}
	for i := range 3 {
		say(vinA, "Soc", fmt.Sprint(50+i))
	}
	say(vinA, "PackVoltage", "350")
	say(vinB, "Soc", "60")
	say(vinA, "PackVoltage", "351")
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range m.stored() {
		r := s.Readings[0]
		got = append(got, fmt.Sprintf("%s %s=%g +%v", s.VIN[14:], r.Signal[strings.LastIndex(r.Signal, ".")+1:], r.Value.Number, s.Time.Sub(arrival)))
	}
	want := []string{
		string(vinA[14:]) + " Current=50 +0s", string(vinA[14:]) + " Current=51 +1ms", string(vinA[14:]) + " Current=52 +2ms",
		string(vinA[14:]) + " CurrentVoltage=350 +2ms", string(vinB[14:]) + " Current=60 +0s",
		string(vinA[14:]) + " CurrentVoltage=351 +3ms",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// What a broker kept is stored at its estimated time, says so, and goes there
// again when its letter is driven.
func TestAnEstimatedTimeSaysSo(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{Unknown: ingest.UnknownReject}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t),
	})
	sent := arrival.Add(-20 * time.Second)
	kept := func(i int) ingest.Message {
		return ingest.Message{
			Topic: "telemetry/" + string(vinA) + "/v/Soc", Payload: []byte(fmt.Sprint(50 + i)), Received: arrival,
			Sent: sent, Within: 30 * time.Second,
		}
	}
	for i := range 2 {
		submit(t, p, kept(i))
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.mu.Lock()
	m.fleet[vinA] = true
	m.mu.Unlock()
	if _, err := ingest.Redrive(t.Context(), p, box(m, arrival.Add(time.Hour))); err != nil {
		t.Fatal(err)
	}
	submit(t, p, kept(2))
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := m.stored()
	if len(got) != 3 {
		t.Fatalf("%d samples", len(got))
	}
	for i, s := range got {
		if at := sent.Add(time.Duration(i) * time.Millisecond); !s.Time.Equal(at) {
			t.Errorf("value %d is stored at %v, want %v", i, s.Time, at)
		}
	}
	mark := got[2].Readings[len(got[2].Readings)-1]
	if mark.Signal != ingest.SignalTimeEstimated || mark.Value.Number != 30 {
		t.Errorf("marked by %+v", mark)
	}
}
