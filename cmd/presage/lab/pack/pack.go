// Package pack reads the recording of a high-voltage pack from two tables, every
// cell's voltage and a summary, for the commands that judge it. Codes for "no
// value" are told from readings here, once.
package pack

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
	"presage/cmd/presage/lab/sheet"
	"presage/models/battery"
)

// Row is one instant of a pack: of the file of cells, the summary, or both.
type Row struct {
	At            time.Time
	Level         float64   // of the car's own warning, NaN if unknown
	volts         []float64 // nil: no row of cells
	amps          float64   // positive into the battery
	soc, temp     float64
	speed, status float64
}

// Files is a pack's recording, in order of time.
type Files struct {
	Rows     []Row
	Cells    int
	Repeated int // rows of cells at an instant that had one
	zone     *time.Location
}

// Source says what to read.
type Source struct {
	Cells   string // file
	Summary string // file, or ""
	Until   string // what is later is not seen; "" for all
	Offset  string // zone of times that have none, "+08:00"
}

func unknownRow(at time.Time) Row {
	n := math.NaN()
	return Row{At: at, amps: n, soc: n, temp: n, Level: n, speed: n, status: n}
}

// Read reads the files. ErrInvalid, by file, line and column: a time or a number
// that is none, a column that is missing; ErrInvalid for Until and Offset.
func Read(c Source) (*Files, error) {
	zone, err := time.Parse("Z07:00", c.Offset)
	if err != nil {
		return nil, fmt.Errorf("%w --offset %q: want +08:00", presage.ErrInvalid, c.Offset)
	}
	k := &Files{zone: zone.Location()}
	until := time.Time{}
	if c.Until != "" {
		if until, err = k.time(c.Until); err != nil {
			return nil, fmt.Errorf("%w --until %q: want 2006-01-02T15:04:05+08:00 or 2006-01-02 15:04:05",
				presage.ErrInvalid, c.Until)
		}
	}
	by := map[int64]*Row{}
	err = k.readCells(c.Cells, by)
	if c.Summary != "" {
		err = errors.Join(err, k.readSummary(c.Summary, by))
	}
	if err != nil {
		return nil, err
	}
	for _, r := range by {
		if until.IsZero() || !r.At.After(until) {
			k.Rows = append(k.Rows, *r)
		}
	}
	slices.SortFunc(k.Rows, func(a, b Row) int { return a.At.Compare(b.At) })
	return k, nil
}

func (k *Files) time(text string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(k.zone), nil
	}
	return time.ParseInLocation(time.DateTime, strings.Replace(text, "T", " ", 1), k.zone)
}

// At is the time of so many seconds of the Unix epoch where the car is.
func (k *Files) At(seconds float64) time.Time { return time.Unix(int64(seconds), 0).In(k.zone) }

// times reads a column of times.
func (k *Files) times(s *sheet.Sheet, column string) ([]time.Time, error) {
	texts, err := s.Texts(column)
	if err != nil {
		return nil, err
	}
	out := make([]time.Time, len(texts))
	var faults []error
	for i, text := range texts {
		if out[i], err = k.time(text); err != nil {
			faults = append(faults, fmt.Errorf("%s: %.40q is not a time, want 2006-01-02 15:04:05", s.Place(i, column), text))
		}
	}
	return out, sheet.All(faults)
}

func (k *Files) readCells(path string, by map[int64]*Row) error {
	s, err := sheet.Read(path)
	if err != nil {
		return fmt.Errorf("--cells: %w", err)
	}
	times, err := k.times(s, "tboxTime")
	for s.Has("V_" + strconv.Itoa(k.Cells+1)) {
		k.Cells++
	}
	if k.Cells < 4 {
		err = errors.Join(err, fmt.Errorf("%s: %w: columns V_1, V_2, ... of %d cells: four are the fewest to compare",
			s.Name, presage.ErrInvalid, k.Cells))
	}
	columns := make([][]float64, k.Cells)
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
		r.volts = make([]float64, k.Cells)
		for j := range columns {
			r.volts[j] = columns[j][i]
		}
		if by[t.Unix()] != nil {
			k.Repeated++
		}
		by[t.Unix()] = &r
	}
	return nil
}

func (k *Files) readSummary(path string, by map[int64]*Row) error {
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
		r.Level = within(values["bms_warning"][i], 0, 3)
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

// Watch lets the law of weak cells see the rows.
func (k *Files) Watch() (*battery.Watch, []battery.Finding) {
	w := battery.NewWatch(battery.DefaultRule(k.Cells), cellVolts)
	for _, r := range k.Rows {
		if r.volts == nil {
			continue
		}
		_, offset := r.At.Zone()
		w.Add(battery.Row{
			Seconds: float64(r.At.Unix()), Day: int((r.At.Unix() + int64(offset)) / 86400),
			Amps: r.amps, SoC: r.soc, Volts: r.volts,
		})
	}
	return w, w.End()
}

// Capacity is what the charges of a month say.
type Capacity struct {
	Month       string
	AmpereHours float64
	Weight      float64 // 1: one warm charge over 20 points
}

// Capacities are the pack's by month, in Ah.
func (k *Files) Capacities() []Capacity {
	var out []Capacity
	var counter battery.Counter
	month := ""
	flush := func() {
		if ah, w, ok := counter.Estimate(); ok {
			out = append(out, Capacity{Month: month, AmpereHours: ah, Weight: w})
		}
		counter = battery.Counter{}
	}
	for _, r := range k.Rows {
		if m := r.At.Format("2006-01"); m != month {
			flush()
			month = m
		}
		counter.Add(battery.Reading{
			Seconds: float64(r.At.Unix()), Current: r.amps, SoC: r.soc, TempC: r.temp,
			// Boxes report "not charging" while the car stands and current flows in.
			Charging: r.status == 1 || r.status == 2 || r.speed == 0 && r.amps > 1,
		})
	}
	flush()
	slices.SortFunc(out, func(a, b Capacity) int { return cmp.Compare(a.Month, b.Month) })
	return out
}
