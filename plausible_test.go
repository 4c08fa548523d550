package presage_test

import (
	"math"
	"testing"

	"presage"
)

// Conversions by hand: 36 psi are 248.2 kPa, 2.4 bar 240 kPa, 77 degF 25 degC.
func TestLikelyUnit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		signal string
		x      float64
		unit   string
		own    float64
	}{
		{presage.SignalTyreFrontLeft, 36, "psi", 248.2},
		{presage.SignalTyreFrontLeft, 2.4, "bar", 240},
		{presage.SignalTyreFrontLeft, 248, "", 0},
		{presage.SignalTyreFrontLeft, 110, "", 0}, // a flat one
		{presage.SignalTyreFrontLeft, 65535, "", 0},
		{presage.SignalTyreFrontLeft, 0, "", 0},
		{presage.SignalOdometer, 57_913.1, "km", 57_913_100},
		{presage.SignalOdometer, 57_913_100, "", 0},
		{presage.SignalOdometer, 1e15, "", 0},
		{presage.SignalAmbient, 77, "Fahrenheit", 25},
		{presage.SignalAmbient, 298.15, "K", 25},
		{presage.SignalAmbient, 25, "", 0},
		{presage.SignalBattery12V, 12_600, "mV", 12.6},
		{presage.SignalBattery12V, 27.5, "", 0}, // a truck
		{presage.SignalCellVoltages, 3650, "mV", 3.65},
		{"Vehicle.Powertrain.TractionBattery.StateOfHealth", 0.93, "ratio", 93},
		{presage.SignalSpeed, 400, "", 0},
		{presage.SignalSpeed, math.NaN(), "", 0},
		{presage.SignalSpeed, math.Inf(1), "", 0},
	} {
		s, ok := presage.LookupSignal(tt.signal)
		if !ok {
			t.Fatalf("%s is not in the table", tt.signal)
		}
		unit, own := s.LikelyUnit(tt.x)
		if unit != tt.unit || math.Abs(own-tt.own) > 0.05 {
			t.Errorf("%s %g: %q, %g; want %q, %g", tt.signal, tt.x, unit, own, tt.unit, tt.own)
		}
	}
}

// A typical range lies around values that the valid one accepts.
func TestTypicalRanges(t *testing.T) {
	t.Parallel()
	for _, s := range presage.Signals() {
		if s.TypicalMin > s.TypicalMax || s.TypicalMin > s.Max || s.TypicalMax < s.Min {
			t.Errorf("%s: typical %g to %g, valid %g to %g", s.Name, s.TypicalMin, s.TypicalMax, s.Min, s.Max)
		}
	}
}
