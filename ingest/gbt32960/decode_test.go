package gbt32960_test

import (
	"bufio"
	"encoding/hex"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
)

// vinA and vinB have valid check digits (49 CFR 565: its example, and ones
// alone); vinSample stands in rtm_con's samples.
const (
	vinA      presage.VIN = "1M8GDM9AXKP042788"
	vinB      presage.VIN = "11111111111111111"
	vinSample presage.VIN = "HAUV4BGN6S5002219"
)

// sampleTime is 2025-10-27 20:02:02 in Beijing.
var sampleTime = time.Date(2025, 10, 27, 12, 2, 2, 0, time.UTC)

// frames reads testdata/frames.txt, see PROVENANCE.md.
func frames(tb testing.TB) map[string][]byte {
	tb.Helper()
	f, err := os.Open("testdata/frames.txt")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	out := map[string][]byte{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		name, text, _ := strings.Cut(lines.Text(), " ")
		raw, err := hex.DecodeString(text)
		if err != nil {
			tb.Fatal(name, err)
		}
		out[name] = raw
	}
	return out
}

// values are a sample's readings by name.
func values(d ingest.Decoded) map[string]any {
	out := map[string]any{}
	for _, s := range d.Samples {
		for _, r := range s.Readings {
			switch r.Value.Kind {
			case presage.KindArray:
				out[r.Signal] = r.Value.Array
			case presage.KindBool:
				out[r.Signal] = r.Value.Number != 0
			case presage.KindString:
				out[r.Signal] = r.Value.Text
			case presage.KindNumber:
				out[r.Signal] = r.Value.Number
			}
		}
	}
	return out
}

func decodeFrame(tb testing.TB, vin presage.VIN, raw []byte) ingest.Decoded {
	tb.Helper()
	got, err := gbt32960.NewDecoder(nil).Decode(ingest.Message{
		Topic: "gbt32960/" + string(vin) + "/frame", Payload: raw,
	})
	if err != nil {
		tb.Fatal(err)
	}
	return got
}

// The numbers are those of the separate program, see testdata/PROVENANCE.md.
func TestRecordedBus(t *testing.T) {
	t.Parallel()
	got := decodeFrame(t, vinA, frames(t)["bus_braking_2016"])
	all := values(got)
	for name, want := range map[string]any{
		presage.SignalSpeed: 46.8, presage.SignalOdometer: 7212000.0, presage.SignalPackVoltage: 639.7,
		presage.SignalPackCurrent:   248.3, // braking: into the battery
		presage.SignalStateOfCharge: 26.0, presage.SignalInsulation: 4444.0, presage.SignalBMSWarning: 2.0,
		presage.SignalIsCharging:                       false,
		"Vehicle.Powertrain.ElectricMotor.Speed":       2151.0,
		"Vehicle.Powertrain.ElectricMotor.Torque":      -585.0,
		"Vehicle.Powertrain.ElectricMotor.Temperature": 68.0,
		"Vehicle.Chassis.Brake.PedalPosition":          6.0,
		"Vehicle.CurrentLocation.Longitude":            1.0,
		"Vehicle.CurrentLocation.Latitude":             2.0,
		"GBT32960.DriveMotor1.DCBusCurrent":            -200.3,
		"GBT32960.DriveMotor1.Status":                  2.0, // generating
		"GBT32960.Subsystem1.Voltage":                  640.3,
		"GBT32960.Subsystem1.Current":                  223.3,
		presage.SignalPackTempMax:                      29.0,
		presage.SignalPackTempMin:                      27.0,
	} {
		if diff := cmp.Diff(want, all[name]); diff != "" {
			t.Error(name, diff)
		}
	}
	cells, _ := all["GBT32960.Subsystem1.CellVoltages.From201"].([]float64)
	if len(cells) != 184 || !slices.Equal(cells[:6], []float64{3.33, 3.315, 3.317, 3.314, 3.317, 3.314}) {
		t.Errorf("%d cells: %v", len(cells), cells)
	}
	if _, whole := all[presage.SignalCellVoltages]; whole {
		t.Error("half a pack became a pack")
	}
	if temps, _ := all["Vehicle.Powertrain.TractionBattery.Temperature.CellTemperature"].([]float64); len(temps) != 72 {
		t.Errorf("%d probes", len(temps))
	}
	if at := got.Samples[0].Time; !at.Equal(time.Date(2024, 5, 14, 10, 18, 19, 0, time.UTC)) {
		t.Error(at)
	}
	if diff := cmp.Diff([]string{"alert GBT32960.brake_system"}, codes(got.Events)); diff != "" {
		t.Error(diff)
	}
}

