package ingest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/ingest"
	"presage/ingest/ovms"
	"presage/ingest/tesla"
)

// formats are the decoders of both MQTT formats.
func formats(tb testing.TB) []ingest.Format {
	tb.Helper()
	d, err := tesla.New(tesla.DefaultBase)
	if err != nil {
		tb.Fatal(err)
	}
	return []ingest.Format{d, ovms.New()}
}

// counters reads the counters of one name by their label's value.
func counters(t *testing.T, r *prometheus.Registry, name string) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				out[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
			}
		}
	}
	return out
}

// Malformed foreign messages are counted by reason, kept as they came, and may
// be driven again; the good ones beside them are stored.
func TestMalformedForeignMessagesAreKept(t *testing.T) {
	t.Parallel()
	m, registry := newMemory(), prometheus.NewRegistry()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t), Registerer: registry,
	})
	car, module := "telemetry/"+string(vinA), "ovms/"+string(vinA)+"/blue"
	bad := []struct{ topic, payload, reason string }{
		{"telemetry/BLUE/v/Soc", "50", "wrong_vin"},
		{car + "/w", "50", "bad_topic"},
		{car + "/v/Soc", `{"broken`, "malformed_json"},
		{car + "/v/Soc", "NaN", "malformed_json"},
		{car + "/v/Soc", "", "empty"},
		{car + "/v/Soc", `"full"`, "bad_value"},
		{car + "/v/Sp eed", "1", "bad_value"},
		{car + "/v/Soc", strings.Repeat("5", 5<<20), "too_large"},
		{car + "/alerts/X/current", `{}`, "missing_time"},
		{car + "/alerts/X/current", `{"StartedAt":"1999-01-01T00:00:00Z"}`, "missing_time"},
		{car + "/alerts/X/current", `{"StartedAt":"` + arrival.Add(time.Hour).Format(time.RFC3339) + `"}`, "future_time"},
		{"ovms/owner/blue/metric/v/b/soc", "50", "wrong_vin"},
		{"ovms/" + string(vinA) + "/" + string(vinB) + "/metric/v/b/soc", "50", "foreign_vin"},
		{module + "/metric/v/vin", string(vinB), "foreign_vin"},
		{module + "/stats", "50", "bad_topic"},
		{module + "/metric/v/b/soc", "full", "bad_value"},
		{module + "/metric/v/b/c/voltage", "4.1,,4.1", "bad_value"},
		{module + "/metric/v/b/soc", strings.Repeat("5", 5<<20), "too_large"},
	}
	want := map[string]float64{}
	for _, x := range bad {
		want[x.reason]++
		submit(t, p, ingest.Message{Topic: x.topic, Payload: []byte(x.payload), Received: arrival})
	}
	submit(t, p, ingest.Message{Topic: car + "/v/Soc", Payload: []byte("50"), Received: arrival})
	submit(t, p, ingest.Message{Topic: module + "/metric/v/b/soc", Payload: []byte("50"), Received: arrival})
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, counters(t, registry, "presage_ingest_dead_letters_total")); diff != "" {
		t.Error(diff)
	}
	kinds := map[string]float64{"tesla": 12, "ovms": 8}
	if diff := cmp.Diff(kinds, counters(t, registry, "presage_ingest_messages_total")); diff != "" {
		t.Error(diff)
	}
	for i, l := range m.letters {
		x := bad[i]
		kept := x.payload[:min(len(x.payload), 4<<10)]
		if l.Topic != x.topic || l.Reason != x.reason || x.reason != "too_large" && string(l.Payload) != x.payload ||
			!strings.HasPrefix(string(l.Payload), kept) || l.Detail == "" {
			t.Errorf("letter %d: %s %s %.40q, want %s of %s", i, l.Reason, l.Topic, l.Payload, x.reason, x.topic)
		}
	}
	if n := len(m.stored()); n != 2 {
		t.Errorf("%d samples", n)
	}

	got, err := ingest.Redrive(t.Context(), p, box(m, arrival.Add(24*time.Hour)))
	refused := map[string]int{}
	for reason, n := range want {
		if reason != "future_time" { // its time has come
			refused[reason] = int(n)
		}
	}
	if diff := cmp.Diff(ingest.Redriven{Accepted: 1, Refused: refused}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if len(m.letters) != len(bad) || len(m.events) != 1 {
		t.Errorf("%d letters and %d events after all were driven again", len(m.letters), len(m.events))
	}
}

