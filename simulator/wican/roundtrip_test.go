package wican_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/ingest/mapped"
	"presage/simulator"
	"presage/simulator/wican"
)

// What the simulated cars measure comes back through the shipped mapping, to
// half of the last digit that is sent: 0.05 km, 0.005 psi.
func TestWhatIsSaidIsUnderstood(t *testing.T) {
	t.Parallel()
	d, err := mapped.Shipped("wican")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	w, err := simulator.New(simulator.Config{Vehicles: 12, Seed: 3, Start: start, Faults: &simulator.Faults{Single: 1}})
	if err != nil {
		t.Fatal(err)
	}
	tolerance := map[string]float64{presage.SignalOdometer: 50.1, presage.SignalEngineSpeed: 0.51}
	compared := map[string]int{}
	for m := range w.Advance(start.AddDate(0, 0, 3)) {
		out, err := wican.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(m.Topic, "/event") {
			continue
		}
		native, _, err := ingest.DecodeTelemetry(m.VIN, m.Payload, m.At)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]presage.Value{}
		for _, r := range native[0].Readings {
			want[r.Signal] = r.Value
		}
		for _, x := range out {
			dec, err := d.Decode(ingest.Message{Topic: x.Topic, Payload: x.Payload, Received: m.At})
			if err != nil || len(dec.Faults) > 0 || dec.Unknown > 0 || dec.VIN != m.VIN || len(dec.Samples) != 1 {
				t.Fatalf("%s %s: %v %+v", x.Topic, x.Payload, err, dec)
			}
			for _, r := range dec.Samples[0].Readings {
				most := max(tolerance[r.Signal], 0.0501)
				if v := want[r.Signal]; v.Kind != r.Value.Kind || math.Abs(v.Number-r.Value.Number) > most {
					t.Errorf("%s: %v, want %v", r.Signal, r.Value, v)
				}
				compared[r.Signal]++
			}
		}
	}
	if len(compared) != 18 || compared[presage.SignalTyreFrontLeft] < 200 {
		t.Errorf("compared: %v", compared)
	}
}
