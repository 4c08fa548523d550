package fieldtable

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"presage"
)

// Row tells what becomes of one field.
type Row struct {
	Signal string // VSS path, "" for none
	Kind   presage.Kind
	Factor float64
	Offset float64
	Flag   bool                     // false when left out
	Words  map[string]presage.Value // of an enumeration, nil for none
}

// Table finds a row by the foreign name of its field.
type Table map[string]Row

// Parse reads a table of the package comment's columns, without its header.
func Parse(text string) (Table, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comment = '#'
	r.FieldsPerRecord = 6
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("field table: %w: %w", presage.ErrInvalid, err)
	}
	table := make(Table, len(rows))
	for i, f := range rows {
		if i == 0 {
			continue
		}
		row, err := parseRow(f)
		if err != nil {
			return nil, fmt.Errorf("field table: %s: %w", f[0], err)
		}
		if _, twice := table[f[0]]; twice {
			return nil, fmt.Errorf("field table: %s: %w: duplicate field", f[0], presage.ErrInvalid)
		}
		table[f[0]] = row
	}
	return table, nil
}

func parseRow(f []string) (row Row, err error) {
	row = Row{Signal: f[1], Factor: 1, Flag: f[4] == "flag"}
	for _, n := range []struct {
		text string
		to   *float64
	}{{f[2], &row.Factor}, {f[3], &row.Offset}} {
		if n.text == "" {
			continue
		}
		if *n.to, err = strconv.ParseFloat(n.text, 64); err != nil {
			return row, fmt.Errorf("%w: %w", presage.ErrInvalid, err)
		}
	}
	switch f[4] {
	case "number":
	case "bool", "flag":
		row.Kind = presage.KindBool
	case "string":
		row.Kind = presage.KindString
	case "array":
		row.Kind = presage.KindArray
	case "words":
		return row, row.parseWords(f[5])
	default:
		return row, fmt.Errorf("%w kind %q", presage.ErrInvalid, f[4])
	}
	return row, nil
}

// parseWords reads "word=value ..."; the values are all of one kind.
func (r *Row) parseWords(text string) error {
	r.Words = map[string]presage.Value{}
	for pair := range strings.FieldsSeq(text) {
		word, value, ok := strings.Cut(pair, "=")
		if !ok {
			return fmt.Errorf("%w word %q: want word=value", presage.ErrInvalid, pair)
		}
		v := Guess(value, false)
		if len(r.Words) > 0 && v.Kind != r.Kind {
			return fmt.Errorf("%w word %q: another kind than those before", presage.ErrInvalid, pair)
		}
		r.Kind, r.Words[word] = v.Kind, v
	}
	return nil
}