// A value without a time is as old as its first arrival, however late its
// letter is driven again.
func TestARedrivenValueKeepsItsTime(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{Unknown: ingest.UnknownReject}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t),
	})
	for _, x := range []struct{ topic, payload string }{
		{"telemetry/" + string(vinA) + "/v/VehicleSpeed", "100"},
		{"ovms/" + string(vinA) + "/blue/metric/v/b/soc", "50"},
		{"ovms/" + string(vinA) + "/blue/notify/alert/charge/stopped", "stopped"},
	} {
		submit(t, p, ingest.Message{Topic: x.topic, Payload: []byte(x.payload), Received: arrival})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"unknown_vehicle", "unknown_vehicle", "unknown_vehicle"}, m.reasons()); diff != "" {
		t.Fatal(diff)
	}
	m.mu.Lock()
	m.fleet[vinA] = true
	m.mu.Unlock()
	for range 2 { // the second time there is nothing left
		if _, err := ingest.Redrive(t.Context(), p, box(m, arrival.Add(48*time.Hour))); err != nil {
			t.Fatal(err)
		}
	}
	want := []presage.Sample{
		{VIN: vinA, Time: arrival.UTC(), Readings: []presage.Reading{
			{Signal: presage.SignalSpeed, Value: presage.Number(160.9344)}, // 100 mph
		}},
		{VIN: vinA, Time: arrival.UTC(), Readings: []presage.Reading{
			{Signal: presage.SignalStateOfCharge, Value: presage.Number(50)},
		}},
	}
	if diff := cmp.Diff(want, m.stored()); diff != "" {
		t.Error(diff)
	}
	if len(m.events) != 1 || !m.events[0].Time.Equal(arrival) {
		t.Errorf("events %+v", m.events)
	}
}

// A session and its retained copies leave as many rows as the session alone.
func TestRetainedReplayStoresNothingTwice(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t),
	})
	say := func(retained bool, at time.Time) {
		for _, x := range []struct{ topic, payload string }{
			{"telemetry/" + string(vinA) + "/v/Soc", "50"},
			{"telemetry/" + string(vinA) + "/alerts/X/current", `{"StartedAt":"2024-11-21T12:00:00Z"}`},
			{"ovms/" + string(vinA) + "/blue/metric/v/b/soc", "50"},
			{"ovms/" + string(vinA) + "/blue/notify/alert/x", "x"},
		} {
			submit(t, p, ingest.Message{Topic: x.topic, Payload: []byte(x.payload), Received: at, Retained: retained})
		}
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	say(false, arrival)
	for i := range 3 {
		say(true, arrival.Add(time.Duration(i+1)*time.Hour))
	}
	distinct := map[string]bool{}
	for _, e := range m.events { // the store keeps one of each identity
		distinct[e.Time.String()+e.Type+e.Code] = true
	}
	if len(m.stored()) != 2 || len(distinct) != 2 || len(m.letters) != 0 {
		t.Errorf("%d samples, %d events, %d letters: want 2, 2, 0", len(m.stored()), len(distinct), len(m.letters))
	}
}

// BenchmarkForeign is a message of each format from Submit to the stores.
func BenchmarkForeign(b *testing.B) {
	for name, x := range map[string]struct{ topic, payload string }{
		"tesla": {"telemetry/" + string(vinA) + "/v/PackVoltage", "367.95"},
		"ovms":  {"ovms/" + string(vinA) + "/blue/metric/v/b/soc", "96.3"},
	} {
		b.Run(name, func(b *testing.B) {
			m := newMemory()
			m.forget = true
			p := startWith(b, ingest.Config{}, ingest.Deps{
				Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(b),
			})
			b.ReportAllocs()
			for b.Loop() {
				err := p.Submit(b.Context(), ingest.Message{Topic: x.topic, Payload: []byte(x.payload), Received: arrival})
				if err != nil {
					b.Fatal(err)
				}
			}
			if err := p.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
		})
	}
}
