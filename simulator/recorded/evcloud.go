package recorded

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"

	"presage"
)

// evCloud reads the summary of an electric car's days, its cells, or both
// joined by time. It holds the whole recording (1 kB a row), since a cloud
// may have written its rows as they came.
type evCloud struct {
	files []string
	table table // of the summary; no columns without one
	width int   // number of cells
}

const pack = "Vehicle.Powertrain.TractionBattery."

// evColumns maps the summary.
func evColumns() []column {
	return []column{
		{name: "speed_kmh", signal: presage.SignalSpeed},
		{name: "charge_status", signal: presage.SignalIsCharging, convert: isCharging, flag: true},
		{name: "pack_voltage_V", signal: presage.SignalPackVoltage},
		{name: "current_A", signal: presage.SignalPackCurrent, convert: func(x float64) float64 { return 0 - x }},
		{name: "soc_pct", signal: presage.SignalStateOfCharge},
		{name: "odometer_km", signal: presage.SignalOdometer, convert: thousand},
		{name: "bms_warning", signal: presage.SignalBMSWarning},
		{name: "insulation_kohm", signal: presage.SignalInsulation},
		{name: "temp_max_C", signal: presage.SignalPackTempMax, convert: celsius},
		{name: "temp_min_C", signal: presage.SignalPackTempMin, convert: celsius},
		{name: "cell_v_min", signal: pack + "CellVoltage.Min"},
		{name: "cell_min_idx", signal: pack + "CellVoltage.IdMin", convert: fromZero},
		{name: "cell_v_max", signal: pack + "CellVoltage.Max"},
		{name: "cell_max_idx", signal: pack + "CellVoltage.IdMax", convert: fromZero},
	}
}

// isCharging reads the charge status of GB/T 32960: 1 parked and charging, 2
// driving and charging, 3 not charging, 4 full; any other code is not a reading.
func isCharging(x float64) float64 {
	switch x {
	case 1, 2:
		return 1
	case 3, 4:
		return 0
	}
	return math.NaN()
}

// celsius takes the offset of GB/T 32960 off and leaves its codes for "no value".
func celsius(x float64) float64 {
	if x == 254 || x == 255 || x >= 510 {
		return x
	}
	return x - 40
}

func fromZero(x float64) float64 { return x - 1 }

// encode writes the members of a row's "signals" object: the summary's columns, then the cells.
func (s *evCloud) encode(b []byte, r row) []byte {
	start := len(b)
	b = s.table.encode(b, r)
	cells := r.values[len(s.table.columns):]
	if missing(cells) == len(cells) {
		return b
	}
	b = append(appendKey(b, start, presage.SignalCellVoltages), '[')
	for i, v := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(v) {
			v = 0
		}
		b = appendNumber(b, v)
	}
	return append(b, ']')
}

// check finds out which file is which.
func (s *evCloud) check() error {
	s.table.columns, s.width = nil, 0
	for _, name := range s.files {
		c, err := openCSV(name)
		if err != nil {
			return err
		}
		err = s.recognise(c)
		if err := c.Close(); err != nil {
			return err
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// recognise takes a file as the summary or as the cells by its first column.
func (s *evCloud) recognise(c *csvFile) error {
	switch c.header[0] {
	case "time":
		if s.table.columns != nil {
			return fmt.Errorf("%s: %w: a second summary; give one car's files at a time", c.name, presage.ErrInvalid)
		}
		_, err := c.places(evColumns())
		s.table.columns = evColumns()
		return err
	case "tboxTime":
		if s.width > 0 {
			return fmt.Errorf("%s: %w: a second file of cells; give one car's files at a time", c.name, presage.ErrInvalid)
		}
		s.width = len(c.header) - 1
		for i := range max(1, s.width) {
			if want := "V_" + strconv.Itoa(i+1); i >= s.width || c.header[i+1] != want {
				return fmt.Errorf("%s: line 1: %w: missing column %q", c.name, presage.ErrInvalid, want)
			}
		}
		return nil
	}
	return fmt.Errorf("%s: line 1: %w: missing column %q (summary) or %q (cells) in the first place",
		c.name, presage.ErrInvalid, "time", "tboxTime")
}

func (s *evCloud) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var summary, cells []row
		for _, name := range s.files {
			isCells, rows, err := s.load(name)
			if err != nil {
				yield(row{}, err)
				return
			}
			if isCells {
				cells = rows
			} else {
				summary = rows
			}
		}
		s.join(summary, cells, yield)
	}
}

// load reads one file whole, sorted by time.
func (s *evCloud) load(name string) (isCells bool, rows []row, err error) {
	c, err := openCSV(name)
	if err != nil {
		return false, nil, err
	}
	defer func() { _ = c.Close() }() // read only
	isCells = c.header[0] == "tboxTime"
	places := make([]int, 0, len(c.header))
	for i := range c.header[1:] {
		places = append(places, i+1)
	}
	if !isCells {
		if places, err = c.places(s.table.columns); err != nil {
			return false, nil, err
		}
	}
	china := time.FixedZone("UTC+8", 8*60*60)
	for rec, err := range c.records() {
		if err != nil {
			return false, nil, err
		}
		t, err := time.ParseInLocation(time.DateTime, rec[0], china)
		if err != nil {
			return false, nil, c.wrong(0, "%.40q is not a time, want 2006-01-02 15:04:05", rec[0])
		}
		x := row{at: t.UnixMilli(), values: make([]float64, len(places))}
		if err := s.table.read(c, rec, places, x.values); err != nil {
			return false, nil, err
		}
		rows = append(rows, x)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.at, b.at) })
	if !isCells {
		s.megohms(rows)
	}
	return isCells, rows, nil
}

// megohms turns MOhm into kOhm when the file is in MOhm.
func (s *evCloud) megohms(rows []row) {
	i := slices.IndexFunc(s.table.columns, func(c column) bool { return c.signal == presage.SignalInsulation })
	for _, r := range rows {
		if r.values[i] > 10 {
			return
		}
	}
	for _, r := range rows {
		r.values[i] = thousand(r.values[i])
	}
}

// join yields the rows of both files in time order, those of one instant as one.
func (s *evCloud) join(summary, cells []row, yield func(row, error) bool) {
	n := len(s.table.columns)
	x := row{values: make([]float64, n+s.width)}
	for len(summary)+len(cells) > 0 {
		useSummary := len(summary) > 0 && (len(cells) == 0 || summary[0].at <= cells[0].at)
		useCells := len(cells) > 0 && (len(summary) == 0 || cells[0].at <= summary[0].at)
		for i := range x.values {
			x.values[i] = math.NaN()
		}
		if useSummary {
			x.at = summary[0].at
			copy(x.values, summary[0].values)
			summary = summary[1:]
		}
		if useCells {
			x.at = cells[0].at
			copy(x.values[n:], cells[0].values)
			cells = cells[1:]
		}
		if !yield(x, nil) {
			return
		}
	}
}
