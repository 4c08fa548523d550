package eval

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Census is what a recording's files hold, counted without the reader that
// replays them.
type Census struct {
	Instants int // distinct instants
	// Invalid counts the readings of ev-cloud files that are not values, once an
	// instant: temperatures with the codes of GB/T 32960 (raw 0, 254, 255 and
	// 510 or more) and cells without a voltage, or with one outside 0.5-5 V.
	Invalid int
	// Level3 is the first warning of level 3 in an ev-cloud file; zero without one.
	Level3 time.Time
}

// TakeCensus reads the files whole. The error is an ErrInvalid that names the
// file, or the file system's.
func TakeCensus(r Recording) (Census, error) {
	var c Census
	instants := map[string]bool{}
	for _, name := range r.Files {
		seen := map[string]bool{}
		err := eachRecord(name, func(head, rec []string) error {
			key, err := instantOf(r.Format, head, rec)
			if err != nil || seen[key] {
				return err
			}
			seen[key], instants[key] = true, true
			return c.inspect(r.Format, head, rec)
		})
		if err != nil {
			return Census{}, fmt.Errorf("count %s: %w", name, err)
		}
	}
	c.Instants = len(instants)
	return c, nil
}

// instantOf names the instant of a row by the file's own words.
func instantOf(format string, head, rec []string) (string, error) {
	switch format {
	case "ev-cloud":
		return rec[0], nil
	case "carobd":
		return joined(head, rec, "trip", "sample")
	case "kit-obd":
		key, err := joined(head, rec, "trip", "time")
		date, rest, _ := strings.Cut(key, "_") // two trips of a day share its instants
		return date + rest[strings.LastIndexByte(rest, '|')+1:], err
	}
	return "", fmt.Errorf("%w format %q", presage.ErrInvalid, format)
}

func joined(head, rec []string, a, b string) (string, error) {
	i, j := slices.Index(head, a), slices.Index(head, b)
	if i < 0 || j < 0 {
		return "", fmt.Errorf("%w: want columns %s and %s", presage.ErrInvalid, a, b)
	}
	return rec[i] + "|" + rec[j], nil
}

// inspect counts what is not a value in a row and looks for the first warning of level 3.
func (c *Census) inspect(format string, head, rec []string) error {
	if format != "ev-cloud" {
		return nil
	}
	for i, name := range head {
		if noValue(name, rec[i]) {
			c.Invalid++
		}
		if level, _ := strconv.ParseFloat(rec[i], 64); name != "bms_warning" || level != 3 {
			continue
		}
		at, err := time.ParseInLocation(time.DateTime, rec[0], china())
		if err != nil {
			return fmt.Errorf("%w time %q", presage.ErrInvalid, rec[0])
		}
		if c.Level3.IsZero() || at.Before(c.Level3) {
			c.Level3 = at
		}
	}
	return nil
}

// noValue tells whether a field of an ev-cloud row counts as invalid.
func noValue(column, field string) bool {
	x, err := strconv.ParseFloat(field, 64)
	switch {
	case strings.HasPrefix(column, "V_"):
		return err != nil || !(x >= 0.5 && x <= 5)
	case column == "temp_max_C" || column == "temp_min_C":
		return err == nil && (x == 0 || x == 254 || x == 255 || x >= 510)
	}
	return false
}

// china is the zone of the ev-cloud files.
func china() *time.Location { return time.FixedZone("UTC+8", 8*60*60) }

// eachRecord calls do for every row of a CSV file, compressed by gzip if its name says so.
func eachRecord(name string, do func(head, rec []string) error) (err error) {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return fmt.Errorf("%w gzip: %w", presage.ErrInvalid, err)
		}
	}
	rows := csv.NewReader(in)
	head, err := rows.Read()
	if err != nil {
		return fmt.Errorf("%w CSV: %w", presage.ErrInvalid, err)
	}
	for {
		rec, err := rows.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w CSV: %w", presage.ErrInvalid, err)
		}
		if err := do(head, rec); err != nil {
			return err
		}
	}
}
