package records

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Lists are the names of what can be sent, as CSV files and JSON lists have them.
func (x Form) Lists() []string { return slices.Sorted(maps.Keys(x.Kinds)) }

// JSON reads {"customers": [...], ...}, also with {"files": [{"name": "customers.csv", "text": "..."}]};
// before is put in front of each pointer.
func (x Form) JSON(before string, data []byte) (rows []Row, faults []error) {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(data, &doc); err != nil {
		return nil, []error{Fault(before+"/", "not a JSON object%s", offset(data, err))}
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		if name == "files" && before == "" {
			read, errs := x.files(doc[name])
			rows, faults = append(rows, read...), append(faults, errs...)
			continue
		}
		kind, ok := x.Kinds[name]
		if !ok {
			faults = append(faults, Fault(before+"/"+name, "not known here: want some of %v", x.Lists()))
			continue
		}
		var items []json.RawMessage
		if err := json.Unmarshal(doc[name], &items); err != nil {
			faults = append(faults, Fault(before+"/"+name, "want a list"))
			continue
		}
		for i, item := range items {
			r, errs := x.object(kind, fmt.Sprintf("%s/%s/%d", before, name, i), item)
			rows, faults = append(rows, r), append(faults, errs...)
		}
	}
	return rows, faults
}

// files reads [{"name": "customers.csv", "text": "..."}, ...]: what a CSV holds
// follows from its name.
func (x Form) files(list json.RawMessage) (rows []Row, faults []error) {
	var files []struct{ Name, Text string }
	if err := json.Unmarshal(list, &files); err != nil {
		return nil, []error{Fault("/files", "want a list of files with name and text")}
	}
	for i, f := range files {
		if presage.CheckPlain(f.Name, 200) != nil || f.Name == "" {
			faults = append(faults, Fault(fmt.Sprintf("/files/%d/name", i), "want a name of one line"))
			continue
		}
		read, errs := x.File(f.Name, []byte(f.Text))
		rows, faults = append(rows, read...), append(faults, errs...)
	}
	return rows, faults
}

// File reads a file of its own: JSON, or CSV whose name says what it holds, as
// in customers.csv and customers-2026-11-29.csv.
func (x Form) File(name string, data []byte) ([]Row, []error) {
	if strings.HasSuffix(name, ".json") {
		return x.JSON(name+" ", data)
	}
	base, isCSV := strings.CutSuffix(name, ".csv")
	for _, list := range x.Lists() {
		if isCSV && (base == list || strings.HasPrefix(base, list+"-")) {
			return x.CSV(name, list, data)
		}
	}
	return nil, []error{Fault(name, "want NAME.json, or NAME.csv with NAME one of %v", x.Lists())}
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

func (x Form) object(kind, place string, item json.RawMessage) (r Row, faults []error) {
	r = Row{Kind: kind, Place: place, At: map[string]string{}, Text: map[string]string{}}
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(item))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return r, []error{Fault(place, "want an object")}
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := place + "/" + name
		text, ok := x.flat(fields[name], inField)
		if !ok {
			faults = append(faults, Fault(at, "want a text, a number, true, false, or a list of these"))
			continue
		}
		if fields[name] != nil {
			r.At[name], r.Text[name] = at, text
		}
	}
	return r, faults
}

// How deep a value lies: a field, an item of its list, a part of an item.
const (
	inField = iota
	inList
	inItem
)

// flat writes a value as a CSV cell has it.
func (x Form) flat(v any, depth int) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		return v.String(), true
	case []any:
		between := map[int]string{inField: ";", inItem: "+"}[depth]
		return x.joined(v, between, depth+1)
	case map[string]any:
		var items []any
		for _, name := range x.Parts {
			if item, there := v[name]; there {
				items = append(items, item)
			}
		}
		text, ok := x.joined(items, ":", inItem)
		return text, ok && depth == inList && len(items) == len(v)
	}
	return "", false
}

func (x Form) joined(items []any, between string, depth int) (string, bool) {
	texts := make([]string, len(items))
	for i, item := range items {
		var ok bool
		if texts[i], ok = x.flat(item, depth); !ok {
			return "", false
		}
	}
	return strings.Join(texts, between), between != ""
}
