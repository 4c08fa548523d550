package models_test

import (
	"errors"
	"iter"
	"math"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/models"
)

func sample(sec float64, kv ...any) presage.Sample {
	s := presage.Sample{VIN: testVIN, Time: newYear.Add(time.Duration(sec * float64(time.Second)))}
	for i := 0; i < len(kv); i += 2 {
		r := presage.Reading{Signal: kv[i].(string)}
		switch x := kv[i+1].(type) {
		case float64:
			r.Value = presage.Number(x)
		case int:
			r.Value = presage.Number(float64(x))
		case bool:
			r.Value = presage.Bool(x)
		case string:
			r.Value = presage.String(x)
		case []float64:
			r.Value = presage.Array(x)
		}
		s.Readings = append(s.Readings, r)
	}
	return s
}

func rows(ss ...presage.Sample) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, s := range ss {
			if !yield(s, nil) {
				return
			}
		}
	}
}

func rolled(t *testing.T, ss ...presage.Sample) map[string]float64 {
	t.Helper()
	r, err := models.RollUp(testVIN, presage.DayOf(newYear), rows(ss...))
	if err != nil {
		t.Fatal(err)
	}
	if r.Samples != len(ss) {
		t.Errorf("%d samples, want %d", r.Samples, len(ss))
	}
	return r.Features
}

func wants(t *testing.T, f map[string]float64, name string, want, tolerance float64) {
	t.Helper()
	got, ok := f[name]
	if !ok || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %g (%t), want %g", name, got, ok, want)
	}
}

// All wanted values by hand.
func TestRollUpRoadAndPads(t *testing.T) {
	t.Parallel()
	f := rolled(t,
		sample(0, presage.SignalOdometer, 12_000_000, presage.SignalPadFrontLeft, 40, presage.SignalPadFrontRight, 44,
			presage.SignalAmbient, 10),
		sample(60, presage.SignalOdometer, 0, presage.SignalPadFrontLeft, 41, presage.SignalPadFrontRight, 255),
		sample(600, presage.SignalOdometer, 4_000_000_000, presage.SignalAmbient, 20),
		sample(1800, presage.SignalOdometer, 12_010_000),
		sample(3600, presage.SignalOdometer, 12_030_000, presage.SignalPadFrontLeft, 100, presage.SignalPadRearLeft, 7,
			"Vendor.Unknown", 3),
	)
	wants(t, f, models.FeatureOdometer, 12030, 1e-9)
	wants(t, f, models.FeatureDistance, 30, 1e-9)
	wants(t, f, models.FeaturePadFront, 44, 1e-9)
	wants(t, f, models.FeaturePadRear, 7, 1e-9)
	wants(t, f, models.FeatureAmbient, 15, 1e-9)
}

// 240 kPa gauge at 40 degC is (240+101.325)*293.15/313.15-101.325 = 218.20 kPa at 20 degC.
func TestRollUpTyres(t *testing.T) {
	t.Parallel()
	f := rolled(t,
		sample(0, presage.SignalSpeed, 0, presage.SignalTyreFrontLeft, 240, presage.SignalTyreTempFrontLeft, 40,
			presage.SignalTyreRearRight, 230, presage.SignalAmbient, 20),
		sample(30, presage.SignalSpeed, 90, presage.SignalTyreFrontLeft, 300, presage.SignalTyreTempFrontLeft, 40,
			presage.SignalTyreRearRight, 300),
	)
	wants(t, f, models.FeatureTyreFrontLeft, 218.20, 0.01)
	wants(t, f, models.FeatureTyreRearRight, 230, 1e-9)
}

// Rest 12.4 V before the first turn, 9.8 V while cranking at 20 degC, 14.1 V running.
func TestRollUpCombustion12V(t *testing.T) {
	t.Parallel()
	var ss []presage.Sample
	for i, p := range []struct{ v, rpm float64 }{
		{12.4, 0}, {12.4, 0}, {10.5, 0}, {9.8, 210}, {11.9, 480}, {13.2, 900}, {14.1, 850}, {14.1, 820}, {14.1, 800},
	} {
		ss = append(ss, sample(float64(i), presage.SignalModuleVoltage, p.v, presage.SignalEngineSpeed, p.rpm,
			presage.SignalSpeed, 0, presage.SignalAmbient, 20))
	}
	f := rolled(t, ss...)
	wants(t, f, models.FeatureRest12V, 12.4, 1e-9)
	wants(t, f, models.FeatureCrank12V, 9.8, 1e-9)
	wants(t, f, models.FeatureRunning12V, 14.1, 1e-9)
}

