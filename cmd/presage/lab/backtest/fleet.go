package backtest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/lab/sheet"
)

// Month counts months from January of year 0.
type Month int

// ParseMonth reads "2006-01"; ErrInvalid.
func ParseMonth(text string) (Month, error) {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return 0, fmt.Errorf("%.40q: %w month: want YYYY-MM such as 1984-05", text, presage.ErrInvalid)
	}
	return Month(12*t.Year() + int(t.Month()) - 1), nil
}

// String writes a month as ParseMonth reads it.
func (m Month) String() string { return fmt.Sprintf("%04d-%02d", int(m)/12, int(m)%12+1) }

// Fleet is what the files tell, from all time.
type Fleet struct {
	First, Last Month // of the odometer readings
	units       []unit
	odometer    *sheet.Sheet // to name its cells
	spells      *sheet.Sheet
}

type unit struct {
	id       string
	readings []reading // in the order of months
	spells   []spell   // in the order of their starts
}

type reading struct {
	month Month
	miles float64
	group string
	row   int
}

// spell is one part's stay in its unit, by the unit's odometer.
type spell struct {
	start, end, entry float64
	replaced          bool
	row               int
}

// The columns of the files.
const (
	colGroup    = "group"
	colUnit     = "bus_id"
	colMonth    = "year_month"
	colOdometer = "odometer_mi"
	colStart    = "start_odometer_mi"
	colEnd      = "end_odometer_mi"
	colEvent    = "event"
	colEntry    = "entry_mi"
)

// Read reads a fleet's files, .csv or .csv.gz. Faults are named by file, line
// and column, as one ErrInvalid.
func Read(odometer, spells string) (*Fleet, error) {
	o, err := sheet.Read(odometer)
	if err != nil {
		return nil, fmt.Errorf("odometer: %w", err)
	}
	s, err := sheet.Read(spells)
	if err != nil {
		return nil, fmt.Errorf("spells: %w", err)
	}
	f := &Fleet{odometer: o, spells: s}
	if err := f.readOdometer(); err != nil {
		return nil, err
	}
	return f, f.readSpells()
}

func (f *Fleet) readOdometer() error {
	groups, err := f.odometer.Texts(colGroup)
	if err != nil {
		return err
	}
	ids, err := f.odometer.Texts(colUnit)
	if err != nil {
		return err
	}
	months, err := f.odometer.Texts(colMonth)
	if err != nil {
		return err
	}
	miles, err := f.odometer.Numbers(colOdometer, false)
	if err != nil {
		return err
	}
	var faults []error
	place := map[string]int{}
	for i, id := range ids {
		m, err := ParseMonth(months[i])
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", f.odometer.Place(i, colMonth), err))
			continue
		}
		at, known := place[id]
		if !known {
			at = len(f.units)
			place[id] = at
			f.units = append(f.units, unit{id: id})
		}
		u := &f.units[at]
		u.readings = append(u.readings, reading{m, miles[i], groups[i], i})
		if f.First == 0 || m < f.First {
			f.First = m
		}
		f.Last = max(f.Last, m)
	}
	for i := range f.units {
		slices.SortStableFunc(f.units[i].readings, func(a, b reading) int { return int(a.month - b.month) })
	}
	slices.SortFunc(f.units, func(a, b unit) int { return strings.Compare(a.id, b.id) })
	return sheet.All(faults)
}

func (f *Fleet) readSpells() error {
	s := f.spells
	ids, err := s.Texts(colUnit)
	if err != nil {
		return err
	}
	number := func(name string) (x []float64) {
		if err == nil {
			x, err = s.Numbers(name, false)
		}
		return x
	}
	start, end, entry := number(colStart), number(colEnd), make([]float64, len(ids))
	if s.Has(colEntry) {
		entry = number(colEntry)
	}
	if err != nil {
		return err
	}
	events, err := s.Texts(colEvent)
	if err != nil {
		return err
	}
	var faults []error
	for i, id := range ids {
		replaced, err := strconv.ParseBool(strings.TrimSuffix(events[i], ".0"))
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %.40q: want 1 (replaced) or 0 (still in)", s.Place(i, colEvent), events[i]))
		}
		at, ok := slices.BinarySearchFunc(f.units, id, func(u unit, id string) int { return strings.Compare(u.id, id) })
		if ok { // of others nobody knows when anything was
			f.units[at].spells = append(f.units[at].spells, spell{start[i], end[i], entry[i], replaced, i})
		}
	}
	for i := range f.units {
		slices.SortStableFunc(f.units[i].spells, func(a, b spell) int { return cmp.Compare(a.start, b.start) })
	}
	return sheet.All(faults)
}
