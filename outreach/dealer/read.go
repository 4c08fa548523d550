package dealer

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// row is a record as it was read: texts by the names of its fields. A list is
// joined by ";", the parts of an item by ":".
type row struct {
	kind  string
	place string            // of the whole: "bookings.csv line 3" or "/bookings/2"
	at    map[string]string // of each field
	text  map[string]string
}

const (
	mostRows  = 20_000
	mostCells = 4000 // characters of one field
)

// lists are the names of the kinds in a JSON document and of CSV files.
func lists() map[string]string {
	return map[string]string{
		"workshops": presage.KindWorkshop, "customers": presage.KindCustomer, "vehicles": presage.KindVehicle,
		"closures": presage.KindClosure, "bookings": presage.KindBooking, "work_orders": presage.KindWorkOrder,
		"part_use": presage.KindPartUse,
	}
}

// Lists are the names of what can be imported, as CSV files and JSON lists have them.
func Lists() []string { return slices.Sorted(maps.Keys(lists())) }

func fault(place, text string, args ...any) error {
	return fmt.Errorf("%s: %w: "+text, append([]any{place, presage.ErrInvalid}, args...)...)
}

// readJSON reads {"customers": [...], ...}; before is put in front of each pointer.
func readJSON(before string, data []byte) (rows []row, faults []error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, []error{fault(before+"/", "not a JSON object%s", offset(data, err))}
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		if name == "files" && before == "" {
			read, errs := readFiles(doc[name])
			rows, faults = append(rows, read...), append(faults, errs...)
			continue
		}
		kind, ok := lists()[name]
		if !ok {
			faults = append(faults, fault(before+"/"+name, "not known here: want some of %v", Lists()))
			continue
		}
		var items []json.RawMessage
		if err := json.Unmarshal(doc[name], &items); err != nil {
			faults = append(faults, fault(before+"/"+name, "want a list"))
			continue
		}
		for i, item := range items {
			r, errs := readObject(kind, fmt.Sprintf("%s/%s/%d", before, name, i), item)
			rows, faults = append(rows, r), append(faults, errs...)
		}
	}
	return rows, faults
}

// readFiles reads [{"name": "customers.csv", "text": "..."}, ...]: what a CSV holds
// follows from its name.
func readFiles(list json.RawMessage) (rows []row, faults []error) {
	var files []struct{ Name, Text string }
	if err := json.Unmarshal(list, &files); err != nil {
		return nil, []error{fault("/files", "want a list of files with name and text")}
	}
	for i, f := range files {
		if presage.CheckPlain(f.Name, 200) != nil || f.Name == "" {
			faults = append(faults, fault(fmt.Sprintf("/files/%d/name", i), "want a name of one line"))
			continue
		}
		read, errs := readFile(f.Name, []byte(f.Text))
		rows, faults = append(rows, read...), append(faults, errs...)
	}
	return rows, faults
}

// readFile reads a file of its own: JSON, or CSV whose name says what it holds, as
// in customers.csv and customers-2026-11-29.csv.
func readFile(name string, data []byte) ([]row, []error) {
	if strings.HasSuffix(name, ".json") {
		return readJSON(name+" ", data)
	}
	base, isCSV := strings.CutSuffix(name, ".csv")
	for _, list := range Lists() {
		if isCSV && (base == list || strings.HasPrefix(base, list+"-")) {
			return readCSV(name, lists()[list], data)
		}
	}
	return nil, []error{fault(name, "want NAME.json, or NAME.csv with NAME one of %v", Lists())}
}

// offset says where JSON is broken.
func offset(data []byte, err error) string {
	broken, ok := errors.AsType[*json.SyntaxError](err)
	if !ok {
		return ""
	}
	read := data[:min(int(broken.Offset), len(data))]
	line := 1 + bytes.Count(read, []byte("\n"))
	return fmt.Sprintf(": it breaks off at line %d, column %d", line, len(read)-bytes.LastIndexByte(read, '\n')-1)
}

func readObject(kind, place string, item json.RawMessage) (r row, faults []error) {
	r = row{kind: kind, place: place, at: map[string]string{}, text: map[string]string{}}
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(item))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return r, []error{fault(place, "want an object")}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := place + "/" + name
		text, ok := flat(fields[name], inField)
		if !ok {
			faults = append(faults, fault(at, "want a text, a number, true, false, or a list of these"))
			continue
		}
		if fields[name] != nil {
			r.at[name], r.text[name] = at, text
		}
	}
	return r, faults
}

// partsOf are the names of the parts of an item, in the order of a CSV cell.
func partsOf() []string {
	return []string{
		"id", "name", "kinds", "skills", "component", "outcome", "replaced", "measured", "part", "quantity",
		"technician", "days", "hours",
	}
}

// How deep a value lies: a field, an item of its list, a part of an item.
const (
	inField = iota
	inList
	inItem
)

// flat writes a value as a CSV cell has it.
func flat(v any, depth int) (string, bool) {
	switch x := v.(type) {
	case nil:
		return "", true
	case string:
		return x, true
	case bool:
		return strconv.FormatBool(x), true
	case json.Number:
		return x.String(), true
	case []any:
		between := map[int]string{inField: ";", inItem: "+"}[depth]
		return joinedOf(x, between, depth+1)
	case map[string]any:
		var items []any
		for _, name := range partsOf() {
			if item, there := x[name]; there {
				items = append(items, item)
			}
		}
		text, ok := joinedOf(items, ":", inItem)
		return text, ok && depth == inList && len(items) == len(x)
	}
	return "", false
}

func joinedOf(items []any, between string, depth int) (string, bool) {
	texts := make([]string, len(items))
	for i, item := range items {
		var ok bool
		if texts[i], ok = flat(item, depth); !ok {
			return "", false
		}
	}
	return strings.Join(texts, between), between != ""
}

// readCSV reads a table of one kind with a line of names; file names it in places.
func readCSV(file, kind string, data []byte) (rows []row, faults []error) {
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	c.FieldsPerRecord = -1
	names, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, []error{fault(file, "it is empty: want a line of names first")}
	}
	for err == nil {
		var cells []string
		if cells, err = c.Read(); err != nil {
			break
		}
		line, _ := c.FieldPos(0)
		r := row{
			kind: kind, place: fmt.Sprintf("%s line %d", file, line), at: map[string]string{}, text: map[string]string{},
		}
		if len(cells) != len(names) {
			faults = append(faults, fault(r.place, "%d cells, want %d as the first line has", len(cells), len(names)))
			continue
		}
		for i, name := range names {
			at, column := c.FieldPos(i)
			r.at[name] = fmt.Sprintf("%s line %d, column %d (%s)", file, at, column, name)
			if text := strings.TrimSpace(cells[i]); text != "" { // an empty cell says nothing
				r.text[name] = text
			}
		}
		rows = append(rows, r)
	}
	if broken, ok := errors.AsType[*csv.ParseError](err); ok {
		at := fmt.Sprintf("%s line %d, column %d", file, broken.Line, broken.Column)
		faults = append(faults, fault(at, "%v", broken.Err))
	}
	return rows, faults
}
