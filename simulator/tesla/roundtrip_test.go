package tesla_test

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
	decoder "presage/ingest/tesla"
	"presage/simulator"
	"presage/simulator/tesla"
)

var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// What the simulated cars measure comes back through the decoder, to half a
// unit of the last decimal: 0.001 mph, mile and bar, 0.1 degC.
func TestWhatIsSaidIsUnderstood(t *testing.T) {
	t.Parallel()
	d, err := decoder.New("fleet")
	if err != nil {
		t.Fatal(err)
	}
	w, err := simulator.New(simulator.Config{Vehicles: 12, Seed: 3, Start: start, Faults: &simulator.Faults{Single: 1}})
	if err != nil {
		t.Fatal(err)
	}
	half := map[string]float64{
		presage.SignalSpeed: 0.0005 * 1.609344, presage.SignalOdometer: 0.0005 * 1609.344,
		presage.SignalInsulation: 0.5, presage.SignalAmbient: 0.05,
		presage.SignalTyreFrontLeft: 0.05, presage.SignalTyreFrontRight: 0.05,
		presage.SignalTyreRearLeft: 0.05, presage.SignalTyreRearRight: 0.05,
	}
	const cells = "Vehicle.Powertrain.TractionBattery.CellVoltage."
	said, understood, samples, events := map[string]bool{}, map[string]bool{}, 0, 0
	for m := range w.Advance(start.AddDate(0, 0, 4)) {
		out, err := tesla.Encoder{Base: "fleet"}.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]presage.Value{}
		for _, x := range out {
			dec, err := d.Decode(ingest.Message{Topic: x.Topic, Payload: x.Payload, Received: m.At})
			if err != nil || len(dec.Faults) > 0 || dec.VIN != m.VIN {
				t.Fatalf("%s %s: %v %+v", x.Topic, x.Payload, err, dec.Faults)
			}
			events += len(dec.Events)
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
			if r.Signal == presage.SignalCellVoltages {
				got[r.Signal] = r.Value // its extremes are told
				near(t, cells+"Max", slices.Max(r.Value.Array), got[cells+"Max"].Number, 0.0005)
				near(t, cells+"Min", slices.Min(r.Value.Array), got[cells+"Min"].Number, 0.0005)
			}
			if v, ok := got[r.Signal]; ok && r.Value.Kind != presage.KindArray {
				near(t, r.Signal, r.Value.Number, v.Number, half[r.Signal]+0.0005)
			}
		}
	}
	for signal := range understood {
		delete(said, signal)
	}
	lost := []string{ // Tesla has no field for them; of the cells it tells the extremes
		presage.SignalPadFrontLeft, presage.SignalPadFrontRight, presage.SignalPadRearLeft, presage.SignalPadRearRight,
		presage.SignalTyreTempFrontLeft, presage.SignalTyreTempFrontRight,
		presage.SignalTyreTempRearLeft, presage.SignalTyreTempRearRight,
		presage.SignalBattery12V, presage.SignalBattery12VCurrent, presage.SignalLowVoltageState,
		presage.SignalEngineSpeed, presage.SignalCellVoltages, presage.SignalBMSWarning,
	}
	slices.Sort(lost)
	if diff := cmp.Diff(lost, slices.Sorted(maps.Keys(said))); diff != "" {
		t.Error(diff)
	}
	if samples < 500 {
		t.Errorf("%d samples", samples)
	}
	t.Logf("%d samples, %d signals understood, %d events", samples, len(understood), events)
}

func near(t *testing.T, signal string, want, got, half float64) {
	t.Helper()
	if math.Abs(want-got) > half {
		t.Errorf("%s: %v, want %v", signal, got, want)
	}
}

// A trouble code becomes an alert, nonsense stays nonsense.
func TestEncode(t *testing.T) {
	t.Parallel()
	const vin = "5YJ3E1EA2JF000316" // an even last digit: typed values
	at := start.Add(time.Hour)
	encode := func(topic, payload string) ([]string, error) {
		out, err := tesla.Encoder{Base: "telemetry"}.Encode(simulator.Message{
			VIN: vin, Topic: "presage/v1/" + vin + topic, Payload: []byte(payload), At: at,
		})
		var lines []string
		for _, m := range out {
			lines = append(lines, m.Topic+" "+string(m.Payload))
		}
		return lines, err
	}
	const top = "telemetry/" + vin + "/"
	got, err := encode("/event", `{"ts":1,"type":"dtc","code":"P0A80"}`)
	want := []string{top + `alerts/P0A80/current {"StartedAt":"2026-07-01T01:00:00Z","Audiences":["Service"]}`}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = encode("/telemetry", `{"ts":1,"signals":{"Vehicle.Speed":100,"Vehicle.TraveledDistance":"1609344",`+
		`"Vehicle.Exterior.AirTemperature":"n/a","Vehicle.Powertrain.TractionBattery.Charging.IsCharging":true,`+
		`"Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[3.7,3.6]}}`)
	want = []string{
		top + "v/VehicleSpeed 62.137", top + "v/Odometer 1000.000", top + `v/OutsideTemp "n/a"`,
		top + `v/DetailedChargeState "DetailedChargeStateCharging"`, top + "v/BrickVoltageMax 3.700",
		top + "v/BrickVoltageMin 3.600", top + "v/NumBrickVoltageMax 1", top + "v/NumBrickVoltageMin 2",
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := encode("/telemetry", `{"ts":1,"sig`); !errors.Is(err, presage.ErrInvalid) || strings.Contains(err.Error(), vin) {
		t.Errorf("cut off: %v", err)
	}
}
