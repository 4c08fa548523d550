package ingest_test

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
	"time"

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
