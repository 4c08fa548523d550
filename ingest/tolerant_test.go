package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
)

// One slip costs the reading it is in: the others of the sample are stored, and
// so are the other samples. What is stored is what stands there.
func TestOneSlipCostsOneReading(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]string{
		"nan of C's printf": `"x":nan`, "minus nan": `"x":-nan`, "inf": `"x":inf`, "minus inf": `"x":-inf`,
		"-Infinity as text of a number": `"Vehicle.Speed":"-Infinity"`, "plus Infinity": `"x":+Infinity`,
		"decimal comma": `"x":12,5`, "thousands": `"x":1,234.5`, "three groups": `"x":1,234,567`, "comma and space": `"x":12, 5`,
		"leading zeros": `"x":007`, "plus": `"x":+5`, "no digit before the point": `"x":.5`, "none behind": `"x":5.`,
		"two points": `"x":1.2.3`, "hexadecimal": `"x":0x1F`, "minus alone": `"x":-`, "a unit": `"x":12 km`, "two numbers": `"x":1 2`,
		"too large": `"x":1e999`, "exponent without digits": `"x":1e`, "nothing": `"x":`, "only spaces": `"x":  `,
		"Python's True": `"x":True`, "Python's None": `"x":None`, "undefined": `"x":undefined`, "N/A": `"x":N/A`,
		"single quotes": `"x":'on'`, "single quotes at the name": `'x':1`, "no quotes at the name": `x:1`,
		"a byte of Latin-1": "\"x\":\"M\xfcnchen\"", "one in the name": "\"K\xfchler\":1", "an escape that is none": `"x":"\q"`,
		"a quotation mark in a text": `"x":"19" rim"`, "a line end in a text": "\"x\":\"a\nb\"", "a tab in a text": "\"x\":\"a\tb\"",
		"an array that lacks its bracket": `"x":[1,2`, "nan in an array": `"x":[1,nan]`, "a comma too many in an array": `"x":[1,,2]`,
		"a key twice": `"x":"y":1`, "a name alone": `"x"`, "a value alone": `7`, "a comment": `/* x */`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := `{"ts":1732190000123,"signals":{"Vehicle.IsMoving":true,` + odd + `,"a":2}}`
			got, faults, err := ingest.DecodeTelemetry(vinA, []byte(`{"samples":[`+other(1)+`,`+bad+`,`+other(2)+`]}`), arrival)
			if err != nil || len(got) != 3 {
				t.Fatal(got, err)
			}
			for i, want := range []presage.Sample{one(1), got[1], one(2)} {
				if diff := cmp.Diff(want, got[i]); diff != "" {
					t.Error(diff)
				}
			}
			for _, r := range got[1].Readings {
				good := r.Signal == "a" && r.Value.Number == 2 || r.Signal == "Vehicle.IsMoving" && r.Value.Kind == presage.KindBool
				if !good {
					t.Errorf("a reading was made up: %+v", r)
				}
			}
			if len(got[1].Readings) == 0 || got[1].Readings[len(got[1].Readings)-1].Signal != "a" {
				t.Errorf("what is behind the slip was lost: %+v", got[1].Readings)
			}
			if len(faults) != 1 || faults[0].Reason != ingest.ReasonBadValue {
				t.Fatalf("faults %+v", faults)
			}
			if diff := cmp.Diff(`{"samples":[`+bad+`]}`, string(faults[0].Payload)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func other(i int) string {
	return fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Speed":%d}}`, 1732190000000+i, i)
}

func one(i int) presage.Sample {
	return sample(1732190000000+int64(i), reading(presage.SignalSpeed, presage.Number(float64(i))))
}

// A slip in the document's own frame costs the samples it is in, or nothing.
func TestASlipInTheFrame(t *testing.T) {
	t.Parallel()
	a, b, c := other(1), other(2), other(3)
	malformed, missing := []string{ingest.ReasonMalformed}, []string{ingest.ReasonMissingTime}
	for name, tt := range map[string]struct {
		doc     string
		want    []int
		reasons []string
	}{
		"comma behind the last sample":    {`{"samples":[` + a + `,` + b + `,]}`, []int{1, 2}, nil},
		"two commas":                      {`{"samples":[` + a + `,,` + b + `]}`, []int{1, 2}, nil},
		"comma first":                     {`{"samples":[,` + a + `]}`, []int{1}, nil},
		"comma behind the last signal":    {`{"samples":[{"ts":1732190000001,"signals":{"Vehicle.Speed":1,}},` + b + `]}`, []int{1, 2}, nil},
		"comma behind the signals":        {`{"samples":[{"ts":1732190000001,"signals":{"Vehicle.Speed":1},},` + b + `]}`, []int{1, 2}, nil},
		"commas between signals":          {`{"ts":1732190000001,,"signals":{,"Vehicle.Speed":1,,}}`, []int{1}, nil},
		"no comma between samples":        {`{"samples":[` + a + b + `]}`, []int{1, 2}, nil},
		"cut off within a value":          {`{"samples":[` + a + `,` + b + `,{"ts":1732190000003,"signals":{"Vehicle.Speed":3`, []int{1, 2}, malformed},
		"cut off within a name":           {`{"samples":[` + a + `,{"ts":1732190000003,"signals":{"Vehicle.Speed":3,"Vehi`, []int{1}, malformed},
		"cut off between samples":         {`{"samples":[` + a + `,` + b + `,`, []int{1, 2}, nil},
		"the last bracket is missing":     {`{"samples":[` + a + `,` + b + `]`, []int{1, 2}, nil},
		"the array's bracket is missing":  {`{"samples":[` + a + `,` + b + `}`, []int{1, 2}, nil},
		"a sample lacks a bracket":        {`{"samples":[` + a + `,{"ts":1732190000002,"signals":{"Vehicle.Speed":2},` + c + `]}`, []int{1, 3}, malformed},
		"the last sample lacks one":       {`{"samples":[` + a + `,{"ts":1732190000002,"signals":{"Vehicle.Speed":2}]}`, []int{1}, malformed},
		"a bracket too many in the batch": {`{"samples":[` + a + `},` + b + `,` + c + `]}`, []int{1, 2, 3}, nil},
		"another bracket too many":        {`{"samples":[{"ts":1732190000001,"signals":{"Vehicle.Speed":1]}},` + b + `]}`, []int{2}, malformed},
		"something between samples":       {`{"samples":[` + a + `,null,` + b + `]}`, []int{1, 2}, malformed},
		"text behind the document":        {a + `x`, []int{1}, malformed},
		"a line before it":                {"2024-11-21 INFO " + a, []int{1}, malformed},
		"one document a line":             {a + "\n" + b + "\n" + c + "\n", []int{1, 2, 3}, nil},
		"an array of samples":             {`[` + a + `,` + b + `]`, []int{1, 2}, nil},
		"time with leading zeros":         {`{"samples":[{"ts":01732190000001,"signals":{"Vehicle.Speed":1}},` + b + `]}`, []int{2}, missing},
		"time with a comma":               {`{"samples":[{"ts":1732190000001,5,"signals":{"Vehicle.Speed":1}},` + b + `]}`, []int{2}, missing},
		"a vin that cannot be read":       {`{"samples":[{"ts":1732190000001,"vin":'x',"signals":{"Vehicle.Speed":1}},` + b + `]}`, []int{2}, []string{ingest.ReasonForeignVIN}},
		"NUL behind it":                   {a + "\x00", []int{1}, nil},
		"NULs behind a batch":             {`{"samples":[` + a + `]}` + "\x00\x00", []int{1}, nil},
		"byte order mark within gzip":     {zipped(t, "\xef\xbb\xbf"+a), []int{1}, nil},
		"NUL behind gzip":                 {zipped(t, a) + "\x00\x00", []int{1}, nil},
		"gzip without its end":            {strings.TrimSuffix(zipped(t, a), zipped(t, a)[len(zipped(t, a))-8:]), []int{1}, nil},
		"a member that nobody reads":      {`{"seq":007,"ts":1732190000001,"signals":{"Vehicle.Speed":1}}`, []int{1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults, err := ingest.DecodeTelemetry(vinA, []byte(tt.doc), arrival)
			if err != nil {
				t.Fatal(err)
			}
			var want []presage.Sample
			for _, i := range tt.want {
				want = append(want, one(i))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			var reasons []string
			for _, f := range faults {
				reasons = append(reasons, f.Reason)
			}
			if diff := cmp.Diff(tt.reasons, reasons); diff != "" {
				t.Error(diff, faults)
			}
		})
	}
}

// Another vehicle's VIN refuses a damaged document as it does a whole one.
func TestADamagedDocumentSpeaksForItselfOnly(t *testing.T) {
	t.Parallel()
	for _, doc := range []string{
		`{"vin":"11111111111111111","samples":[` + other(1) + `,]}`, `{"samples":[` + other(1) + `,],"vin":"11111111111111111"}`,
	} {
		got, _, err := ingest.DecodeTelemetry(vinA, []byte(doc), arrival)
		if len(got) > 0 || err == nil || !strings.HasPrefix(err.Error(), ingest.ReasonForeignVIN) {
			t.Errorf("%s: %v %v", doc, got, err)
		}
	}
}

// A piece that was cut off is a letter of its own, which nothing is made of when
// it is driven again.
func TestWhatWasCutOffStaysOut(t *testing.T) {
	t.Parallel()
	piece := `{"ts":1732190000003,"signals":{"a":1},"x":[1`
	_, faults, err := ingest.DecodeTelemetry(vinA, []byte(`{"samples":[`+other(1)+`,`+piece), arrival)
	if err != nil || len(faults) != 1 || string(faults[0].Payload) != piece {
		t.Fatal(faults, err)
	}
	if again, _, err := ingest.DecodeTelemetry(vinA, faults[0].Payload, arrival); len(again) > 0 || err == nil {
		t.Error(again, err)
	}
}

// Gzip that was damaged, rather than cut off, is refused: its text may be anything.
func TestDamagedGzipIsRefused(t *testing.T) {
	t.Parallel()
	text := []byte(zipped(t, other(1)))
	text[len(text)-5] ^= 1 // of the checksum
	if got, _, err := ingest.DecodeTelemetry(vinA, text, arrival); len(got) > 0 || err == nil {
		t.Error(got, err)
	}
	if _, err := gzip.NewReader(bytes.NewReader(text)); err != nil {
		t.Error("the test's own text is not a gzip:", err)
	}
}

// The unit of a time is never guessed, but told.
func TestUnitsOfTimeAreTold(t *testing.T) {
	t.Parallel()
	for ts, want := range map[string]string{
		"1732190000": "seconds", "1732190000.5": "seconds", "1732190000123456": "microseconds", "1732190000123456789": "nanoseconds",
		"946684805000": "never set", "60000": "never set", "1420070400000": "never set", // 2000-01-01, 1970, 2015-01-01
		"1e300": "want epoch milliseconds", "-1": "never set", `"2024-11-21T11:53:20"`: "zone",
	} {
		_, faults, err := ingest.DecodeTelemetry(vinA, []byte(`{"ts":`+ts+`,"signals":{"a":1}}`), arrival)
		if err != nil || len(faults) != 1 || faults[0].Reason != ingest.ReasonMissingTime || !strings.Contains(faults[0].Detail, want) {
			t.Errorf("%s: %+v %v, want %q", ts, faults, err, want)
		}
	}
}
