package recall

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// listed is a recall as a list tells it.
type listed struct {
	presage.Recall

	line   int  // on which it begins
	closes bool // the list says whether it is closed
}

// maxFaults is how many faults of a list are told.
const maxFaults = 50

// readList reads a list as CSV or JSON. ErrInvalid names every fault with its line; then
// nothing of it counts.
func readList(list []byte, c *presage.Catalogue, at time.Time) ([]listed, error) {
	list = bytes.TrimPrefix(list, []byte("\ufeff"))
	var rows []listed
	var faults []error
	if text := bytes.TrimSpace(list); len(text) > 0 && (text[0] == '{' || text[0] == '[') {
		rows, faults = readJSON(list)
	} else {
		rows, faults = readSheet(list)
	}
	for i := range rows {
		rows[i].At = at
		if err := rows[i].Validate(c); err != nil {
			faults = append(faults, fmt.Errorf("line %d: %w", rows[i].line, err))
		}
	}
	if len(rows) == 0 && len(faults) == 0 {
		faults = append(faults, atLine(1, "no recall"))
	}
	if len(faults) > maxFaults {
		faults = append(faults[:maxFaults:maxFaults], errors.New("and more"))
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("nothing was taken in: %w", errors.Join(faults...))
	}
	return rows, nil
}

func atLine(line int, format string, args ...any) error {
	return fmt.Errorf("line %d: %w: %s", line, presage.ErrInvalid, fmt.Sprintf(format, args...))
}

// readJSON reads {"recalls": [...]} or the list alone.
func readJSON(text []byte) ([]listed, []error) {
	r := reader{text: text, d: json.NewDecoder(bytes.NewReader(text))}
	first, err := r.d.Token()
	if err == nil && first == json.Delim('{') {
		err = r.intoRecalls()
	}
	for err == nil && r.d.More() {
		err = r.recall()
	}
	if err == nil {
		_, err = r.d.Token() // the end of the list
	}
	if err == nil && first == json.Delim('{') {
		if end, e := r.d.Token(); e != nil || end != json.Delim('}') {
			err = errors.New("want nothing beside \"recalls\"")
		}
	}
	if err != nil {
		r.faults = append(r.faults, atLine(r.line(err), "%v", err))
	}
	return r.rows, r.faults
}

type reader struct {
	text   []byte
	d      *json.Decoder
	rows   []listed
	faults []error
}

// intoRecalls goes on to the first recall of a document.
func (r *reader) intoRecalls() error {
	name, err := r.d.Token()
	if err != nil {
		return err
	}
	start, err := r.d.Token()
	if err == nil && (name != "recalls" || start != json.Delim('[')) {
		err = errors.New(`want {"recalls": [...]}`)
	}
	return err
}

// recall reads the next one. The error ends the reading; a fault of the recall does not.
func (r *reader) recall() error {
	var text json.RawMessage
	before := r.d.InputOffset()
	if err := r.d.Decode(&text); err != nil {
		return err
	}
	begin := before + int64(bytes.IndexByte(r.text[before:], text[0]))
	x := listed{line: r.lineAt(begin)}
	var body struct {
		presage.Recall

		Closed *bool `json:"closed"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil {
		line := x.line
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			line = r.lineAt(begin + wrong.Offset)
			err = fmt.Errorf("%s: want %s, not %s", wrong.Field, kind(wrong.Type.Kind().String()), wrong.Value)
		}
		r.faults = append(r.faults, atLine(line, "recall %d: %v", len(r.rows)+len(r.faults)+1, err))
		return nil
	}
	x.Recall = body.Recall
	if x.closes = body.Closed != nil; x.closes {
		x.Closed = *body.Closed
	}
	same := func(y listed) bool { return y.ID == x.ID }
	if i := slices.IndexFunc(r.rows, same); i >= 0 {
		r.faults = append(r.faults, atLine(x.line, "recall %.40q is there already, on line %d", x.ID, r.rows[i].line))
		return nil
	}
	r.rows = append(r.rows, x)
	return nil
}

// kind names a kind of Go as JSON does.
func kind(name string) string {
	switch name {
	case "bool":
		return "true or false"
	case "struct", "map":
		return "an object"
	case "slice":
		return "a list"
	case "int":
		return "a whole number"
	}
	return "text"
}

func (r *reader) line(err error) int {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return r.lineAt(syntax.Offset)
	}
	return r.lineAt(r.d.InputOffset())
}

func (r *reader) lineAt(offset int64) int {
	return 1 + bytes.Count(r.text[:min(max(offset, 0), int64(len(r.text)))], []byte("\n"))
}
