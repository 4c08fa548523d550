package recorded

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// kitOBD reads trips that carry their date in their name. It holds the whole
// recording (100 bytes a row), since the trips of a day are not in time order.
type kitOBD struct {
	table
	files []string
}

func (s *kitOBD) check() error {
	if _, err := karlsruhe(); err != nil {
		return err
	}
	return checkAll(s.files, s.layout)
}

// karlsruhe is where the car was driven.
func karlsruhe() (*time.Location, error) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return nil, fmt.Errorf("kit-obd times are local: %w", err)
	}
	return zone, nil
}

// layout returns the places of trip and time, and of the mapped columns.
func (s *kitOBD) layout(c *csvFile) (keys [2]int, places []int, err error) {
	for i, name := range [...]string{"trip", "time"} {
		if keys[i], err = c.place(name); err != nil {
			return keys, nil, err
		}
	}
	places, err = c.places(s.columns)
	return keys, places, err
}

func (s *kitOBD) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		var all []row
		for _, name := range s.files {
			rows, err := s.load(name)
			if err != nil {
				yield(row{}, err)
				return
			}
			all = append(all, rows...)
		}
		slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(a.at, b.at) })
		for _, x := range all {
			if !yield(x, nil) {
				return
			}
		}
	}
}

// load reads one file whole.
func (s *kitOBD) load(name string) ([]row, error) {
	zone, err := karlsruhe()
	if err != nil {
		return nil, err
	}
	c, err := openCSV(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = c.Close() }() // read only
	keys, places, err := s.layout(c)
	if err != nil {
		return nil, err
	}
	var all []row
	clock := dayClock{zone: zone}
	for rec, err := range c.records() {
		if err != nil {
			return nil, err
		}
		x := row{values: make([]float64, len(places))}
		if err := s.read(c, rec, places, x.values); err != nil {
			return nil, err
		}
		if x.at, err = clock.next(rec[keys[0]], rec[keys[1]]); err != nil {
			return nil, c.wrong(keys[0], "%s", err)
		}
		all = append(all, x)
	}
	return all, nil
}

// dayClock gives rows their date.
type dayClock struct {
	zone *time.Location
	trip string
	date time.Time     // local midnight of the trip's first day, as a date
	days int           // midnights that the trip has passed
	last time.Duration // since midnight, of the last row
}

// next is the instant in ms of a row at the given local time of day. The error
// says what is wrong and leaves it to the caller to say where.
func (c *dayClock) next(trip, clock string) (int64, error) {
	t, err := time.Parse("15:04:05", clock)
	if err != nil {
		return 0, fmt.Errorf("time of day %.20q, want 15:04:05", clock)
	}
	since := t.Sub(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
	if trip != c.trip || c.date.IsZero() {
		date, _, _ := strings.Cut(trip, "_")
		if c.date, err = time.Parse(time.DateOnly, date); err != nil {
			return 0, fmt.Errorf("trip name %.40q, want it to begin with YYYY-MM-DD_", trip)
		}
		c.trip, c.days = strings.Clone(trip), 0
	} else if since < c.last-12*time.Hour {
		c.days++ // past midnight
	}
	c.last = since
	y, m, d := c.date.Date()
	midnight := time.Date(y, m, d+c.days, 0, 0, 0, 0, time.UTC).Add(since)
	hh, mm, ss := midnight.Clock()
	local := time.Date(y, m, d+c.days, hh, mm, ss, midnight.Nanosecond(), c.zone)
	return local.UnixMilli(), nil
}
