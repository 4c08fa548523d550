package ovms_test

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	decoder "presage/ingest/ovms"
	"presage/simulator"
	"presage/simulator/ovms"
)

var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// What the simulated cars measure comes back through the decoder, to half a
// unit of the sixth digit.
func TestWhatIsSaidIsUnderstood(t *testing.T) {
	t.Parallel()
	d := decoder.New()
	w, err := simulator.New(simulator.Config{Vehicles: 12, Seed: 3, Start: start, Faults: &simulator.Faults{Single: 1}})
	if err != nil {
		t.Fatal(err)
	}
	said, understood, samples := map[string]bool{}, map[string]bool{}, 0
	for m := range w.Advance(start.AddDate(0, 0, 4)) {
		out, err := ovms.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]presage.Value{}
		for _, x := range out {
			dec, err := d.Decode(ingest.Message{Topic: x.Topic, Payload: x.Payload, Received: m.At})
			if err != nil || len(dec.Faults) > 0 || dec.Unknown > 0 || dec.VIN != m.VIN {
				t.Fatalf("%s %s: %v %+v", x.Topic, x.Payload, err, dec)
			}
			for _, s := range dec.Samples {
				for _, r := range s.Readings {
					got[r.Signal] = r.Value
					understood[r.Signal] = true
				}
			}
		}
		if strings.HasSuffix(m.Topic, "/event") {
			continue
		}
		native, faults, err := ingest.DecodeTelemetry(m.VIN, m.Payload, m.At)
		if err != nil || len(faults) > 0 || len(native) != 1 {
			t.Fatal(err, faults)
		}
		samples++
		for _, r := range native[0].Readings {
			said[r.Signal] = true
			if v, ok := got[r.Signal]; ok && !same(r, v) {
				t.Errorf("%s: %v, want %v", r.Signal, v, r.Value)
			}
		}
	}
	for signal := range understood {
		delete(said, signal)
	}
	lost := []string{ // OVMS has no metric for them, or none whose sign is laid down
		presage.SignalPadFrontLeft, presage.SignalPadFrontRight, presage.SignalPadRearLeft, presage.SignalPadRearRight,
		presage.SignalBattery12VCurrent, presage.SignalEngineSpeed, presage.SignalInsulation, presage.SignalBMSWarning,
	}
	slices.Sort(lost)
	if diff := cmp.Diff(lost, slices.Sorted(maps.Keys(said))); diff != "" {
		t.Error(diff)
	}
	if samples < 500 {
		t.Errorf("%d samples", samples)
	}
	t.Logf("%d samples, %d signals understood", samples, len(understood))
}

// same compares to half a unit of the sixth digit; START is on.
func same(want presage.Reading, got presage.Value) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 5.1e-6*math.Abs(a) }
	switch want.Value.Kind {
	case presage.KindArray:
		return slices.EqualFunc(want.Value.Array, got.Array, near)
	case presage.KindString:
		return strings.ReplaceAll(want.Value.Text, "START", "ON") == got.Text
	case presage.KindNumber, presage.KindBool:
	}
	return want.Value.Kind == got.Kind && near(want.Value.Number, got.Number)
}

func TestEncode(t *testing.T) {
	t.Parallel()
	const vin = "WBY1Z21010V308114"
	encode := func(topic, payload string) ([]string, error) {
		out, err := ovms.Encode(simulator.Message{VIN: vin, Topic: "presage/v1/" + vin + topic, Payload: []byte(payload), At: start})
		var lines []string
		for _, m := range out {
			if m.Metric != strings.Contains(m.Topic, "/metric/") {
				t.Errorf("%s: metric %v", m.Topic, m.Metric)
			}
			lines = append(lines, m.Topic+" "+string(m.Payload))
		}
		return lines, err
	}
	const top = "ovms/" + vin + "/" + vin + "/"
	got, err := encode("/event", `{"ts":1,"type":"trip_end"}`)
	if diff := cmp.Diff([]string{top + "notify/alert/trip_end Vehicle reports trip_end trip_end"}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = encode("/telemetry", `{"ts":1,"signals":{"Vehicle.TraveledDistance":57913100,"Vehicle.Speed":"n/a",`+
		`"Vehicle.Powertrain.TractionBattery.CurrentCurrent":-12.5,"Vehicle.LowVoltageSystemState":"START",`+
		`"Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[4.105,4.1]}}`)
	want := []string{
		top + "metric/v/p/speed n/a", top + "metric/v/p/odometer 57913.1", top + "metric/v/b/current 12.5",
		top + "metric/v/b/c/voltage 4.105,4.1", top + "metric/v/e/on yes",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := encode("/telemetry", `{"ts":1,"sig`); !errors.Is(err, presage.ErrInvalid) || strings.Contains(err.Error(), vin) {
		t.Errorf("cut off: %v", err)
	}
}
