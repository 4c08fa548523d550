package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mqtt"
	"presage/internal/tsdb"
)

// letterPage is the answer of GET /v1/dead-letters.
type letterPage struct {
	Items  []letter         `json:"items"`
	Counts map[string]int64 `json:"counts"`
}

type letter struct {
	Topic   string `json:"topic"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail"`
	Bytes   int    `json:"bytes"`
	Payload string `json:"payload"`
}

// badMessage is one thing that a vehicle should not send, and what becomes of it.
type badMessage struct {
	topic   string // default: the telemetry of the case's vehicle
	payload string
	reason  string
	detail  []string // what is wrong, where, and how to mend it
	kept    string   // stands in the letter's payload
	lost    string   // does not: it was stored
	bytes   int      // of the kept payload; 0: not asked
	rows    int      // stored all the same
}

// badMessages are indexed by the number of their made-up vehicle.
func badMessages(now time.Time) map[int]badMessage {
	at := func(ahead time.Duration) int64 { return now.Add(ahead).UnixMilli() }
	speed := func(ahead time.Duration, kmh int, more string) string {
		return fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Speed":%d}%s}`, at(ahead), kmh, more)
	}
	batch := func(samples ...string) string { return `{"samples":[` + strings.Join(samples, ",") + `]}` }
	telemetry := func(vin string) string { return "presage/v1/" + vin + "/telemetry" }
	good := speed(-time.Minute, 50, "")
	wrongDigit := []byte(car(3))
	wrongDigit[8] ^= 1 // 0 and 1, 2 and 3, ..., X and Y change places
	return map[int]badMessage{
		0: { // in a quarter of a minute it is not in the future any more, and goes in when driven again
			payload: speed(5*time.Minute+15*time.Second, 68, ""), reason: ingest.ReasonFutureTime,
			detail: []string{"more than 5 minutes ahead"}, kept: `"Vehicle.Speed":68`, rows: 1,
		},
		11: {
			payload: `{"samples":[{"ts":1,"signals":{"Vehicle.Speed":`, reason: ingest.ReasonMalformed,
			detail: []string{"byte 47", "want"}, kept: `"Vehicle.Speed":`, // the document ends after 47 bytes
		},
		1: {
			topic: telemetry("LPSCAROOON0000101"), payload: good, reason: ingest.ReasonWrongVIN,
			detail: []string{"'O'", "position 7", "without I, O, Q"}, kept: `"Vehicle.Speed":50`,
		},
		2: {
			topic: telemetry("WVWZZZ1KZAQI00102"), payload: good, reason: ingest.ReasonWrongVIN,
			detail: []string{"'Q'", "position 11", "without I, O, Q"}, kept: `"Vehicle.Speed":50`,
		},
		3: {
			topic: telemetry(string(wrongDigit)), payload: good, reason: ingest.ReasonWrongVIN,
			detail: []string{"check digit at position 9", fmt.Sprintf("want %q", car(3)[8])}, kept: `"Vehicle.Speed":50`,
		},
		4: {
			payload: batch(speed(-time.Minute, 61, `,"vin":"`+string(car(5))+`"`), speed(-2*time.Minute, 62, "")),
			reason:  ingest.ReasonForeignVIN, detail: []string{`"vin"`, "differs from the topic's", "for itself only"},
			kept: `"Vehicle.Speed":61`, lost: `"Vehicle.Speed":62`, rows: 1,
		},
		6: {
			payload: batch(speed(-time.Minute, 63, ""), fmt.Sprintf(
				`{"ts":%d,"signals":{"Vehicle.Speed":NaN,%q:12.5,%q:[3.9,-Infinity]}}`, at(-2*time.Minute),
				presage.SignalOdometer, presage.SignalCellVoltages)),
			reason: ingest.ReasonBadValue,
			detail: []string{`"Vehicle.Speed"`, "NaN", "leave the signal out", "1 more"},
			kept:   "NaN", lost: `"Vehicle.Speed":63`, rows: 2,
		},
		7: {
			payload: batch(speed(time.Hour, 64, ""), speed(-time.Minute, 65, "")), reason: ingest.ReasonFutureTime,
			detail: []string{"more than 5 minutes ahead", "set the vehicle's clock"},
			kept:   `"Vehicle.Speed":64`, lost: `"Vehicle.Speed":65`, rows: 1,
		},
		8: {
			payload: `{"samples":[` + strings.Repeat(" ", 5<<20-14) + `]}`, reason: ingest.ReasonTooLarge,
			detail: []string{"5242880 bytes, at most 4194304", "smaller batches", "ingest.max_payload"},
			kept:   `{"samples":[`, bytes: 4096,
		},
		9: {
			payload: `{"signals":{"Vehicle.Speed":66}}`, reason: ingest.ReasonMissingTime,
			detail: []string{`"ts" is missing`, "epoch milliseconds or RFC 3339"}, kept: `"Vehicle.Speed":66`,
		},
		10: {
			payload: fmt.Sprintf(`{"ts":%d,"signals":{"Presage.battery_12v.p":1,"Vehicle.Speed":67}}`, at(-time.Minute)),
			reason:  ingest.ReasonReservedSignal, detail: []string{`"Presage."`, "by Presage alone"},
			kept: "Presage.battery_12v.p", rows: 1,
		},
		12: {
			topic: telemetry("WVWZZZ1KZAWI00112"), payload: good, reason: ingest.ReasonWrongVIN,
			detail: []string{"'I'", "position 12", "without I, O, Q"}, kept: `"Vehicle.Speed":50`,
		},
	}
}

