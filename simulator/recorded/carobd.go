package recorded

import (
	"iter"
	"math"
	"strings"
	"time"
)

// tripGap is the time between two trips that carry no date, in ms.
const tripGap = 7 * 60 * 60 * 1000

// carOBD reads trips without a date, one after the other, without holding them.
type carOBD struct {
	table
	files []string
}

func (s *carOBD) check() error {
	return checkAll(s.files, s.layout)
}

// layout returns the places of trip and sample, and of the mapped columns.
func (s *carOBD) layout(c *csvFile) (keys [2]int, places []int, err error) {
	for i, name := range [...]string{"trip", "sample"} {
		if keys[i], err = c.place(name); err != nil {
			return keys, nil, err
		}
	}
	places, err = c.places(s.columns)
	return keys, places, err
}

func (s *carOBD) rows() iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		clock := tripClock{at: time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli() - tripGap}
		for _, name := range s.files {
			if !s.file(name, &clock, yield) {
				return
			}
		}
	}
}

// file yields the rows of one file; false when reading is over.
func (s *carOBD) file(name string, clock *tripClock, yield func(row, error) bool) bool {
	c, err := openCSV(name)
	if err != nil {
		return yield(row{}, err)
	}
	defer func() { _ = c.Close() }() // read only
	keys, places, err := s.layout(c)
	if err != nil {
		return yield(row{}, err)
	}
	x := row{values: make([]float64, len(places))}
	for rec, err := range c.records() {
		if err == nil {
			err = s.read(c, rec, places, x.values)
		}
		var sample float64
		if err == nil {
			sample, err = c.number(rec, keys[1])
		}
		if err == nil && !(sample >= 0 && sample < 1e8) {
			err = c.wrong(keys[1], "want the second of the trip, 0 or more")
		}
		if err != nil {
			yield(row{}, err)
			return false
		}
		x.at = clock.next(rec[keys[0]], sample)
		if !yield(x, nil) {
			return false
		}
	}
	return true
}

// tripClock places trips one after the other.
type tripClock struct {
	begun  bool
	trip   string
	sample float64
	start  int64 // ms, of sample 0 of the present trip
	at     int64 // ms, of the last row
}

// next is the instant of a row. A trip begins with a new name, or when its seconds start again.
func (c *tripClock) next(trip string, sample float64) int64 {
	if !c.begun || trip != c.trip || sample < c.sample {
		c.begun, c.trip = true, strings.Clone(trip)
		c.start = c.at + tripGap - int64(math.Round(sample*1000))
	}
	c.sample = sample
	c.at = c.start + int64(math.Round(sample*1000))
	return c.at
}
