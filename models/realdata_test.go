package models_test

import (
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"presage"
	"presage/models"
)

// dataDir is the folder of public data sets; tests that read it are skipped without it.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PRESAGE_DATA")
	if dir == "" {
		t.Skip("PRESAGE_DATA is not set")
	}
	return dir
}

func readTable(t *testing.T, path string) (head map[string]int, rows [][]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	all, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	head = map[string]int{}
	for i, name := range all[0] {
		head[name] = i
	}
	return head, all[1:]
}

func float(s string) (float64, bool) {
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

// evDays rolls up a car of ev_faults, and tells when the car first raised level 3.
func evDays(t *testing.T, dir, car string) (h models.History, level3 time.Time) {
	t.Helper()
	sh, summary := readTable(t, filepath.Join(dir, "ev_faults", car+"_summary.csv.gz"))
	_, cells := readTable(t, filepath.Join(dir, "ev_faults", car+"_cells.csv.gz"))
	days := map[presage.Day][]presage.Sample{}
	var order []presage.Day
	for i, r := range summary {
		at, err := time.Parse(time.DateTime, r[sh["time"]])
		if err != nil {
			t.Fatal(err)
		}
		s := presage.Sample{VIN: testVIN, Time: at}
		put := func(column, signal string, scale float64) {
			if x, ok := float(r[sh[column]]); ok {
				s.Readings = append(s.Readings, presage.Reading{Signal: signal, Value: presage.Number(scale * x)})
			}
		}
		put("speed_kmh", presage.SignalSpeed, 1)
		put("odometer_km", presage.SignalOdometer, 1000)
		put("current_A", presage.SignalPackCurrent, -1)
		put("soc_pct", presage.SignalStateOfCharge, 1)
		volts := make([]float64, 0, len(cells[i])-1)
		for _, c := range cells[i][1:] {
			v, _ := float(c)
			volts = append(volts, v)
		}
		s.Readings = append(s.Readings, presage.Reading{Signal: presage.SignalCellVoltages, Value: presage.Array(volts)})
		if w, _ := float(r[sh["bms_warning"]]); w >= 3 && level3.IsZero() {
			level3 = at
		}
		d := presage.DayOf(at)
		if len(days[d]) == 0 {
			order = append(order, d)
		}
		days[d] = append(days[d], s)
	}
	h.Vehicle = presage.Vehicle{VIN: testVIN, Powertrain: presage.BatteryElectric}
	for _, d := range order {
		r, err := models.RollUp(testVIN, d, rows(days[d]...))
		if err != nil {
			t.Fatal(err)
		}
		h.Rollups = append(h.Rollups, r)
	}
	return h, level3
}

// ev_faults (BatICM, MIT): car 2's cell 82 must be named ten days before the
// car's first level 3; car 4's weak cell 63 raises nothing. The warnings
// themselves are left out.
func TestEVFaults(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := models.NewPrognoser(catalogue())
	for car, faulty := range map[string]bool{"car2": true, "car4": false} {
		t.Run(car, func(t *testing.T) {
			t.Parallel()
			h, level3 := evDays(t, dir, car)
			var named time.Time
			for _, r := range h.Rollups {
				got := of(p.Prognose(h, r.Last), presage.HVBattery)
				if got.Status == presage.StatusWatch || got.Status == presage.StatusDue {
					for _, term := range got.Terms {
						if term.Name == models.TermCell && (!faulty || term.Value != 82) {
							t.Errorf("%s: %s for cell %g", r.Day, got.Status, term.Value)
						}
					}
					if !faulty {
						t.Errorf("%s: %s %v %v", r.Day, got.Status, got.FailWithin, got.Terms)
					}
					if named.IsZero() {
						named = r.Last
					}
				}
			}
			if faulty && (named.IsZero() || level3.Sub(named) < 10*24*time.Hour) {
				t.Errorf("named at %v, first level 3 at %v", named, level3)
			}
			t.Logf("%d days, first named %v, first level 3 %v", len(h.Rollups), named, level3)
		})
	}
}

// obd_carobd: 129 trips of a healthy car without dates, taken in the file's
// order, some a day. No component may be watched or due on what was measured.
func TestHealthyOBDCar(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	head, table := readTable(t, filepath.Join(dir, "obd_carobd", "carobd_all_trips.csv.gz"))
	p := models.NewPrognoser(catalogue())
	for _, tripsADay := range []int{1, 5, 13} {
		t.Run(strconv.Itoa(tripsADay)+" trips a day", func(t *testing.T) {
			t.Parallel()
			h := obdDays(t, head, table, tripsADay)
			for _, r := range h.Rollups {
				for _, got := range p.Prognose(h, r.Last) {
					if got.Status == presage.StatusDue || got.Status == presage.StatusWatch {
						t.Errorf("%s: %s %s %v %v", r.Day, got.Component, got.Status, got.FailWithin, got.Terms)
					}
				}
			}
			end := of(p.Prognose(h, h.Rollups[len(h.Rollups)-1].Last), presage.Battery12V)
			t.Logf("%d days, at the end %s %v", len(h.Rollups), end.Status, end.Terms)
		})
	}
}

// obdDays rolls the trips up, each at its own hour of the day.
func obdDays(t *testing.T, head map[string]int, table [][]string, tripsADay int) models.History {
	t.Helper()
	signals := map[string]string{
		"engine_rpm": presage.SignalEngineSpeed, "vehicle_speed": presage.SignalSpeed,
		"control_module_voltage": presage.SignalModuleVoltage,
	}
	days := map[int][]presage.Sample{}
	n, second, trip := -1, 0, ""
	for _, r := range table {
		if name := r[head["trip"]]; name != trip {
			trip, second = name, 0
			n++
		}
		hour := time.Duration(24*(n%tripsADay)/tripsADay) * time.Hour
		at := newYear.AddDate(0, 0, n/tripsADay).Add(hour + time.Duration(second)*time.Second)
		second++
		s := presage.Sample{VIN: testVIN, Time: at}
		for column, signal := range signals {
			if x, ok := float(r[head[column]]); ok {
				s.Readings = append(s.Readings, presage.Reading{Signal: signal, Value: presage.Number(x)})
			}
		}
		days[n/tripsADay] = append(days[n/tripsADay], s)
	}
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
	for d := range len(days) {
		r, err := models.RollUp(testVIN, presage.DayOf(newYear.AddDate(0, 0, d)), rows(days[d]...))
		if err != nil {
			t.Fatal(err)
		}
		h.Rollups = append(h.Rollups, r)
	}
	return h
}
