package credentials

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"presage"
)

// ReadVINs reads one VIN a line from r, or the first column of a CSV (or the
// one that its heading names "vin"). Empty lines and those that begin with "#"
// are passed over. name stands in the error, which names every fault with its
// line; then nothing is returned.
func ReadVINs(name string, r io.Reader) ([]presage.VIN, error) {
	l := list{first: map[presage.VIN]string{}}
	lines := bufio.NewScanner(r)
	column := 0
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		cells := strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ';' || c == '\t' })
		if at, ok := heading(cells); ok && len(l.vins) == 0 && len(l.faults) == 0 {
			column = at
			continue
		}
		cell := ""
		if column < len(cells) {
			cell = cells[column]
		}
		l.add(fmt.Sprintf("%s:%d", name, n), cell)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", name, presage.ErrInvalid, err)
	}
	return l.done(name)
}

// heading finds the column that is called "vin".
func heading(cells []string) (int, bool) {
	for i, cell := range cells {
		if strings.EqualFold(strings.Trim(cell, `" `), "vin") {
			return i, true
		}
	}
	return 0, false
}

// ParseVINs reads VINs that were typed in; the error names every fault.
func ParseVINs(texts []string) ([]presage.VIN, error) {
	l := list{first: map[presage.VIN]string{}}
	for i, text := range texts {
		l.add(fmt.Sprintf("VIN %d", i+1), text)
	}
	return l.done("the command line")
}

// list gathers VINs and what is wrong with them.
type list struct {
	vins   []presage.VIN
	first  map[presage.VIN]string // where each stood first
	faults []error
}

func (l *list) add(where, text string) {
	vin, err := presage.ParseVIN(strings.Trim(text, `" `))
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("%s: %w", where, err))
		return
	}
	if at, ok := l.first[vin]; ok {
		l.faults = append(l.faults, fmt.Errorf("%s: %w: the same VIN as at %s", where, presage.ErrInvalid, at))
		return
	}
	l.first[vin] = where
	l.vins = append(l.vins, vin)
}

func (l *list) done(name string) ([]presage.VIN, error) {
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	if len(l.vins) == 0 {
		return nil, fmt.Errorf("%s: %w: no VIN in it", name, presage.ErrInvalid)
	}
	return l.vins, nil
}
