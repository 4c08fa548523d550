package ingest_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// Refused readings become letters by vehicle that read as native messages.
func TestRejectedLetters(t *testing.T) {
	t.Parallel()
	const a, b = presage.VIN("LPSVSEDE4R0000042"), presage.VIN("LPSVSEDE4R0000043")
	at := time.UnixMilli(1_732_190_000_123).UTC()
	sample := func(vin presage.VIN, x float64) presage.Sample {
		return presage.Sample{VIN: vin, Time: at, Readings: []presage.Reading{{Signal: "Odd", Value: presage.Number(x)}}}
	}
	r := &presage.RejectedError{Reason: "field type conflict", Samples: []presage.Sample{sample(a, 1), sample(b, 2)}}
	for range 150 {
		r.Samples = append(r.Samples, sample(b, 3))
	}
	got := ingest.RejectedLetters(r, at)
	if len(got) != 2 { // one of each vehicle
		t.Fatalf("%d letters, want 2", len(got))
	}
	want := presage.DeadLetter{
		VIN: a, Received: at, Topic: "presage/v1/LPSVSEDE4R0000042/telemetry", Reason: ingest.ReasonStoreRejected,
		Detail: "field type conflict", Payload: []byte(`{"samples":[{"ts":1732190000123,"signals":{"Odd":1}}]}`),
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each letter tells the reason of what is in it. Texts that differ by figures
// alone (times, numbers of points) are one reason; a month in one message that
// is older than the store keeps is one letter, not hundreds.
func TestALettersReasonIsItsOwn(t *testing.T) {
	t.Parallel()
	const vin = presage.VIN("LPSVSEDE4R0000042")
	first := time.UnixMilli(1_732_190_000_123).UTC()
	r := &presage.RejectedError{Reason: "field type conflict"}
	add := func(signal, why string, i int) {
		r.Samples = append(r.Samples, presage.Sample{
			VIN: vin, Time: first.Add(time.Duration(i) * time.Second),
			Readings: []presage.Reading{{Signal: signal, Value: presage.Number(1)}},
		})
		r.Reasons = append(r.Reasons, why)
	}
	add("Odd", "field type conflict", 0)
	for i := range 700 {
		add("Old", fmt.Sprintf("point at %d is older than the retention, dropped=1", i), i)
	}
	got := ingest.RejectedLetters(r, first)
	if len(got) != 2 || got[0].Detail != "field type conflict" || got[1].Detail != "point at 0 is older than the retention, dropped=1" {
		t.Fatalf("%d letters: %+v", len(got), got)
	}
	if n := bytes.Count(got[1].Payload, []byte(`"Old":`)); n != 700 || bytes.Contains(got[0].Payload, []byte("Old")) {
		t.Errorf("%d readings in the second letter", n)
	}
	for i := range 100 { // a server that tells every reading something else
		add("Odd", strings.Repeat("x", i+1), i)
	}
	if got := ingest.RejectedLetters(r, first); len(got) != 8 || !strings.HasPrefix(got[7].Detail, "for several reasons") {
		t.Errorf("%d letters", len(got))
	}
}

// The same through the pipeline, whose store refuses two samples of one message.
func TestEachFaultTellsItsOwnReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{})
		m.setWrite(func(samples []presage.Sample) error {
			r := &presage.RejectedError{Reason: "kind"}
			for _, s := range samples {
				for _, x := range s.Readings {
					if x.Signal != "Good" {
						r.Samples = append(r.Samples, presage.Sample{VIN: s.VIN, Time: s.Time, Readings: []presage.Reading{x}})
						r.Reasons = append(r.Reasons, map[string]string{"Kind": "kind", "Old": strings.Repeat("long ", 200)}[x.Signal])
					}
				}
			}
			if len(r.Samples) == 0 {
				return nil
			}
			return r
		})
		submit(t, p, ingest.Message{
			Topic: ingest.TelemetryTopic(vinA), Received: arrival,
			Payload: []byte(`{"ts":1732190000123,"signals":{"Kind":1,"Good":2,"Old":3}}`),
		})
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(m.letters) != 2 || len(m.stored()) != 1 {
			t.Fatal(m.letters, m.stored())
		}
		for i, want := range []string{`{"samples":[{"ts":1732190000123,"signals":{"Kind":1}}]}`, `{"samples":[{"ts":1732190000123,"signals":{"Old":3}}]}`} {
			if got := string(m.letters[i].Payload); got != want {
				t.Errorf("letter %d holds %s, want %s", i, got, want)
			}
		}
		if m.letters[0].Detail != "kind" || len(m.letters[1].Detail) > 520 {
			t.Errorf("details %q and %d bytes", m.letters[0].Detail, len(m.letters[1].Detail))
		}
	})
}
