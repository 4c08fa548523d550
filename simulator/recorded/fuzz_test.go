package recorded_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"presage/simulator/recorded"
)

// FuzzMessages feeds files of any content to every format: no panic, valid
// JSON, time order, and every row accounted for.
func FuzzMessages(f *testing.F) {
	f.Add(0, []byte(evHeader+"\n2024-01-01 08:00:00,0,3,350,0,50,1,0,5,60,60,3.6,1,3.7,2\n"))
	f.Add(0, []byte("tboxTime,V_1\n2024-01-01 08:00:00,60\n2024-01-01 08:00:00,1e300\n"))
	f.Add(1, []byte(carOBDHeader+"\nd,0,"+numbers(27)+"\nd,1,"+numbers(27)+"\n"))
	f.Add(2, []byte(kitHeader+"\n2018-01-01_X,23:00:00,"+numbers(10)+"\n2018-01-01_X,01:00:00,"+numbers(10)+"\n"))
	f.Add(1, []byte("\x1f\x8b\x08\x00"))
	f.Fuzz(func(t *testing.T, format int, content []byte) {
		formats := recorded.Formats()
		path := filepath.Join(t.TempDir(), "x.csv")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := recorded.Open(formats[uint(format)%uint(len(formats))], []string{path}, recorded.Options{VIN: testVIN, BatchRows: 3})
		if err != nil {
			return
		}
		sent, last := 0, int64(0)
		for m, err := range r.Messages() {
			if err != nil {
				return
			}
			if !json.Valid(m.Payload) {
				t.Fatalf("payload is not JSON: %s", m.Payload)
			}
			if at := m.At.UnixMilli(); sent > 0 && at < last {
				t.Fatalf("message at %d after one at %d", at, last)
			}
			sent, last = sent+m.Rows, m.At.UnixMilli()
		}
		if c := r.Counts(); sent+c.Blank != c.Rows || c.Distinct > c.Rows {
			t.Fatalf("%d rows sent, counts %+v", sent, c)
		}
	})
}
