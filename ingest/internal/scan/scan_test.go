package scan_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"presage/ingest/internal/scan"
)

// FuzzSkip holds the scanner against encoding/json: it accepts the same
// documents, but for NaN, Infinity, invalid UTF-8 and deep nesting.
func FuzzSkip(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0.5e+3,true,false,null,"\u00e9\n"]}`, `[]`, ` 0 `, `-`, `01`, `1.`, `"\x"`, `{"a":1,}`, `[1 2]`, `NaN`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		s := scan.Scanner{Buf: doc}
		_, err := s.Skip()
		if err == nil {
			err = s.End()
		}
		if valid := json.Valid(doc); err == nil && !valid && !bareWord(doc) {
			t.Errorf("accepted %q", doc)
		}
	})
}

func bareWord(doc []byte) bool {
	for i := range doc {
		if doc[i] == 'N' || doc[i] == 'I' {
			return true
		}
	}
	return false
}

func TestScannerAcceptsWhatEncodingJSONDoes(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{"a":[1,-0.5e+3,true,false,null,"\u00e9\n\ud83d\ude00"]}`, ` [] `, `0`, `-0`, `1E5`, `""`, `{}`, "[1,\n\t2]", `"\ud800"`,
	} {
		s := scan.Scanner{Buf: []byte(doc)}
		if _, err := s.Skip(); err != nil || s.End() != nil {
			t.Errorf("%s: %v", doc, err)
		}
	}
}

func TestStringUnescapes(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{`"plain"`, `"\"\\\/\b\f\n\r\t"`, `"\u4f60\ud83d\ude00\ud83dx"`, `"中文"`} {
		var want string
		if err := json.Unmarshal([]byte(doc), &want); err != nil {
			t.Fatal(err)
		}
		s := scan.Scanner{Buf: []byte(doc)}
		if got, err := s.String(); err != nil || string(got) != want {
			t.Errorf("%s: %q %v, want %q", doc, got, err, want)
		}
	}
}

// FuzzFloat holds Float against strconv, bit for bit.
func FuzzFloat(f *testing.F) {
	for _, seed := range []string{"0", "-0", "53.2", "3.967", "123456789012345", "0.1", "1e22", "9007199254740993", "1e999", "-", "007", "1.", ".5", "-0.0", "0.10", "000000000000000000001", "12345678901234567890", "1.5E3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s := scan.Scanner{Buf: []byte(text)}
		token, err := s.Number()
		end := s.Pos
		s.Pos = 0
		got, finite, ferr := s.Float()
		if (err == nil) != (ferr == nil) || err == nil && s.Pos != end {
			t.Fatalf("%q: Number ends at %d %v, Float at %d %v", text, end, err, s.Pos, ferr)
		}
		if err != nil {
			return
		}
		want, err := strconv.ParseFloat(string(token), 64)
		if finite != (err == nil) || finite && math.Float64bits(got) != math.Float64bits(want) {
			t.Errorf("%s: %v %v, want %v %v", token, got, finite, want, err)
		}
	})
}
