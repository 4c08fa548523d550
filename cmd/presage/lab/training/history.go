package training

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/models/hazard"
)

// Columns name what is what in a history.
type Columns struct {
	Time  string `json:"time"`
	Event string `json:"event"`
	ID    string `json:"id,omitempty"`
}

// History is the labelled rows of a file.
type History struct {
	hazard.Data
	Rows    int // of the file
	Dropped int // rows whose horizon nobody saw to its end, and those of failures themselves
}

// Read reads a history. features picks columns in that order; none: all but
// those named in c and ignore. Failures within horizon after a row count, 0:
// those of the row itself. Faults are named by file, line and column.
func Read(path string, c Columns, features, ignore []string, horizon float64) (History, error) {
	s, err := sheet.Read(path)
	if err != nil {
		return History{}, err
	}
	at, err := clock(s, c.Time)
	if err != nil {
		return History{}, err
	}
	failed, err := events(s, c.Event)
	if err != nil {
		return History{}, err
	}
	ids, err := units(s, c.ID, horizon)
	if err != nil {
		return History{}, err
	}
	if len(features) == 0 {
		features = others(s.Header, append([]string{c.Time, c.Event, c.ID}, ignore...))
	}
	h := History{Data: hazard.Data{Features: features, Horizon: horizon}, Rows: len(at)}
	columns, err := numbers(s, features)
	if err != nil {
		return History{}, err
	}
	label, judged := hazard.Label(ids, at, failed, horizon)
	h.X = make([][]float64, len(columns))
	for i := range at {
		if !judged[i] {
			h.Dropped++
			continue
		}
		h.Time, h.Failed = append(h.Time, at[i]), append(h.Failed, label[i])
		for j := range columns {
			h.X[j] = append(h.X[j], columns[j][i])
		}
	}
	return h, nil
}

// units names each row's unit; without a horizon nobody needs to know.
func units(s *sheet.Sheet, column string, horizon float64) ([]string, error) {
	switch {
	case column != "":
		return s.Texts(column)
	case horizon > 0:
		return nil, fmt.Errorf("%s: %w: a horizon needs --id, the column that names the unit", s.Name, presage.ErrInvalid)
	}
	return make([]string, len(s.Rows)), nil
}

func others(header, not []string) []string {
	return slices.DeleteFunc(slices.Clone(header), func(h string) bool { return slices.Contains(not, h) })
}

func numbers(s *sheet.Sheet, features []string) ([][]float64, error) {
	out := make([][]float64, len(features))
	for j, f := range features {
		var err error
		if out[j], err = s.Numbers(f, true); err != nil {
			return nil, fmt.Errorf("feature %q (leave it out with --ignore): %w", f, err)
		}
	}
	return out, nil
}

// clock reads times as numbers, or as dates in days since 1970.
func clock(s *sheet.Sheet, column string) ([]float64, error) {
	texts, err := s.Texts(column)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(texts))
	var faults []error
	for i, text := range texts {
		var err error
		if out[i], err = strconv.ParseFloat(text, 64); err == nil {
			continue
		}
		for _, layout := range []string{time.DateOnly, "2006-01", time.RFC3339, time.DateTime} {
			var at time.Time
			if at, err = time.Parse(layout, text); err == nil {
				out[i] = float64(at.Unix()) / 86_400
				break
			}
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %.40q is neither a number nor a date (2006-01-02)",
				s.Place(i, column), text))
		}
	}
	return out, sheet.All(faults)
}

func events(s *sheet.Sheet, column string) ([]bool, error) {
	texts, err := s.Texts(column)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(texts))
	var faults []error
	for i, text := range texts {
		if out[i], err = strconv.ParseBool(strings.ToLower(strings.TrimSuffix(text, ".0"))); err != nil {
			faults = append(faults, fmt.Errorf("%s: %.40q: want 1 (failed) or 0", s.Place(i, column), text))
		}
	}
	return out, sheet.All(faults)
}
