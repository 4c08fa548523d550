package gbt32960_test

import (
	"encoding/json"
	"math"
	"testing"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
)

// sound holds what every stage behind the decoder relies on.
func sound(t *testing.T, got ingest.Decoded, err error, vin presage.VIN) {
	t.Helper()
	if err != nil {
		if len(got.Samples)+len(got.Events)+len(got.Faults) > 0 {
			t.Fatalf("%v and %+v", err, got)
		}
		return
	}
	if got.VIN != vin {
		t.Fatalf("VIN %q", got.VIN)
	}
	for _, s := range got.Samples {
		if s.VIN != vin || s.Time.Nanosecond() != 0 || s.Time.Year() < 1999 || s.Time.Year() > 2100 || len(s.Readings) == 0 {
			t.Fatalf("%+v", s)
		}
		seen := map[string]bool{}
		for _, r := range s.Readings {
			if seen[r.Signal] || len(r.Signal) > 256 {
				t.Fatalf("%s twice, or too long", r.Signal)
			}
			seen[r.Signal] = true
			for _, x := range append([]float64{r.Value.Number}, r.Value.Array...) {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Fatalf("%+v", r)
				}
			}
			if spec, ok := presage.LookupSignal(r.Signal); ok && spec.Kind != r.Value.Kind {
				t.Fatalf("%+v has the wrong kind", r)
			}
		}
	}
	for _, e := range got.Events {
		if e.VIN != vin || e.Type == "" || len(e.Code) > 64 || !json.Valid(e.Data) {
			t.Fatalf("%+v", e)
		}
	}
	for _, f := range got.Faults {
		if f.Reason == "" || f.Detail == "" || f.Count < 1 {
			t.Fatalf("%+v", f)
		}
	}
}

// FuzzDecodeFrame puts fuzzed data units into good frames: random bytes hardly
// ever have the right check byte.
func FuzzDecodeFrame(f *testing.F) {
	for _, raw := range frames(f) {
		parsed, err := frame.Parse(raw)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(byte(parsed.Version), byte(parsed.Command), parsed.Data)
	}
	f.Fuzz(func(t *testing.T, version, command byte, data []byte) {
		if frame.Version(version) != frame.V2016 {
			version = byte(frame.V2025)
		}
		raw := frame.Frame{
			Version: frame.Version(version), Command: frame.Command(command), Flag: frame.IsCommand, VIN: string(vinA),
			Encryption: frame.NoEncryption, Data: data,
		}.Append(nil)
		d := gbt32960.NewDecoder(nil)
		m := ingest.Message{Topic: "gbt32960/" + string(vinA) + "/frame", Payload: raw, Received: now()}
		got, err := d.Decode(m)
		sound(t, got, err, vinA)
		again, _ := d.Decode(m)
		if len(again.Events) != len(got.Events) {
			t.Fatalf("%d events, %d when read again", len(got.Events), len(again.Events))
		}
	})
}

func FuzzDecodeJSON(f *testing.F) {
	for _, d := range emqxDocuments(f) {
		f.Add(d.Topic, []byte(d.Doc))
	}
	f.Fuzz(func(t *testing.T, what string, doc []byte) {
		got, err := decodeJSON(what, string(doc))
		sound(t, got, err, vinEMQX)
	})
}
