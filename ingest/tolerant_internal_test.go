package ingest

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// byBoth reads a document strictly and, if that is possible, tolerantly too.
func byBoth(doc []byte) (strict, loose []presage.Sample, strictErr, tolerantErr error) {
	const vin = presage.VIN("1M8GDM9AXKP042788")
	at := time.UnixMilli(1732190000123)
	d := newDecoder(MaxPayload, Oldest())
	d.arena = &arena{}
	strict, _, strictErr = d.telemetry(vin, doc, at)
	if strictErr != nil || d.mended {
		return nil, nil, errors.New("not JSON"), nil
	}
	d = newDecoder(MaxPayload, Oldest())
	d.arena = &arena{}
	d.vin, d.newest = vin, at.Add(maxAhead).UnixMilli()
	tolerantErr = d.salvage(doc, errors.New("none"))
	return strict, d.samples, nil, tolerantErr
}

// FuzzLooseAgrees: the tolerant reader takes the same from a document that is
// JSON as the strict one, and from any other it invents no reading.
func FuzzLooseAgrees(f *testing.F) {
	for _, seed := range []string{
		`{"ts":1732190000123,"signals":{"Vehicle.Speed":53.2,"a":[1,2],"b":"x,\"y\":1"}}`,
		`{"samples":[{"ts":1732190000123,"signals":{"a":1,"a":2},"x":{"y":[{},{"ts":1}]}},{"ts":"2024-11-21T11:53:20Z","signals":{"b":true}}]}`,
		`{"samples":[],"signals":{"c":"{[\"}]"},"ts":1732190000123}`, `{"samples":[{"ts":1}],"samples":[]}`,
		`{"ts":1732190000123,"signals":{"x":NaN,"y":null,"Presage.z":1}}`, `{"a":"x","y", "b":1}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		if strings.Count(string(doc), "[")+strings.Count(string(doc), "{") > 60 {
			return // deeper than the tolerant reader goes, perhaps
		}
		strict, loose, err, tolerantErr := byBoth(doc)
		if err != nil || !json.Valid(doc) {
			return
		}
		if tolerantErr != nil && len(strict) > 0 {
			t.Fatal(tolerantErr)
		}
		if diff := cmp.Diff(strict, append([]presage.Sample(nil), loose...)); diff != "" && len(strict)+len(loose) > 0 {
			t.Fatal(diff)
		}
	})
}

// Hostile documents are read in time that grows with their
// size alone: each of these takes some tens of milliseconds.
func TestHostileDocumentsTakeLinearTime(t *testing.T) {
	t.Parallel()
	const size = 1 << 18
	for name, unit := range map[string]string{
		"braces": "{", "brackets": "[", "quotes": `"`, "quotes and spaces": `"    `, "keys": `"a":`, "members": `"a":nan,`,
		"commas": ",", "samples without an end": `{"ts":1,`, "signals without an end": `{"signals":{"a":1,`,
		"closing": "}", "closing arrays": "]", "backslashes": `\`, "colons": ":", "key after key": `"a":"a":`, "pieces": "x,",
		"documents": `{}`, "lines": "{\n\"", "arrays of objects": `[{,`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, head := range []string{"", `{"samples":[`, `{"ts":1732190000123,"signals":{"b":1,`, `{"samples":[{"ts":1,"signals":{`} {
				d := newDecoder(MaxPayload, Oldest())
				d.arena = &arena{}
				doc := head + strings.Repeat(unit, size/len(unit))
				began := time.Now()
				_, _, _ = d.telemetry("1M8GDM9AXKP042788", []byte(doc), time.UnixMilli(1732190000123))
				if took := time.Since(began); took > 10*time.Second {
					t.Errorf("%q: %v", head, took)
				}
			}
		})
	}
}
