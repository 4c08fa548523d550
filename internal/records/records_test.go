package records_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage/internal/cell"
	"presage/internal/records"
)

func form() records.Form { return records.Form{Kinds: map[string]string{"parts": "part"}} }

// What is wrong is told all at once, each by its line and column or its JSON pointer.
func TestPlaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"part,part\nA,B\n":                  {`line 1, column 2: invalid: duplicate column "part"`},
		"part,pieces\nA\n":                  {"line 2: invalid: 1 cells, want 2 as the first line has"},
		"part,pieces\n\"A\nB\",x\n,1,\n":    {"line 4: invalid: 3 cells, want 2 as the first line has", "line 3, column 2 (pieces): invalid: \"x\": want a number from 1 to 9"},
		"":                                  {"line 1: invalid: it is empty: want a line of names first"},
		`{"parts": [{"part": {"a": 1}}]}`:   {"/parts/0/part: invalid: want a text, a number, true, false, or a list of these"},
		`{"parts": [{"pieces": "x"}], "b":`: {"/: invalid: not a JSON object: it breaks off at line 1, column 33"},
		`{"wheels": []}`:                    {"/wheels: invalid: not known here: want some of [parts]"},
		`{"parts": [{"pieces": 0}]}`:        {"/parts/0/pieces: invalid: \"0\": want a number from 1 to 9"},
	} {
		rows, faults := form().CSV("", "parts", []byte(text))
		if strings.HasPrefix(text, "{") {
			rows, faults = form().JSON("", []byte(text))
		}
		for _, r := range rows {
			f := records.Of(r, &faults)
			f.Whole("pieces", 1, 9)
		}
		var got []string
		for _, err := range faults {
			got = append(got, err.Error())
		}
		if !cmp.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Whatever a text is, a spreadsheet takes its cell for text, and it comes back from the cell as it was.
func TestCellsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSpace(rapid.OneOf(
			rapid.String(), rapid.StringMatching(`['=+\-@\t]{0,4}[a-z0-9"(),;!]{0,6}`),
		).Draw(t, "text"))
		written := cell.Text(text)
		if strings.ContainsAny(written[:min(1, len(written))], "=+-@\t\r") {
			t.Fatalf("%q would run", written)
		}
		var file strings.Builder
		w := csv.NewWriter(&file)
		_ = w.WriteAll([][]string{{"part", "name"}, {"A", written}})
		rows, faults := form().CSV("", "parts", []byte(file.String()))
		want := strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) // as a CSV keeps line ends
		if len(faults) > 0 || rows[0].Text["name"] != want {
			t.Fatalf("%q came back as %q, %v", text, rows[0].Text["name"], faults)
		}
	})
}