func TestRollUpElectric12V(t *testing.T) {
	t.Parallel()
	f := rolled(t,
		sample(0, presage.SignalBattery12V, 12.5, presage.SignalLowVoltageState, "OFF", presage.SignalAmbient, 0),
		sample(3600, presage.SignalBattery12V, 12.9, presage.SignalLowVoltageState, "ON", presage.SignalSpeed, 50),
		sample(3660, presage.SignalBattery12V, 14.0, presage.SignalLowVoltageState, "ON", presage.SignalSpeed, 50),
	)
	// 12.5 - 6*0.00023*(0-20) = 12.5276 V at 20 degC.
	wants(t, f, models.FeatureRest12V, 12.5276, 1e-9)
	wants(t, f, models.FeatureRunning12V, 14.0, 1e-9)
	if _, ok := f[models.FeatureCrank12V]; ok {
		t.Error("an electric car cranked")
	}
}

// 60 A into the pack for an hour move 60 Ah; the display goes from 20 to 60 %:
// 60/0.4 = 150 Ah. The 255 degC is the protocol's "invalid".
func TestRollUpCapacity(t *testing.T) {
	t.Parallel()
	var ss []presage.Sample
	for i := range 61 {
		ss = append(ss, sample(60*float64(i), presage.SignalPackCurrent, 60, presage.SignalIsCharging, true,
			presage.SignalStateOfCharge, math.Floor(20+40*float64(i)/60), presage.SignalPackTempMax, 255,
			presage.SignalPackTempMin, 25))
	}
	f := rolled(t, ss...)
	wants(t, f, models.FeatureCapacity, 150, 2.5)
	wants(t, f, models.FeatureSoCSpan, 40, 1e-9)
	if w := f[models.FeatureCapacityWeight]; w < 3 || w > 4 {
		t.Errorf("weight %g, want about (39/20)^2", w)
	}
	wants(t, f, models.FeaturePackTempMax, 25, 0)
}

func TestRollUpCells(t *testing.T) {
	t.Parallel()
	var ss []presage.Sample
	for i := range 10 {
		cells := slices.Repeat([]float64{3.9}, 90)
		cells[4], cells[10] = 3.875, 3.89
		if i%3 == 0 {
			cells[50], cells[51] = 0, 60
		}
		ss = append(ss, sample(30*float64(i), presage.SignalCellVoltages, cells))
	}
	f := rolled(t, ss...)
	wants(t, f, models.FeatureCellLowest, 5, 0)
	wants(t, f, models.FeatureCellMv, -25, 1e-3)
	wants(t, f, models.FeatureCellNextMv, -10, 1e-3)
}

func TestRollUpPassesOverOwnSeriesAndOtherDays(t *testing.T) {
	t.Parallel()
	r, err := models.RollUp(testVIN, presage.DayOf(newYear), rows(
		sample(-10, presage.SignalSpeed, 10), sample(5, "Presage.tyre_leak.fail_7d", 0.5),
		sample(9, presage.SignalSpeed, 10), sample(86400, presage.SignalSpeed, 10)))
	if err != nil || r.Samples != 1 || !r.First.Equal(r.Last) {
		t.Errorf("%+v, %v", r, err)
	}
	broken := errors.New("disk gone")
	_, err = models.RollUp(testVIN, 0, func(yield func(presage.Sample, error) bool) { yield(presage.Sample{}, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func BenchmarkRollUp(b *testing.B) {
	ss := make([]presage.Sample, 0, 600)
	for i := range 600 {
		ss = append(ss, sample(float64(i), presage.SignalSpeed, 50, presage.SignalOdometer, 12_000_000+14*i,
			presage.SignalAmbient, 20, presage.SignalBattery12V, 14.1, presage.SignalPackCurrent, -40,
			presage.SignalStateOfCharge, 80, presage.SignalPackVoltage, 350, presage.SignalLowVoltageState, "ON",
			presage.SignalTyreFrontLeft, 240, presage.SignalTyreTempFrontLeft, 25))
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := models.RollUp(testVIN, presage.DayOf(newYear), rows(ss...)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*600/b.Elapsed().Seconds(), "samples/s")
}

// Speeds an hour apart tell no distance: the day's distance is not known, rather
// than nothing. Those of a car that stands tell that it stood.
func TestSparseSpeedsTellNoDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		speed float64
		every time.Duration
		want  float64 // km, -1 for not known
	}{
		{60, time.Hour, -1}, {0, time.Hour, 0}, {60, 30 * time.Second, 5 * 0.5}, // five half minutes at 1 km a minute
	} {
		rows := func(yield func(presage.Sample, error) bool) {
			for i := range 6 {
				s := presage.Sample{
					VIN: testVIN, Time: newYear.Add(time.Duration(i) * tt.every),
					Readings: []presage.Reading{{Signal: presage.SignalSpeed, Value: presage.Number(tt.speed)}},
				}
				if !yield(s, nil) {
					return
				}
			}
		}
		r, err := models.RollUp(testVIN, presage.DayOf(newYear), rows)
		km, known := r.Features[models.FeatureDistance]
		if !known {
			km = -1
		}
		if err != nil || math.Abs(km-tt.want) > 1e-9 {
			t.Errorf("%g km/h every %v: %g km, want %g (%v)", tt.speed, tt.every, km, tt.want, err)
		}
	}
}