// Bad input gets a clear answer each and nothing is lost.
func TestBadInputIsAnsweredAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	cases := badMessages(time.Now())
	counts := map[string]int64{}
	for _, i := range slices.Sorted(maps.Keys(cases)) {
		m, vin := cases[i], car(i)
		if m.topic != "" { // only who has no VIN may publish for one that is none
			vin = ""
		}
		if err := publishOnce(t, s, vin, cmp.Or(m.topic, ingest.TelemetryTopic(vin)), m.payload); err != nil {
			t.Fatalf("case %d: %v", i, err)
		}
		counts[m.reason]++
	}
	var page letterPage
	s.eventually("all in the dead letters", func() bool {
		page = get[letterPage](s, "/v1/dead-letters")
		return len(page.Items) >= len(cases)
	}, func() string { return fmt.Sprintf("%+v", page.Counts) })
	if !maps.Equal(page.Counts, counts) {
		t.Errorf("dead letters by reason %v, want %v", page.Counts, counts)
	}
	for i, m := range cases {
		m.check(t, i, page.Items)
		if vin := strings.Split(cmp.Or(m.topic, "//"), "/")[2]; vin != "" && strings.Contains(s.log.String(), vin) {
			t.Errorf("case %d: what is not a VIN stands in full in the log", i)
		}
	}
	redriveLetters(s, counts)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	for i := range 13 { // number 5 was spoken for by number 4, and has said nothing
		if got := measuredRows(t, store, car(i)); got != int64(cases[i].rows) {
			t.Errorf("case %d: %d rows stored, want %d", i, got, cases[i].rows)
		}
	}
	t.Logf("dead letters: %v", counts)
}

// check finds the letter of case i and compares it with what should be said.
func (m badMessage) check(t *testing.T, i int, letters []letter) {
	t.Helper()
	topic := presage.MaskTopic(cmp.Or(m.topic, ingest.TelemetryTopic(car(i))))
	for _, l := range letters {
		if l.Topic != topic {
			continue
		}
		if l.Reason != m.reason {
			t.Errorf("case %d: reason %s, want %s", i, l.Reason, m.reason)
		}
		for _, part := range m.detail {
			if !strings.Contains(l.Detail, part) {
				t.Errorf("case %d: the detail %q does not say %s", i, l.Detail, part)
			}
		}
		if !strings.Contains(l.Payload, m.kept) || m.lost != "" && strings.Contains(l.Payload, m.lost) {
			t.Errorf("case %d: kept %q, want it with %q and without %q", i, l.Payload, m.kept, m.lost)
		}
		if m.bytes > 0 && l.Bytes != m.bytes {
			t.Errorf("case %d: %d bytes kept, want %d", i, l.Bytes, m.bytes)
		}
		return
	}
	t.Errorf("case %d: no dead letter for %s", i, topic)
}

// redriveLetters drives letters again: what is still wrong stays the letter
// that it is, and what has become right goes in.
func redriveLetters(s *service, counts map[string]int64) {
	s.tb.Helper()
	type answer struct {
		Accepted int `json:"accepted"`
	}
	again := func(reason string) int {
		return send[answer](s, http.MethodPost, "/v1/dead-letters/redrive", map[string]any{"reason": reason}).Accepted
	}
	if n := again(ingest.ReasonMalformed); n != 0 {
		s.tb.Errorf("%d malformed letters went in", n)
	}
	s.eventually("driven in when its time had come", func() bool { return again(ingest.ReasonFutureTime) == 1 },
		func() string { return "refused" })
	counts[ingest.ReasonFutureTime]--
	if page := get[letterPage](s, "/v1/dead-letters"); !maps.Equal(page.Counts, counts) {
		s.tb.Errorf("after driving again %v are open, want %v", page.Counts, counts)
	}
}

// publishOnce is one connection and one message; "" connects without a VIN.
func publishOnce(t *testing.T, s *service, vin presage.VIN, topic, payload string) error {
	t.Helper()
	// One ID twice in a row would have NATS hold the second connection back as a
	// client that fights with itself.
	id := cmp.Or(string(vin), "bench") + "-" + rand.Text()
	p, err := mqtt.NewPublisher(t.Context(), mqtt.PublisherConfig{
		Broker: s.broker, VIN: vin, ClientID: id, Attempts: 1, Timeout: patience,
	})
	if err != nil {
		return err
	}
	defer p.Close()
	return p.Publish(t.Context(), topic, []byte(payload))
}

