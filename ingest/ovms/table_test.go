package ovms_test

import (
	"os"
	"strings"
	"testing"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
	"presage/ingest/ovms"
)

// Every signal of the table is in the signal table, of the same kind.
func TestTableNamesRealSignals(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("metrics.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, err := fieldtable.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	mapped := 0
	for metric, row := range table {
		if row.Signal == "" {
			continue
		}
		mapped++
		if spec, ok := presage.LookupSignal(row.Signal); !ok || spec.Kind != row.Kind {
			t.Errorf("%s: signal %s of kind %d: %v, kind %d", metric, row.Signal, row.Kind, ok, spec.Kind)
		}
	}
	if mapped < 50 {
		t.Errorf("%d metrics mapped", mapped)
	}
}

func FuzzDecode(f *testing.F) {
	d := ovms.New()
	for _, m := range session(f) {
		f.Add(strings.TrimPrefix(m.Topic, "ovms/"), m.Payload, false)
	}
	f.Add(string(vin)+"/"+string(other)+"/metric/v/b/soc", []byte("1"), false)
	f.Add(string(vin)+"/blue/notify/data/a/1/-99999999999", []byte("1"), false)
	f.Fuzz(func(t *testing.T, topic string, payload []byte, retained bool) {
		out, err := d.Decode(ingest.Message{Topic: "ovms/" + topic, Payload: payload, Received: arrival, Retained: retained})
		if (err != nil || retained) && len(out.Samples)+len(out.Events) > 0 {
			t.Fatalf("refused or old, and taken: %v %+v", err, out)
		}
		for _, s := range out.Samples {
			if s.VIN != out.VIN || len(s.Readings) == 0 {
				t.Fatalf("sample %+v", s)
			}
			for _, r := range s.Readings {
				if spec, ok := presage.LookupSignal(r.Signal); ok && spec.Kind != r.Value.Kind {
					t.Fatalf("%s has kind %d, want %d", r.Signal, r.Value.Kind, spec.Kind)
				} else if !ok && !strings.HasPrefix(r.Signal, ovms.Prefix) {
					t.Fatalf("a made-up signal %q", r.Signal)
				}
			}
		}
		for _, e := range out.Events {
			if e.VIN != out.VIN || e.Type == "" || e.Code == "" || e.Time.After(arrival) {
				t.Fatalf("event %+v", e)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	d := ovms.New()
	cells := strings.TrimSuffix(strings.Repeat("4.105,", 96), ",")
	for name, m := range map[string]ingest.Message{
		"number":   {Topic: "ovms/" + string(vin) + "/blue/metric/v/b/soc", Payload: []byte("96.3")},
		"tyres":    {Topic: "ovms/" + string(vin) + "/blue/metric/v/t/pressure", Payload: []byte("206.8,216.4,275.7,175.7")},
		"96 cells": {Topic: "ovms/" + string(vin) + "/blue/metric/v/b/c/voltage", Payload: []byte(cells)},
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
