package tesla_test

import (
	"os"
	"strings"
	"testing"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
	"presage/ingest/tesla"
)

// Every signal of the table is in the signal table, of the same kind.
func TestTableNamesRealSignals(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("fields.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := fieldtable.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	mapped := 0
	for field, row := range table {
		if row.Signal == "" {
			continue
		}
		mapped++
		if spec, ok := presage.LookupSignal(row.Signal); !ok || spec.Kind != row.Kind {
			t.Errorf("%s: signal %s of kind %d: %v, kind %d", field, row.Signal, row.Kind, ok, spec.Kind)
		}
	}
	if mapped < 30 {
		t.Errorf("%d fields mapped", mapped)
	}
}

func FuzzDecode(f *testing.F) {
	d := decoder(f)
	for _, m := range session(f) {
		f.Add(strings.TrimPrefix(m.Topic, "telemetry/"), m.Payload, false)
	}
	f.Add("5YJ3E1EA2JF000316/v/Soc", []byte("1e999"), false)
	f.Add("x/y", []byte(nil), true)
	f.Fuzz(func(t *testing.T, topic string, payload []byte, retained bool) {
		out, err := d.Decode(ingest.Message{Topic: "telemetry/" + topic, Payload: payload, Received: arrival, Retained: retained})
		if err != nil && len(out.Samples)+len(out.Events) > 0 {
			t.Fatalf("refused and taken: %v %+v", err, out)
		}
		for _, s := range out.Samples {
			if s.VIN != out.VIN || len(s.Readings) == 0 || retained {
				t.Fatalf("sample %+v", s)
			}
			for _, r := range s.Readings {
				if spec, ok := presage.LookupSignal(r.Signal); ok && spec.Kind != r.Value.Kind {
					t.Fatalf("%s has kind %d, want %d", r.Signal, r.Value.Kind, spec.Kind)
				} else if !ok && !strings.HasPrefix(r.Signal, tesla.Prefix) {
					t.Fatalf("a made-up signal %q", r.Signal)
				}
			}
		}
		for _, e := range out.Events {
			if e.VIN != out.VIN || e.Type == "" || e.Code == "" {
				t.Fatalf("event %+v", e)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	d := decoder(b)
	for name, m := range map[string]ingest.Message{
		"number": {Topic: "telemetry/" + string(vin) + "/v/PackVoltage", Payload: []byte("367.95")},
		"quoted": {Topic: "telemetry/" + string(vin) + "/v/PackVoltage", Payload: []byte(`"367.950"`)},
		"object": {Topic: "telemetry/" + string(vin) + "/v/Location", Payload: []byte(`{"latitude":37.49,"longitude":-121.94}`)},
	} {
		b.Run(name, func(b *testing.B) {
			m.Received = arrival
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Decode(m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
