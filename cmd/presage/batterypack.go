package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/sheet"
	"presage/models/battery"
)

// packRow is one instant of a pack: of the file of cells, the summary, or both.
type packRow struct {
	at            time.Time
	volts         []float64 // nil: no row of cells
	amps          float64   // positive into the battery
	soc, temp     float64
	level         float64 // of the car's own warning, NaN if unknown
	speed, status float64
}

// packFiles is a pack's recording, in order of time.
type packFiles struct {
	zone     *time.Location
	rows     []packRow
	width    int
	repeated int // rows of cells at an instant that had one
	summary  bool
}

func unknownRow(at time.Time) packRow {
	n := math.NaN()
	return packRow{at: at, amps: n, soc: n, temp: n, level: n, speed: n, status: n}
}

// read reads the files and leaves out what is later than --until.
func (c diagnoseCommand) read() (*packFiles, error) {
	zone, err := time.Parse("Z07:00", c.Offset)
	if err != nil {
		return nil, fmt.Errorf("%w --offset %q: want +08:00", presage.ErrInvalid, c.Offset)
	}
	k := &packFiles{zone: zone.Location()}
	until := time.Time{}
	if c.Until != "" {
		if until, err = k.time(c.Until); err != nil {
			return nil, fmt.Errorf("%w --until %q: want 2006-01-02T15:04:05+08:00 or 2006-01-02 15:04:05", presage.ErrInvalid, c.Until)
		}
	}
	by := map[int64]*packRow{}
	err = k.readCells(c.Cells, by)
	if c.Summary != "" {
		err = errors.Join(err, k.readSummary(c.Summary, by))
	}
	if err != nil {
		return nil, err
	}
	for _, r := range by {
		if until.IsZero() || !r.at.After(until) {
			k.rows = append(k.rows, *r)
		}
	}
	slices.SortFunc(k.rows, func(a, b packRow) int { return a.at.Compare(b.at) })
	return k, nil
}

func (k *packFiles) time(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(k.zone), nil
	}
	return time.ParseInLocation(time.DateTime, strings.Replace(text, "T", " ", 1), k.zone)
}

func (k *packFiles) at(seconds float64) time.Time { return time.Unix(int64(seconds), 0).In(k.zone) }

// times reads a column of times.
func (k *packFiles) times(s *sheet.Sheet, column string) ([]time.Time, error) {
	texts, err := s.Texts(column)
	if err != nil {
		return nil, err
	}
	out := make([]time.Time, len(texts))
	var faults []error
	for i, text := range texts {
		if out[i], err = k.time(text); err != nil {
			faults = append(faults, fmt.Errorf("%s: %.40q is no time, want 2006-01-02 15:04:05", s.Place(i, column), text))
		}
	}
	return out, sheet.All(faults)
}

func (k *packFiles) readCells(path string, by map[int64]*packRow) error {
	s, err := sheet.Read(path)
	if err != nil {
		return fmt.Errorf("--cells: %w", err)
	}
	times, err := k.times(s, "tboxTime")
	for s.Has("V_" + strconv.Itoa(k.width+1)) {
		k.width++
	}
	if k.width < 4 {
		err = errors.Join(err, fmt.Errorf("%s: %w: columns V_1, V_2, ... of %d cells: four are the fewest to compare",
			s.Name, presage.ErrInvalid, k.width))
	}
	columns := make([][]float64, k.width)
	for i := range columns {
		var fault error
		columns[i], fault = s.Numbers("V_"+strconv.Itoa(i+1), true)
		err = errors.Join(err, fault)
	}
	if err != nil {
		return fmt.Errorf("--cells: %w", err)
	}
	for i, t := range times {
		r := unknownRow(t)
		r.volts = make([]float64, k.width)
		for j := range columns {
			r.volts[j] = columns[j][i]
		}
		if by[t.Unix()] != nil {
			k.repeated++
		}
		by[t.Unix()] = &r
	}
	return nil
}

func (k *packFiles) readSummary(path string, by map[int64]*packRow) error {
	s, err := sheet.Read(path)
	if err != nil {
		return fmt.Errorf("--summary: %w", err)
	}
	times, err := k.times(s, "time")
	values := map[string][]float64{}
	for _, name := range []string{"current_A", "soc_pct", "bms_warning", "temp_min_C", "speed_kmh", "charge_status"} {
		if !s.Has(name) && name != "current_A" { // columns are missing in real ones
			values[name] = slices.Repeat([]float64{math.NaN()}, len(s.Rows))
			continue
		}
		x, fault := s.Numbers(name, true)
		values[name], err = x, errors.Join(err, fault)
	}
	if err != nil {
		return fmt.Errorf("--summary: %w", err)
	}
	k.summary = true
	for i, t := range times {
		r := by[t.Unix()]
		if r == nil {
			x := unknownRow(t)
			r = &x
			by[t.Unix()] = r
		}
		r.amps = within(-values["current_A"][i], -1000, 1000)
		r.soc = within(values["soc_pct"][i], 0, 100)
		r.temp = celsius(values["temp_min_C"][i])
		r.level = within(values["bms_warning"][i], 0, 3)
		r.speed, r.status = within(values["speed_kmh"][i], 0, 220), values["charge_status"][i]
	}
	return nil
}

// within is NaN for a value outside its range (GB/T 32960.3-2016 tables 9 and 10): a code for none.
func within(x, low, high float64) float64 {
	if x < low || x > high {
		return math.NaN()
	}
	return x
}

// celsius takes the offset of GB/T 32960 off; 254, 255 and what is doubled to 510 and 511 are codes.
func celsius(x float64) float64 { return within(x-40, -40, 210) }

// cellVolts tells a cell's voltage from a code: no Li-ion cell of a car in use
// has less than 1 V or as much as 5.
func cellVolts(v float64) bool { return v >= 1 && v < 5 }

// watch lets the law see the rows.
func (k *packFiles) watch() (*battery.Watch, []battery.Finding) {
	w := battery.NewWatch(battery.DefaultRule(k.width), cellVolts)
	for _, r := range k.rows {
		if r.volts == nil {
			continue
		}
		_, offset := r.at.Zone()
		w.Add(battery.Row{
			Seconds: float64(r.at.Unix()), Day: int((r.at.Unix() + int64(offset)) / 86400),
			Amps: r.amps, SoC: r.soc, Volts: r.volts,
		})
	}
	return w, w.End()
}

// capacities are the pack's by month, in Ah.
func (k *packFiles) capacities() []capacityResult {
	var out []capacityResult
	var counter battery.Counter
	month := ""
	flush := func() {
		if ah, w, ok := counter.Estimate(); ok {
			out = append(out, capacityResult{Month: month, AmpereHours: rounded(ah), Weight: rounded(w)})
		}
		counter = battery.Counter{}
	}
	for _, r := range k.rows {
		if m := r.at.Format("2006-01"); m != month {
			flush()
			month = m
		}
		counter.Add(battery.Reading{
			Seconds: float64(r.at.Unix()), Current: r.amps, SoC: r.soc, TempC: r.temp,
			// Boxes report "not charging" while the car stands and current flows in.
			Charging: r.status == 1 || r.status == 2 || r.speed == 0 && r.amps > 1,
		})
	}
	flush()
	slices.SortFunc(out, func(a, b capacityResult) int { return cmp.Compare(a.Month, b.Month) })
	return out
}
