package ingest_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// fragile is a format that panics on what it does not expect.
type fragile struct{}

func (fragile) Name() string              { return "fragile" }
func (fragile) Matches(topic string) bool { return strings.HasPrefix(topic, "fragile/") }
func (fragile) Decode(m ingest.Message) (ingest.Decoded, error) {
	var none []int
	switch string(m.Payload) {
	case "index":
		return ingest.Decoded{Unknown: none[len(m.Payload)]}, nil
	case "secret":
		panic(errors.New("cannot read " + string(m.Payload)))
	}
	return ingest.Decoded{VIN: vinA, Samples: []presage.Sample{{
		VIN: vinA, Time: arrival, Readings: []presage.Reading{{Signal: presage.SignalSpeed, Value: presage.Number(5)}},
	}}}, nil
}

// A panic of a format costs its message alone, which is kept and acknowledged,
// so that the broker does not send it to the next process as well.
func TestAPanickingFormatCostsItsMessageAlone(t *testing.T) {
	t.Parallel()
	m, log := newMemory(), &bytes.Buffer{}
	p := startWith(t, ingest.Config{}, ingest.Deps{
		Store: m, DeadLetters: m, Dirty: m, Fleet: m, Events: m, Formats: []ingest.Format{fragile{}},
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	acks := make(chan string, 3)
	for _, payload := range []string{"index", "secret", "good"} {
		submit(t, p, ingest.Message{
			Topic: "fragile/1", Payload: []byte(payload), Received: arrival, Ack: func() { acks <- payload },
		})
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"index", "secret", "good"}, []string{<-acks, <-acks, <-acks}); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{ingest.ReasonMalformed, ingest.ReasonMalformed}, m.reasons()); diff != "" {
		t.Fatal(diff)
	}
	if string(m.letters[0].Payload) != "index" || m.letters[1].Topic != "fragile/1" || len(m.stored()) != 1 {
		t.Errorf("%+v, %d samples", m.letters, len(m.stored()))
	}
	text := log.String()
	if !strings.Contains(text, "index out of range") || !strings.Contains(text, "*errors.errorString") {
		t.Error("the panics are not logged:", text)
	}
	if strings.Contains(text, "cannot read") {
		t.Error("what the message holds is logged:", text)
	}
}
