// Package sheet reads the tables that people hand to commands: CSV with a
// header line, plain or compressed by gzip. Faults are named by file, line and
// column, all of them up to a bound, before anything is computed.
package sheet

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// maxFaults is how many faults are listed.
const maxFaults = 20

// Sheet is a table with named columns.
type Sheet struct {
	Name   string // of the file, without its folder
	Header []string
	Rows   [][]string
	top    int   // line of the header
	lines  []int // of each row
}

// Read reads a file. ErrInvalid: no CSV, a ragged row, a duplicate column.
func Read(path string) (*Sheet, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	s, err := read(filepath.Base(path), file)
	return s, errors.Join(err, file.Close())
}

func read(name string, in io.Reader) (*Sheet, error) {
	in, err := Plain(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	r := csv.NewReader(in)
	r.Comment, r.FieldsPerRecord, r.TrimLeadingSpace = '#', -1, true
	s := &Sheet{Name: name}
	var faults []error
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %w", name, presage.ErrInvalid, err)
		}
		line, _ := r.FieldPos(0)
		switch {
		case s.Header == nil:
			s.Header, s.top = trimmed(row), line
		case len(row) != len(s.Header):
			faults = append(faults, fmt.Errorf("%s line %d: %d columns, the header has %d", name, line, len(row), len(s.Header)))
		default:
			s.Rows, s.lines = append(s.Rows, trimmed(row)), append(s.lines, line)
		}
	}
	return s, s.check(faults)
}

// Plain looks through gzip, whatever the file's name; ErrInvalid if it is broken.
func Plain(in io.Reader) (io.Reader, error) {
	buffer := bufio.NewReader(in)
	if magic, err := buffer.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
		return buffer, nil //nolint:nilerr // too short for gzip: the reader of it will see
	}
	zip, err := gzip.NewReader(buffer)
	if err != nil {
		return nil, fmt.Errorf("%w gzip: %w", presage.ErrInvalid, err)
	}
	return zip, nil
}

func trimmed(row []string) []string {
	for i := range row {
		row[i] = strings.TrimPrefix(strings.TrimSpace(row[i]), "\ufeff") // spreadsheets begin files with a mark
	}
	return row
}

func (s *Sheet) check(faults []error) error {
	for i, h := range s.Header {
		if slices.Contains(s.Header[:i], h) {
			faults = append(faults, fmt.Errorf("%s: duplicate column %q", s.Name, h))
		}
	}
	if len(s.Rows) == 0 && len(faults) == 0 {
		faults = append(faults, fmt.Errorf("%s: no row under a header", s.Name))
	}
	return All(faults)
}

// All is one ErrInvalid of the faults, up to a bound; nil if there is none.
func All(faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	if more := len(faults) - maxFaults; more > 0 {
		faults = append(faults[:maxFaults:maxFaults], fmt.Errorf("and %d more", more))
	}
	return fmt.Errorf("%w input: %w", presage.ErrInvalid, errors.Join(faults...))
}

// Place names a cell for a person: file, line and column.
func (s *Sheet) Place(row int, column string) string {
	return s.place(s.lines[row], column)
}

// Heading names the heading of a column, as Place names a cell.
func (s *Sheet) Heading(column string) string { return s.place(s.top, column) }

func (s *Sheet) place(line int, column string) string {
	return fmt.Sprintf("%s line %d, column %q", s.Name, line, column)
}

// Texts are the cells of a column; an unknown one is an ErrInvalid with those there are.
func (s *Sheet) Texts(column string) ([]string, error) {
	i := slices.Index(s.Header, column)
	if i < 0 {
		return nil, fmt.Errorf("%s: %w: no column %q: it has %s",
			s.Name, presage.ErrInvalid, column, strings.Join(s.Header, ", "))
	}
	out := make([]string, len(s.Rows))
	for k, row := range s.Rows {
		out[k] = row[i]
	}
	return out, nil
}

// Numbers are the cells of a column as finite numbers; an empty cell is NaN
// where empty ones are allowed.
func (s *Sheet) Numbers(column string, empty bool) ([]float64, error) {
	return s.numbers(column, func(text string, x float64) bool { return text == "" && empty || finite(x) })
}

// Bounds are the cells of a column as numbers, +Inf among them.
func (s *Sheet) Bounds(column string) ([]float64, error) {
	return s.numbers(column, func(_ string, x float64) bool { return finite(x) || math.IsInf(x, 1) })
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// numbers takes the cells that are welcome; an empty one is NaN.
func (s *Sheet) numbers(column string, welcome func(text string, x float64) bool) ([]float64, error) {
	texts, err := s.Texts(column)
	if err != nil {
		return nil, err
	}
	out := make([]float64, len(texts))
	var faults []error
	for i, text := range texts {
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			x = math.NaN()
		}
		if !welcome(text, x) {
			faults = append(faults, fmt.Errorf("%s: %.40q is not a number", s.Place(i, column), text))
		}
		out[i] = x
	}
	return out, All(faults)
}

// Has tells whether there is such a column.
func (s *Sheet) Has(column string) bool { return slices.Contains(s.Header, column) }