// A vehicle that publishes under another's topic is cut off, and nothing of it is kept.
func TestVehiclesSpeakForThemselvesOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	payload := func(kmh int) string {
		return fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, time.Now().Add(-time.Minute).UnixMilli(), kmh)
	}
	// It is acknowledged, or the client would send it for ever, and dropped.
	if err := publishOnce(t, s, car(1), ingest.TelemetryTopic(car(2)), payload(250)); err != nil {
		t.Errorf("publishing for another: %v", err)
	}
	if err := publishOnce(t, s, car(2), ingest.TelemetryTopic(car(2)), payload(30)); err != nil {
		t.Fatal(err)
	}
	until(s, "/v1/vehicles", "the vehicle itself is heard", func(v presage.Vehicle) bool { return v.VIN == car(2) })
	if page := get[letterPage](s, "/v1/dead-letters"); len(page.Items) > 0 {
		t.Errorf("the refused message was taken in: %+v", page)
	}
	if !strings.Contains(s.log.String(), "not the client's own is acknowledged and dropped") {
		t.Error("the log does not tell")
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if own, other := measuredRows(t, store, car(2)), measuredRows(t, store, car(1)); own != 1 || other != 0 {
		t.Errorf("%d rows under its own topic, %d of the other, want 1 and 0", own, other)
	}
}

// A signal that nobody knows is kept and counted, and changes no prognosis:
// two vehicles that differ in it alone are judged alike.
func TestUnknownSignalsAreKeptAndUsedByNoModel(t *testing.T) {
	t.Parallel()
	const unknown = "Vehicle.Flux.Capacitor"
	dir := t.TempDir()
	s := serve(t, "--data", dir)
	vins := []presage.VIN{car(1), car(2)}
	now := time.Now()
	publishWear(t, s, vins[0], now, "")
	samples := publishWear(t, s, vins[1], now, fmt.Sprintf(`,%q:88`, unknown))
	var last [2]string
	s.eventually("judged alike", func() bool {
		// One list of both, so that one pass judges both again, at one instant.
		send[any](s, http.MethodPut, "/v1/fleet", map[string]any{
			"vehicles": []map[string]any{{"vin": vins[0], "powertrain": "ice"}, {"vin": vins[1], "powertrain": "ice"}},
		})
		for i, vin := range vins {
			last[i] = judgement(s, vin)
		}
		return last[0] == last[1] && strings.Contains(last[0], string(presage.BrakePadsFront)) &&
			strings.Contains(last[0], `"measured":{`)
	}, func() string { return strings.Join(last[:], "\n") })
	if strings.Contains(last[1], "Flux") {
		t.Errorf("a prognosis mentions the unknown signal: %s", last[1])
	}
	if got := metric(s, "presage_ingest_unknown_signals_total"); got < float64(samples) { // a repeat counts again
		t.Errorf("%v unknown readings counted, want %d", got, samples)
	}
	if page := get[letterPage](s, "/v1/dead-letters"); len(page.Items) > 0 {
		t.Errorf("dead letters: %+v", page)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	store, err := tsdb.Open(filepath.Join(dir, "telemetry"), tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kept := 0
	for sample, err := range store.Scan(t.Context(), vins[1], time.UnixMilli(1), time.Now(), unknown) {
		if err != nil || sample.Readings[0].Value.Number != 88 {
			t.Fatalf("%+v, %v", sample, err)
		}
		kept++
	}
	if kept != samples {
		t.Errorf("%d unknown readings kept, want %d", kept, samples)
	}
}

// judgement is every prognosis of vin, without its name and the instants.
func judgement(s *service, vin presage.VIN) string {
	s.tb.Helper()
	r, err := ask(s.url + "/v1/vehicles/" + string(vin) + "/health")
	if err != nil {
		s.tb.Fatal(err)
	}
	defer r.Body.Close()
	var health struct {
		Prognoses []map[string]any `json:"prognoses"`
	}
	if err := json.NewDecoder(r.Body).Decode(&health); err != nil {
		s.tb.Fatal(err)
	}
	text, err := json.Marshal(health.Prognoses)
	if err != nil {
		s.tb.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte(vin), []byte("VIN"))
	return instants.ReplaceAllString(string(text), "INSTANT")
}

// instants are times to the second and finer: the two may have been judged a moment apart.
var instants = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z`)

// metric reads one number of /metrics.
func metric(s *service, name string) float64 {
	s.tb.Helper()
	r, err := ask(s.url + "/metrics")
	if err != nil {
		s.tb.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.tb.Fatal(err)
	}
	for line := range strings.Lines(string(body)) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				s.tb.Fatal(err)
			}
			return x
		}
	}
	s.tb.Fatalf("no metric %s", name)
	return 0
}