func codes(events []presage.Event) []string {
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimSpace(e.Type+" "+e.Code))
	}
	return out
}

func TestRecordedParkedCar(t *testing.T) {
	t.Parallel()
	all := values(decodeFrame(t, vinA, frames(t)["parked_extremes_abnormal_2016"]))
	for name, want := range map[string]any{
		presage.SignalPackVoltage: 398.5, presage.SignalPackCurrent: -4.5, presage.SignalInsulation: 13.0,
		presage.SignalStateOfCharge: 61.0, presage.SignalPackTempMax: 29.0, presage.SignalPackTempMin: 26.0,
		"GBT32960.Gear": 47.0, // 0x2F: driving force, park
	} {
		if diff := cmp.Diff(want, all[name]); diff != "" {
			t.Error(name, diff)
		}
	}
	for _, name := range []string{
		"Vehicle.Powertrain.TractionBattery.CellVoltage.IdMax", "Vehicle.CurrentLocation.Latitude",
		"Vehicle.Powertrain.Transmission.CurrentGear",
	} {
		if x, ok := all[name]; ok {
			t.Errorf("%s is %v: its register says that there is none", name, x)
		}
	}
}

// rtm_con's authors made these of registers without a value.
func TestRegistersWithoutAValueBecomeNoReading(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]map[string]any{
		"vehicle_invalid_2016":        {"GBT32960.Gear": 63.0},
		"vehicle_invalid_signed_2025": {},
		"motors_invalid_abnormal_2016": {
			// Two bytes of 0xFE are 0xFEFE: a number by the standard.
			"GBT32960.DriveMotor2.Rotating": 45278.0, "GBT32960.DriveMotor2.Torque": 4527.8,
			"GBT32960.DriveMotor2.InputVoltage": 6527.8, "GBT32960.DriveMotor2.DCBusCurrent": 5527.8,
		},
		"engine_invalid_2016": {}, "location_invalid_2016": {}, "extremes_invalid_2016": {}, "cells_invalid_2016": {},
		"probes_invalid_2016": {}, "custom_2016": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := decodeFrame(t, vinSample, frames(t)[name])
			if diff := cmp.Diff(want, values(got)); diff != "" {
				t.Error(diff)
			}
			if len(got.Events)+len(got.Faults) > 0 {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAlarms(t *testing.T) {
	t.Parallel()
	want := []string{
		"alert GBT32960.temperature_difference", "alert GBT32960.battery_high_temperature",
		"dtc GBT32960.other.00010003", "dtc GBT32960.other.00080002", "dtc GBT32960.other.00080003",
		"dtc GBT32960.other.000C0004", "dtc GBT32960.other.000D0001", "dtc GBT32960.other.00060920",
		"dtc GBT32960.other.000A000B",
	}
	for _, name := range []string{"alarms_2016", "alarms_signed_2025"} {
		got := decodeFrame(t, vinSample, frames(t)[name])
		if diff := cmp.Diff(want, codes(got.Events)); diff != "" {
			t.Error(name, diff)
		}
		if len(got.Faults) > 0 || !got.Events[0].Time.Equal(sampleTime) {
			t.Errorf("%s: %+v", name, got)
		}
		if string(got.Events[0].Data) != `{"source":"flags","level":3}` {
			t.Errorf("%s", got.Events[0].Data)
		}
		if diff := cmp.Diff(map[string]any{"GBT32960.MaxAlarmLevel": 3.0, presage.SignalBMSWarning: 3.0}, values(got)); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"login_2016":  `login {"source":"gbt32960","edition":"2016","number":12}`,
		"login_2025":  `login {"source":"gbt32960","edition":"2025","number":12}`,
		"logout_2016": `logout {"source":"gbt32960","edition":"2016","number":2050}`,
		"logout_2025": `logout {"source":"gbt32960","edition":"2025","number":2050}`,
	} {
		got := decodeFrame(t, vinSample, frames(t)[name])
		if len(got.Events) != 1 || len(got.Samples) > 0 || !got.Events[0].Time.Equal(sampleTime) ||
			got.Events[0].Type+" "+string(got.Events[0].Data) != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
