package records

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"presage/internal/cell"
)

// CSV reads a table of one list with a line of names; file names it in places, "" for none.
func (x Form) CSV(file, list string, data []byte) (rows []Row, faults []error) {
	kind, ok := x.Kinds[list]
	if !ok {
		return nil, []error{Fault("list", "%.40q: want one of %v", list, x.Lists())}
	}
	if file != "" {
		file += " "
	}
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	c.FieldsPerRecord = -1
	names, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, []error{Fault(file+"line 1", "it is empty: want a line of names first")}
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			faults = append(faults, Fault(fmt.Sprintf("%sline 1, column %d", file, i+1), "duplicate column %.40q", name))
		}
	}
	for err == nil {
		var cells []string
		if cells, err = c.Read(); err != nil {
			break
		}
		line, _ := c.FieldPos(0)
		r := Row{
			Kind: kind, Place: fmt.Sprintf("%sline %d", file, line), At: map[string]string{}, Text: map[string]string{},
		}
		if len(cells) != len(names) {
			faults = append(faults, Fault(r.Place, "%d cells, want %d as the first line has", len(cells), len(names)))
			continue
		}
		for i, name := range names {
			at, _ := c.FieldPos(i)
			r.At[name] = fmt.Sprintf("%sline %d, column %d (%s)", file, at, i+1, name)
			if text := strings.TrimSpace(cell.Read(cells[i])); text != "" { // an empty cell says nothing
				r.Text[name] = text
			}
		}
		rows = append(rows, r)
	}
	if broken, ok := errors.AsType[*csv.ParseError](err); ok {
		at := fmt.Sprintf("%sline %d, column %d", file, broken.Line, broken.Column)
		faults = append(faults, Fault(at, "%v", broken.Err))
	}
	return rows, faults
}
