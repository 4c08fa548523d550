package ingest_test

import (
	"testing"
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
	if len(got) != 3 { // 1 of a, 100 and 51 of b
		t.Fatalf("%d letters, want 3", len(got))
	}
	want := presage.DeadLetter{
		Received: at, Topic: "presage/v1/LPSVSEDE4R0000042/telemetry", Reason: ingest.ReasonStoreRejected,
		Detail: "field type conflict", Payload: []byte(`{"samples":[{"ts":1732190000123,"signals":{"Odd":1}}]}`),
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
