package measure

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"presage"
)

// Row is one labelled reply; intent, slot and detail may be empty.
type Row struct {
	ID, Lang, Text string
	Intent         string
	Slot           int
	Detail         string
}

// Booked tells that a visit stood when the reply came.
func (r Row) Booked() bool { return strings.HasPrefix(r.Detail, "booked") }

// header names the columns of a sheet.
const header = "id,lang,text,intent,slot,detail"

// Read reads a sheet of replies; ErrInvalid names every line at fault.
func Read(r io.Reader) ([]Row, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1
	records, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%w sheet of replies: %w", presage.ErrInvalid, err)
	}
	if len(records) == 0 || strings.TrimPrefix(strings.Join(records[0], ","), "\ufeff") != header {
		return nil, fmt.Errorf("%w sheet of replies: its first line has to be %s", presage.ErrInvalid, header)
	}
	rows, faults := make([]Row, 0, len(records)), []string(nil)
	for i, x := range records[1:] {
		if len(x) != 6 {
			faults = append(faults, fmt.Sprintf("row %d has %d fields, not 6", i+1, len(x)))
			continue
		}
		row := Row{ID: x[0], Lang: x[1], Text: x[2], Intent: x[3], Detail: x[5]}
		if row.Slot, err = strconv.Atoi(x[4]); err != nil && x[4] != "" {
			faults = append(faults, fmt.Sprintf("row %d: slot %.20q is no number", i+1, x[4]))
		}
		rows = append(rows, row)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w sheet of replies: %s", presage.ErrInvalid, strings.Join(faults, "; "))
	}
	return rows, nil
}
