package xlsx

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"presage"
)

// The bounds of a workbook that is read.
const (
	mostBytes   = 8 << 20 // unpacked
	mostRows    = 20_001  // with the headings
	mostColumns = 50
)

// Is tells whether the bytes are a zip file, which every workbook is and no CSV.
func Is(data []byte) bool { return bytes.HasPrefix(data, []byte("PK\x03\x04")) }

// ToCSV is the first sheet of a workbook as CSV, a row a line. Nothing is evaluated: a formula
// is its own text, beginning with =. Days are written 2006-01-02, times of a day with UTC behind
// them. ErrInvalid for what is no workbook, or too large.
func ToCSV(data []byte) (out []byte, err error) {
	defer func() { // a file made to break the reader breaks nothing else
		if r := recover(); r != nil {
			err = fmt.Errorf("%w workbook: it cannot be read", presage.ErrInvalid)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: mostBytes, UnzipXMLSizeLimit: mostBytes,
	})
	if err != nil {
		return nil, fmt.Errorf("%w workbook: %w; want .xlsx without a password, at most %d MB unpacked", presage.ErrInvalid,
			err, mostBytes>>20)
	}
	defer func() { _ = f.Close() }() // its temporary files; nothing was written
	b := book{File: f, sheet: f.GetSheetName(0), dates: map[int]bool{}}
	rows, err := b.rows()
	if err != nil {
		return nil, err
	}
	return b.csv(rows)
}

type book struct {
	*excelize.File
	sheet string
	dates map[int]bool // by style
}

// rows streams the cells, so that what is too large is refused before it is in memory.
func (b *book) rows() ([][]string, error) {
	in, err := b.Rows(b.sheet)
	if err != nil {
		return nil, fmt.Errorf("%w workbook: %w", presage.ErrInvalid, err)
	}
	defer func() { _ = in.Close() }()
	var out [][]string
	for in.Next() {
		cells, err := in.Columns()
		if err != nil {
			return nil, fmt.Errorf("%w workbook: line %d: %w", presage.ErrInvalid, len(out)+1, err)
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		if out = append(out, cells); len(out) > mostRows || len(cells) > mostColumns {
			return nil, fmt.Errorf("%w workbook: want at most %d rows below the headings and %d columns", presage.ErrInvalid,
				mostRows-1, mostColumns)
		}
	}
	if err := in.Error(); err != nil {
		return nil, fmt.Errorf("%w workbook: %w", presage.ErrInvalid, err)
	}
	return out, nil
}

func (b *book) csv(rows [][]string) ([]byte, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for i, cells := range rows {
		for j := range cells {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			if cells[j], err = b.text(name, cells[j]); err != nil {
				return nil, fmt.Errorf("%w workbook: %s: %w", presage.ErrInvalid, name, err)
			}
		}
		for len(cells) > 0 && len(cells) < len(rows[0]) {
			cells = append(cells, "")
		}
		if len(cells) == 0 { // an empty line, so that the next keep their numbers
			w.Flush()
			out.WriteByte('\n')
			continue
		}
		if err := w.Write(cells); err != nil {
			return nil, fmt.Errorf("workbook: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// text is what a cell says, on one line.
func (b *book) text(name, value string) (string, error) {
	formula, err := b.GetCellFormula(b.sheet, name)
	if err != nil {
		return "", err
	}
	if formula != "" {
		return "=" + strings.TrimPrefix(formula, "="), nil
	}
	if serial, err := strconv.ParseFloat(value, 64); err == nil {
		date, err := b.isDate(name)
		if err != nil {
			return "", err
		}
		if date {
			return moment(serial)
		}
	}
	return strings.Join(strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' }), " "), nil
}

// isDate tells whether the cell's number is shown as a day.
func (b *book) isDate(name string) (bool, error) {
	id, err := b.GetCellStyle(b.sheet, name)
	if err != nil {
		return false, err
	}
	if known, ok := b.dates[id]; ok {
		return known, nil
	}
	style, err := b.GetStyle(id)
	if err != nil {
		return false, err
	}
	n, own := style.NumFmt, style.CustomNumFmt
	b.dates[id] = n >= 14 && n <= 17 || n == 22 || own != nil && strings.Contains(strings.ToLower(*own), "y")
	return b.dates[id], nil
}

func moment(serial float64) (string, error) {
	t, err := excelize.ExcelDateToTime(serial, false)
	if err != nil {
		return "", err
	}
	if serial == math.Trunc(serial) {
		return t.Format(time.DateOnly), nil
	}
	return t.Round(time.Second).UTC().Format(time.RFC3339), nil
}
