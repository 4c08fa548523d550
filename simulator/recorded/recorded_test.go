package recorded_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/simulator/recorded"
)

// testVIN is the VIN of a car that does not exist.
const testVIN presage.VIN = "LX7CE5B16KA100007"

// sample is one sample of a native telemetry payload.
type sample struct {
	TS      int64          `json:"ts"`
	Signals map[string]any `json:"signals"`
}

// read takes a whole recording and checks what holds for all of them.
func read(t *testing.T, format string, files []string, o recorded.Options) ([]sample, *recorded.Reader) {
	t.Helper()
	o.VIN = testVIN
	r, err := recorded.Open(format, files, o)
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for m, err := range r.Messages() {
		if err != nil {
			t.Fatal(err)
		}
		if want := "presage/v1/" + string(testVIN) + "/telemetry"; m.Topic != want {
			t.Fatalf("topic %q, want %q", m.Topic, want)
		}
		var doc struct {
			Samples []sample `json:"samples"`
		}
		if err := json.Unmarshal(m.Payload, &doc); err != nil {
			t.Fatalf("payload: %v", err)
		}
		if len(doc.Samples) != m.Rows || m.Rows == 0 {
			t.Fatalf("%d samples in a message of %d rows", len(doc.Samples), m.Rows)
		}
		if last := doc.Samples[m.Rows-1].TS; last != m.At.UnixMilli() {
			t.Fatalf("message at %d ends at %d", m.At.UnixMilli(), last)
		}
		all = append(all, doc.Samples...)
	}
	for i, s := range all {
		if i > 0 && s.TS < all[i-1].TS {
			t.Fatalf("row %d goes back in time", i)
		}
		for name := range s.Signals {
			if _, ok := presage.LookupSignal(name); !ok {
				t.Fatalf("row %d: signal %q is not in the table", i, name)
			}
		}
	}
	return all, r
}

// file writes a file for a test.
func file(t *testing.T, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// at finds the sample of an instant.
func at(t *testing.T, all []sample, when string) sample {
	t.Helper()
	w, err := time.Parse(time.RFC3339, when)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if s.TS == w.UnixMilli() {
			return s
		}
	}
	t.Fatalf("no sample at %s", when)
	return sample{}
}
