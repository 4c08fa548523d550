package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// Forty messages of a few kilobytes that unfold to 40 MiB are written a few at
// a time: what is decoded at once is bounded by BatchBytes, not by what arrived.
func TestUnfoldingMessagesStayBounded(t *testing.T) {
	t.Parallel()
	const perMessage, messages = 20_000, 40
	doc := `{"samples":[` + strings.Repeat(`{"ts":1732190000123,"signals":{"a":1}},`, perMessage-1) +
		`{"ts":1732190000123,"signals":{"a":1}}]}`
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write([]byte(doc)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	m, most := newMemory(), 0
	m.forget = true
	m.setWrite(func(samples []presage.Sample) error { most = max(most, len(samples)); return nil })
	p := start(t, m, ingest.Config{Linger: time.Second})
	for range messages {
		err := p.Submit(t.Context(), ingest.Message{
			Topic: "presage/v1/" + string(vinA) + "/telemetry", Payload: packed.Bytes(), Received: time.UnixMilli(1732190000123),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if limit := (4<<20)/(len(doc)/perMessage) + perMessage; most == 0 || most > limit {
		t.Errorf("%d samples were decoded at once, want at most %d", most, limit)
	}
}

// unfolding is a format whose messages hold far more than they weigh.
type unfolding struct{ readings int }

func (unfolding) Name() string              { return "unfolding" }
func (unfolding) Matches(topic string) bool { return strings.HasPrefix(topic, "unfolding/") }
func (u unfolding) Decode(m ingest.Message) (ingest.Decoded, error) {
	s := presage.Sample{VIN: vinA, Time: m.Received}
	for i := range u.readings {
		s.Readings = append(s.Readings, presage.Reading{Signal: fmt.Sprint("Some.Signal", i), Value: presage.Number(1)})
	}
	return ingest.Decoded{VIN: vinA, Samples: []presage.Sample{s}}, nil
}

// A foreign message of one byte is held against BatchBytes by what it unfolds
// to: 20,000 readings of 27 bytes and more are half a megabyte, 4 MiB hold 8.
func TestUnfoldingForeignMessagesStayBounded(t *testing.T) {
	t.Parallel()
	m, most := newMemory(), 0
	m.forget = true
	m.setWrite(func(samples []presage.Sample) error { most = max(most, len(samples)); return nil })
	p := startWith(t, ingest.Config{Linger: time.Second}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{unfolding{20_000}},
	})
	for range 40 {
		submit(t, p, ingest.Message{Topic: "unfolding/1", Payload: []byte("x"), Received: arrival})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if most == 0 || most > 8 {
		t.Errorf("%d messages of half a megabyte were decoded at once", most)
	}
}

// A topic longer than any format's is refused: what is a piece of it, as the
// VIN, would keep all of it in memory.
func TestLongTopicsAreRefused(t *testing.T) {
	t.Parallel()
	m := newMemory()
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: formats(t),
	})
	for _, topic := range []string{
		"presage/v1/" + strings.Repeat(" ", 600) + string(vinA) + "/telemetry",
		"telemetry/" + strings.Repeat(" ", 600) + string(vinA) + "/v/Soc",
	} {
		submit(t, p, ingest.Message{Topic: topic, Payload: []byte("50"), Received: arrival})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{ingest.ReasonBadTopic, ingest.ReasonBadTopic}, m.reasons()); diff != "" {
		t.Error(diff)
	}
}
