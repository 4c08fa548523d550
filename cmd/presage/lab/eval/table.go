package eval

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
)

// Verdict is what became of a check.
type Verdict string

// The verdicts.
const (
	OK       Verdict = "ok"
	Miss     Verdict = "MISS"
	Reported Verdict = "reported" // a measurement without a bound
)

// Check is one line of the table.
type Check struct {
	Name      string  `json:"check"`
	Result    string  `json:"result"`
	Reference string  `json:"reference"` // what was expected, and by whom
	Verdict   Verdict `json:"verdict"`
}

// Table is what an evaluation found.
type Table struct {
	Checks []Check `json:"checks"`
}

// Judge adds a check that holds or does not.
func (t *Table) Judge(holds bool, name, result, reference string) {
	v := OK
	if !holds {
		v = Miss
	}
	t.Checks = append(t.Checks, Check{name, result, reference, v})
}

// Report adds a measurement.
func (t *Table) Report(name, result, reference string) {
	t.Checks = append(t.Checks, Check{name, result, reference, Reported})
}

// Missed counts the checks that do not hold.
func (t *Table) Missed() int {
	n := 0
	for _, c := range t.Checks {
		if c.Verdict == Miss {
			n++
		}
	}
	return n
}

// Print writes the table in columns, headed by their names.
func (t *Table) Print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	lines := append([]Check{{"check", "result", "reference", "verdict"}}, t.Checks...)
	for _, c := range lines {
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", c.Name, c.Result, c.Reference, c.Verdict); err != nil {
			return fmt.Errorf("print the table: %w", err)
		}
	}
	return out.Flush()
}

// PrintJSON writes the table as one JSON object.
func (t *Table) PrintJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", "  ")
	return out.Encode(t)
}

// grouped writes n with commas: 14,384.
func grouped(n int) string {
	if n < 0 {
		return "-" + grouped(-n)
	}
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", grouped(n/1000), n%1000)
}
