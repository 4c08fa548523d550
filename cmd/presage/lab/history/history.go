// Package history reads the history of demand from a table: a part a row, its
// id first, then one column a period. An empty cell is a period without a record.
package history

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/forecast/demand"
)

// Read reads a file, .csv or .csv.gz, without the columns named in ignore. All
// faults are told at once, up to a bound, by line and column, as an
// ErrInvalid: a negative demand, what is not a number, a duplicate id or
// is empty, a ragged row, a table without a period.
func Read(path string, ignore ...string) ([]demand.Series, error) {
	table, err := sheet.Read(path)
	if table == nil || len(table.Header) == 0 {
		return nil, err
	}
	keep, faults := periods(table, ignore)
	series, seen := make([]demand.Series, 0, len(table.Rows)), map[string]int{}
	for i, row := range table.Rows {
		id := row[0]
		if first, twice := seen[id]; twice {
			faults = append(faults, fmt.Errorf("%s: duplicate id %.40q, first in %s", table.Place(i, table.Header[0]), id,
				table.Place(first, table.Header[0])))
		} else if seen[id] = i; id == "" {
			faults = append(faults, fmt.Errorf("%s: no id", table.Place(i, table.Header[0])))
		}
		s := demand.Series{ID: strings.Clone(id), Values: make([]float64, len(keep))}
		for k, column := range keep {
			y, err := amount(row[column])
			if err != nil {
				faults = append(faults, fmt.Errorf("%s: %.40q %w", table.Place(i, table.Header[column]), row[column], err))
			}
			s.Values[k] = y
		}
		series = append(series, s)
	}
	if err := errors.Join(err, sheet.All(faults)); err != nil {
		return nil, err
	}
	return series, nil
}

// periods are the columns that hold demand.
func periods(table *sheet.Sheet, ignore []string) (keep []int, faults []error) {
	for _, name := range ignore {
		if !slices.Contains(table.Header[1:], name) {
			faults = append(faults, fmt.Errorf("%s: no column %q to ignore behind the id", table.Name, name))
		}
	}
	for i, name := range table.Header {
		if i > 0 && !slices.Contains(ignore, name) {
			keep = append(keep, i)
		}
	}
	if len(keep) == 0 {
		faults = append(faults, fmt.Errorf("%s: no column of a period behind the id", table.Name))
	}
	return keep, append(faults, checkHeadings(table, keep)...)
}

var (
	errNoNumber = errors.New("is not a number")
	errNegative = errors.New("is negative: demand is 0 or more; take returns out")
)

// most is more than any period asks for: beyond it counts are no longer exact.
const most = 1e9

var errTooLarge = fmt.Errorf("is more than %g pieces", float64(most))

func amount(text string) (float64, error) {
	if text == "" {
		return math.NaN(), nil
	}
	y, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(y) || math.IsInf(y, 0):
		return 0, errNoNumber
	case y < 0:
		return 0, errNegative
	case y > most:
		return 0, errTooLarge
	}
	return y, nil
}

// Levels reads quantile levels, each in (0, 1).
func Levels(texts []string) ([]float64, error) {
	levels := make([]float64, len(texts))
	var faults []error
	for i, text := range texts {
		q, err := strconv.ParseFloat(text, 64)
		if err != nil || !(q > 0 && q < 1) {
			faults = append(faults, fmt.Errorf("%w quantile %q: want a number in (0, 1)", presage.ErrInvalid, text))
		}
		if slices.Contains(texts[:i], text) {
			faults = append(faults, fmt.Errorf("%w: duplicate quantile %q", presage.ErrInvalid, text))
		}
		levels[i] = q
	}
	return levels, errors.Join(faults...)
}
