package recorded

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// csvFile is an open CSV file, decompressed on the way.
type csvFile struct {
	name   string
	file   io.Closer
	csv    *csv.Reader
	header []string
}

// openCSV opens a file and reads its header.
func openCSV(name string) (*csvFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	c, err := newCSV(name, f)
	if err != nil {
		_ = f.Close() // the first fault is the one to tell
		return nil, err
	}
	c.file = f
	return c, nil
}

// newCSV reads the header of a stream that is CSV, or gzip of it.
func newCSV(name string, from io.Reader) (*csvFile, error) {
	in := bufio.NewReaderSize(from, 64<<10)
	if magic, err := in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		zip, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w gzip: %w", name, presage.ErrInvalid, err)
		}
		in = bufio.NewReaderSize(zip, 64<<10)
	}
	c := &csvFile{name: name, csv: csv.NewReader(in)}
	c.csv.ReuseRecord = true
	header, err := c.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: line 1: %w: the file is empty", name, presage.ErrInvalid)
	}
	if err != nil {
		return nil, c.fault(err)
	}
	c.header = slices.Clone(header)
	c.header[0] = strings.TrimPrefix(c.header[0], "\ufeff")
	return c, nil
}

// place returns the index of a column, which must be there.
func (c *csvFile) place(column string) (int, error) {
	i := slices.Index(c.header, column)
	if i < 0 {
		return 0, fmt.Errorf("%s: line 1: %w: missing column %q", c.name, presage.ErrInvalid, column)
	}
	return i, nil
}

// places returns the indices of columns that must all be there.
func (c *csvFile) places(columns []column) ([]int, error) {
	at := make([]int, len(columns))
	var faults []error
	for i := range columns {
		var err error
		if at[i], err = c.place(columns[i].name); err != nil {
			faults = append(faults, err)
		}
	}
	return at, errors.Join(faults...)
}

// records yields the rows after the header; a record is valid until the next one.
func (c *csvFile) records() iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for {
			rec, err := c.csv.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(nil, c.fault(err))
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// number reads field i of the present record; NaN stands for no reading.
func (c *csvFile) number(rec []string, i int) (float64, error) {
	if rec[i] == "" {
		return math.NaN(), nil
	}
	x, err := strconv.ParseFloat(rec[i], 64)
	if err != nil && !math.IsInf(x, 0) {
		return 0, c.wrong(i, "%.40q is not a number", rec[i])
	}
	if math.IsInf(x, 0) {
		return math.NaN(), nil
	}
	return x, nil
}

// wrong says what is wrong with field i of the present record.
func (c *csvFile) wrong(i int, format string, args ...any) error {
	line, _ := c.csv.FieldPos(i)
	return fmt.Errorf("%s: line %d: column %q: %w: %s", c.name, line, c.header[i], presage.ErrInvalid,
		fmt.Sprintf(format, args...))
}

// fault says that the file is not CSV, or that its gzip is cut off.
func (c *csvFile) fault(err error) error {
	return fmt.Errorf("%s: %w CSV: %w", c.name, presage.ErrInvalid, err)
}

// Close closes the file.
func (c *csvFile) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}
