package recorded_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/simulator/recorded"
)

const (
	evSummary = "../../testdata/ev_faults/car2_summary.csv.gz"
	evCells   = "../../testdata/ev_faults/car2_cells.csv.gz"
)

// The counts are those of testdata/ev_faults/PROVENANCE.md.
func TestEVCloudReadsEveryRow(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		files []string
		want  recorded.Counts
	}{
		{"both", []string{evSummary, evCells}, recorded.Counts{Rows: 540, Distinct: 539}},
		{"both, turned round", []string{evCells, evSummary}, recorded.Counts{Rows: 540, Distinct: 539}},
		{"summary alone", []string{evSummary}, recorded.Counts{Rows: 540, Distinct: 539}},
		{"cells alone", []string{evCells}, recorded.Counts{Rows: 540, Distinct: 539}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			all, r := read(t, "ev-cloud", tt.files, recorded.Options{})
			if diff := cmp.Diff(tt.want, r.Counts()); diff != "" {
				t.Error(diff)
			}
			if len(all) != 540 {
				t.Errorf("%d samples, want 540", len(all))
			}
		})
	}
}

// The values are lines 2 of both files, converted by hand.
func TestEVCloudMapsToVSS(t *testing.T) {
	t.Parallel()
	all, _ := read(t, "ev-cloud", []string{evSummary, evCells}, recorded.Options{})
	first := at(t, all, "2019-04-15T17:42:30+08:00")
	const pack = "Vehicle.Powertrain.TractionBattery."
	want := map[string]any{
		presage.SignalSpeed: 36.3, presage.SignalIsCharging: false, presage.SignalPackVoltage: 351.2,
		presage.SignalPackCurrent: -44.3, presage.SignalStateOfCharge: 92.0, presage.SignalOdometer: 18837700.0,
		presage.SignalBMSWarning: 0.0, presage.SignalInsulation: 5000.0,
		presage.SignalPackTempMax: 29.0, presage.SignalPackTempMin: 25.0,
		pack + "CellVoltage.Min": 3.926, pack + "CellVoltage.IdMin": 40.0,
		pack + "CellVoltage.Max": 3.984, pack + "CellVoltage.IdMax": 57.0,
	}
	cells, ok := first.Signals[presage.SignalCellVoltages].([]any)
	if !ok || len(cells) != 88 || cells[40] != 3.926 || cells[57] != 3.984 {
		t.Errorf("cells %v: want 88, the lowest at 40, the highest at 57", cells)
	}
	delete(first.Signals, presage.SignalCellVoltages)
	if diff := cmp.Diff(want, first.Signals); diff != "" {
		t.Error(diff)
	}
}

func TestEVCloudKeepsWhatCannotBe(t *testing.T) {
	t.Parallel()
	all, _ := read(t, "ev-cloud", []string{evSummary, evCells}, recorded.Options{})
	spec, _ := presage.LookupSignal(presage.SignalCellVoltages)
	zeros, charging, worst := 0, 0, 0
	for _, s := range all {
		for _, v := range s.Signals[presage.SignalCellVoltages].([]any) {
			if v == 0.0 {
				zeros++
				if spec.Valid(0) {
					t.Fatal("a cell of 0 V counts as valid")
				}
			}
		}
		if s.Signals[presage.SignalIsCharging] == true {
			charging++
		}
		if s.Signals[presage.SignalBMSWarning] == 3.0 {
			worst++
		}
	}
	// Counted by hand for PROVENANCE.md.
	if zeros != 186 || charging != 27 || worst != 38 {
		t.Errorf("zeros %d, charging %d, warnings of level 3 %d; want 186, 27, 38", zeros, charging, worst)
	}
	if low := at(t, all, "2019-07-09T11:55:00+08:00").Signals[presage.SignalPackTempMin]; low != -40.0 {
		t.Errorf("raw temperature 0 became %v, want -40", low)
	}
}

const evHeader = "time,speed_kmh,charge_status,pack_voltage_V,current_A,soc_pct,odometer_km,bms_warning,insulation_kohm," +
	"temp_max_C,temp_min_C,cell_v_min,cell_min_idx,cell_v_max,cell_max_idx"

func TestEVCloudOddRows(t *testing.T) {
	t.Parallel()
	summary := file(t, "s.csv", evHeader,
		"2024-01-01 08:00:30,0,4,350,0,50,0,0,1000,511,255,3.6,1,3.7,2", // out of order, codes, odometer 0
		"2024-01-01 08:00:00,10,2,350,-7.5,50,100.1,0,900,60,nan,60.0,1,3.7,2",
		"2024-01-01 08:00:30,1,254,350,0,50,0,0,1000,511,255,3.6,1,3.7,2", // the same instant, other values
	)
	cells := file(t, "c.csv", "tboxTime,V_1,V_2", "2024-01-01 08:00:00,60.0,", "2024-01-01 08:01:00,3.6,3.7", "2024-01-01 08:02:00,,")
	// Missing: 1 + 1 in the first row, 2 cells in two rows, 14 columns in two rows, 2 cells in the last.
	all, r := read(t, "ev-cloud", []string{cells, summary}, recorded.Options{})
	if diff := cmp.Diff(recorded.Counts{Rows: 5, Distinct: 5, Moved: 1, Blank: 1, Missing: 36}, r.Counts()); diff != "" {
		t.Error(diff)
	}
	first := at(t, all, "2024-01-01T00:00:00Z").Signals
	if _, ok := first[presage.SignalPackTempMin]; ok || first[presage.SignalIsCharging] != true || first[presage.SignalPackCurrent] != 7.5 {
		t.Errorf("first row %v: want no lowest temperature, charging, 7.5 A into the pack", first)
	}
	if diff := cmp.Diff([]any{60.0, 0.0}, first[presage.SignalCellVoltages]); diff != "" {
		t.Error(diff)
	}
	second := at(t, all, "2024-01-01T00:00:30Z").Signals
	for name, code := range map[string]float64{
		presage.SignalPackTempMax: 511, presage.SignalPackTempMin: 255, presage.SignalOdometer: 0,
	} {
		spec, _ := presage.LookupSignal(name)
		if second[name] != code || spec.Valid(code) {
			t.Errorf("%s = %v, want the invalid %v", name, second[name], code)
		}
	}
	if _, ok := at(t, all, "2024-01-01T00:00:30.001Z").Signals[presage.SignalIsCharging]; ok {
		t.Error("charge status 254 became a reading")
	}
}

func TestStartShiftsAllRows(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC)
	own, _ := read(t, "ev-cloud", []string{evSummary}, recorded.Options{})
	moved, _ := read(t, "ev-cloud", []string{evSummary}, recorded.Options{Start: start, BatchRows: 7})
	if moved[0].TS != start.UnixMilli() {
		t.Errorf("first row at %d, want %d", moved[0].TS, start.UnixMilli())
	}
	for i := range own {
		if own[i].TS-own[0].TS != moved[i].TS-moved[0].TS {
			t.Fatalf("row %d: the distance to the first row changed", i)
		}
	}
}
