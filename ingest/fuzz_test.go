package ingest_test

import (
	"encoding/json"
	"math"
	"testing"

	"presage"
	"presage/ingest"
)

func FuzzDecodeTelemetry(f *testing.F) {
	for _, seed := range []string{
		tenSignals, `{"samples":[` + tenSignals + `,{"ts":"2024-11-21T11:53:20Z","signals":{"a":[1,-2e3],"b":"\ud83d\ude00"}}]}`,
		`{"ts":1732190000123,"signals":{"x":NaN,"y":null,"Presage.z":1}}`, zipped(f, tenSignals), "", "\x1f\x8b", `{"samples":null}`,
		`{"samples":[` + tenSignals + `,{"ts":1732190000124,"signals":{"x":12,5,"y":nan,"z":007,'w':"a"b",}},]`,
		"[" + tenSignals + "\n" + tenSignals + `,{"ts":1732190000124,"signals":{"x":[1,2,"y":1]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		samples, faults, err := ingest.DecodeTelemetry(vinA, payload, arrival)
		if (err == nil) != (len(samples)+len(faults) > 0) {
			t.Fatalf("%d samples, %d faults, error %v", len(samples), len(faults), err)
		}
		for _, s := range samples {
			checkSample(t, s)
		}
		for _, fault := range faults {
			if fault.Payload == nil {
				continue
			}
			again, _, err := ingest.DecodeTelemetry(vinA, fault.Payload, arrival)
			if err != nil && json.Valid(payload) || len(again) > len(samples) {
				t.Fatalf("a fault's payload is not a document of its own: %v %s", err, fault.Payload)
			}
		}
	})
}

// checkSample holds what every stage relies on.
func checkSample(t *testing.T, s presage.Sample) {
	t.Helper()
	if s.VIN != vinA || len(s.Readings) == 0 || s.Time.After(arrival.Add(5*60e9)) || s.Time.Before(ingest.Oldest()) {
		t.Fatalf("sample %+v", s)
	}
	names := map[string]bool{}
	for _, r := range s.Readings {
		if names[r.Signal] || r.Signal == "" || math.IsNaN(r.Value.Number) || math.IsInf(r.Value.Number, 0) {
			t.Fatalf("reading %+v", r)
		}
		names[r.Signal] = true
		if _, err := json.Marshal(r.Value); err != nil {
			t.Fatal(err)
		}
		if spec, ok := presage.LookupSignal(r.Signal); ok && spec.Kind != r.Value.Kind {
			t.Fatalf("%s has kind %d, want %d", r.Signal, r.Value.Kind, spec.Kind)
		}
	}
}

func FuzzDecodeEvent(f *testing.F) {
	for _, seed := range []string{
		`{"ts":1732190000123,"type":"dtc","code":"P0A80"}`, `{"ts":"2024-11-21T11:53:20Z","type":"trip_end","km":12.5}`, `{}`, `[]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := ingest.DecodeEvent(vinA, payload, arrival)
		if err == nil && (e.VIN != vinA || e.Type == "" || !json.Valid(e.Data)) {
			t.Fatalf("event %+v", e)
		}
	})
}
