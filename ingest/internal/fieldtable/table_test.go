package fieldtable_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest/internal/fieldtable"
)

const head = "field,signal,factor,offset,kind,words\n"

func TestConvert(t *testing.T) {
	t.Parallel()
	table, err := fieldtable.Parse(head + `f,F,1.8,32,number,
b,B,,,bool,
s,S,,,string,
a,A,10,,array,
w,W,,,words,On=true Off=false
`)
	if err != nil {
		t.Fatal(err)
	}
	no := presage.Value{}
	for _, tt := range []struct {
		field string
		in    presage.Value
		want  presage.Value
		known bool
		fault string
	}{
		{"f", presage.Number(100), presage.Number(212), true, ""}, // water boils at 100 degC, 212 degF
		{"f", presage.String("-40"), presage.Number(-40), true, ""},
		{"f", presage.String("NaN"), no, true, "want a finite number"},
		{"f", presage.String("1e999"), no, true, "want a finite number"},
		{"f", presage.Bool(true), no, true, "want a finite number"},
		{"b", presage.String("yes"), presage.Bool(true), true, ""},
		{"b", presage.Number(0), presage.Bool(false), true, ""},
		{"b", presage.Number(2), no, true, "want true or false"},
		{"s", presage.Number(2025.2), presage.String("2025.2"), true, ""},
		{"a", presage.String("1,2.5"), presage.Array([]float64{10, 25}), true, ""},
		{"a", presage.Number(3), presage.Array([]float64{30}), true, ""},
		{"a", presage.String("1,,3"), no, true, "element 1 is not a finite number"},
		{"w", presage.String("On"), presage.Bool(true), true, ""},
		{"w", presage.String("Standby"), no, false, ""},
	} {
		got, known, fault := table[tt.field].Convert(tt.in)
		if diff := cmp.Diff(tt.want, got); diff != "" || known != tt.known || fault != tt.fault {
			t.Errorf("%s of %v: known %v, fault %q, %s", tt.field, tt.in, known, fault, diff)
		}
	}
}

func TestParseNamesTheFault(t *testing.T) {
	t.Parallel()
	for _, row := range []string{
		"f,F,x,,number,", "f,F,,,float,", "f,F,,,words,On", "f,F,,,words,On=true Off=none", "f,F,,,number,\nf,F,,,number,", "f,F",
	} {
		if _, err := fieldtable.Parse(head + row); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v", row, err)
		}
	}
}

// A number is what encoding/json takes for one.
func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"0", "-0.5", "1e+06", "01", "+1", ".5", "1.", "1e", "0x1p-2", "NaN", "1_000", "1e400", " 1", "-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := fieldtable.ParseNumber(text)
		var want float64
		valid := json.Unmarshal([]byte(text), &want) == nil && text != "null"
		if len(text) > 0 && (text[0] <= ' ' || text[len(text)-1] <= ' ') {
			valid = false // white space around is for documents
		}
		if _, err := strconv.ParseFloat(text, 64); err != nil {
			valid = false
		}
		if ok != valid || ok && got != want {
			t.Fatalf("%q: %v %v, want %v %v", text, got, ok, want, valid)
		}
	})
}
