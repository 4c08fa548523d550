package recall

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// Columns are those of a list of recalls. A line is one car (vin) or one range of a
// recall; what a recall's later lines leave empty is as in its first.
func Columns() []string {
	return []string{
		"id", "title_zh", "title_en", "tell_zh", "tell_en", "safety", "with_visit", "job",
		"make", "models", "from_year", "to_year", "powertrains", "vin_prefix", "from_serial", "to_serial", "vin", "closed",
	}
}

// readSheet reads a list with a header line.
func readSheet(text []byte) ([]listed, []error) {
	s := sheet{byID: map[string]int{}}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, []error{atLine(1, "want the columns %s", strings.Join(Columns(), ","))}
	}
	s.header(header)
	for {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if syntax, ok := errors.AsType[*csv.ParseError](err); ok {
			s.fault(syntax.Line, "%v", syntax.Err)
			break
		}
		if err != nil {
			return nil, []error{fmt.Errorf("read the list: %w", err)}
		}
		line, _ := r.FieldPos(0)
		s.line, s.fields = line, fields
		s.row()
	}
	return s.recalls, s.faults
}

type sheet struct {
	columns map[string]int
	line    int
	fields  []string
	recalls []listed
	byID    map[string]int
	faults  []error
}

func (s *sheet) fault(line int, format string, args ...any) {
	s.faults = append(s.faults, atLine(line, format, args...))
}

func (s *sheet) header(names []string) {
	s.columns = map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		_, twice := s.columns[name]
		switch {
		case !slices.Contains(Columns(), name):
			s.fault(1, "column %q is not known: want %s", name, strings.Join(Columns(), ","))
		case twice:
			s.fault(1, "column %q is there twice", name)
		}
		s.columns[name] = i
	}
	for _, name := range []string{"id", "title_zh", "title_en", "tell_zh", "tell_en", "job"} {
		if _, ok := s.columns[name]; !ok {
			s.fault(1, "column %q is missing", name)
		}
	}
}

func (s *sheet) get(name string) string {
	if i, ok := s.columns[name]; ok && i < len(s.fields) {
		return strings.TrimSpace(s.fields[i])
	}
	return ""
}

func (s *sheet) row() {
	if len(s.fields) > len(s.columns) {
		s.fault(s.line, "%d fields, want %d", len(s.fields), len(s.columns))
	}
	id := s.get("id")
	i, known := s.byID[id]
	if !known {
		i = len(s.recalls)
		s.byID[id] = i
		s.recalls = append(s.recalls, listed{line: s.line, closes: s.get("closed") != "", Recall: presage.Recall{
			ID: id, Job: s.get("job"), Safety: s.truth("safety"), WithVisit: s.truth("with_visit"), Closed: s.truth("closed"),
			Title: presage.Text{ZH: s.get("title_zh"), EN: s.get("title_en")},
			Tell:  presage.Text{ZH: s.get("tell_zh"), EN: s.get("tell_en")},
		}})
	}
	x := &s.recalls[i]
	if text := s.get("vin"); text != "" {
		vin, err := presage.ParseVIN(text)
		if err != nil {
			s.fault(s.line, "%v", err)
		} else if !slices.Contains(x.VINs, vin) {
			x.VINs = append(x.VINs, vin)
		}
	}
	if v, given := s.span(); given {
		x.Ranges = append(x.Ranges, v)
	}
}

// span is the range of a line; false without one.
func (s *sheet) span() (presage.RecallRange, bool) {
	v := presage.RecallRange{
		Make: s.get("make"), Models: s.list("models"), FromYear: s.year("from_year"), ToYear: s.year("to_year"),
		VINPrefix:  strings.ToUpper(s.get("vin_prefix")),
		FromSerial: strings.ToUpper(s.get("from_serial")), ToSerial: strings.ToUpper(s.get("to_serial")),
	}
	for _, p := range s.list("powertrains") {
		v.Powertrains = append(v.Powertrains, presage.Powertrain(p))
	}
	return v, v.Make != "" || v.VINPrefix != "" || len(v.Models) > 0 || len(v.Powertrains) > 0 ||
		v.FromYear != 0 || v.ToYear != 0 || v.FromSerial != "" || v.ToSerial != ""
}

func (s *sheet) list(name string) []string {
	return strings.FieldsFunc(s.get(name), func(r rune) bool { return r == '|' })
}

func (s *sheet) year(name string) int {
	text := s.get(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1900 || n > 2100 {
		s.fault(s.line, "%s %.20q: want a year", name, text)
	}
	return n
}

func (s *sheet) truth(name string) bool {
	switch strings.ToLower(s.get(name)) {
	case "yes", "true", "1":
		return true
	case "", "no", "false", "0":
	default:
		s.fault(s.line, "%s %.20q: want yes or no", name, s.get(name))
	}
	return false
}
