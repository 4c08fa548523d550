package recall

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Columns are those of a list of recalls. A line is one car (vin) or one range of a
// recall; what a recall's later lines leave empty is as in its first.
func Columns() []string {
	return []string{
		"id", "title_zh", "title_en", "tell_zh", "tell_en", "safety", "with_visit", "job",
		"make", "models", "from_year", "to_year", "powertrains", "vin_prefix", "from_serial", "to_serial", "vin",
	}
}

// maxFaults is how many faults of a list are told.
const maxFaults = 50

// ReadSheet reads a list with a header line. ErrInvalid names every fault with its
// line; then nothing of it counts.
func ReadSheet(from io.Reader, c *presage.Catalogue, at time.Time) ([]presage.Recall, error) {
	s := sheet{byID: map[string]int{}}
	r := csv.NewReader(from)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("line 1: %w: want the columns %s", presage.ErrInvalid, strings.Join(Columns(), ","))
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
			return nil, fmt.Errorf("read the list: %w", err)
		}
		line, _ := r.FieldPos(0)
		s.line, s.fields = line, fields
		s.row(at)
	}
	return s.finish(c)
}

type sheet struct {
	columns map[string]int
	line    int
	fields  []string
	recalls []presage.Recall
	first   []int // the line on which each begins
	byID    map[string]int
	faults  []error
}

func (s *sheet) fault(line int, format string, args ...any) {
	s.faults = append(s.faults, fmt.Errorf("line %d: %w: %s", line, presage.ErrInvalid, fmt.Sprintf(format, args...)))
}

func (s *sheet) header(names []string) {
	s.columns = map[string]int{}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))
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

func (s *sheet) row(at time.Time) {
	if len(s.fields) > len(s.columns) {
		s.fault(s.line, "%d fields, want %d", len(s.fields), len(s.columns))
	}
	id := s.get("id")
	i, known := s.byID[id]
	if !known {
		i = len(s.recalls)
		s.byID[id], s.first = i, append(s.first, s.line)
		s.recalls = append(s.recalls, presage.Recall{
			ID: id, Job: s.get("job"), At: at, Safety: s.truth("safety"), WithVisit: s.truth("with_visit"),
			Title: presage.Text{ZH: s.get("title_zh"), EN: s.get("title_en")},
			Tell:  presage.Text{ZH: s.get("tell_zh"), EN: s.get("tell_en")},
		})
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

// finish checks each recall as a whole and tells its faults with its first line.
func (s *sheet) finish(c *presage.Catalogue) ([]presage.Recall, error) {
	for i, r := range s.recalls {
		if err := r.Validate(c); err != nil {
			s.faults = append(s.faults, fmt.Errorf("line %d: %w", s.first[i], err))
		}
	}
	if len(s.recalls) == 0 {
		s.fault(2, "no recall")
	}
	if len(s.faults) > maxFaults {
		s.faults = append(s.faults[:maxFaults], errors.New("and more"))
	}
	if len(s.faults) > 0 {
		return nil, fmt.Errorf("nothing was taken in: %w", errors.Join(s.faults...))
	}
	return s.recalls, nil
}
