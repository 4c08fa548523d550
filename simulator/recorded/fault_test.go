package recorded_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/simulator/recorded"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := file(t, "summary.csv", evHeader)
	cells := file(t, "cells.csv", "tboxTime,V_1,V_2")
	zip := file(t, "cut.csv.gz", "\x1f\x8b\x08")
	tests := []struct {
		name, format string
		files        []string
		o            recorded.Options
		want         string
	}{
		{"unknown format", "obd", []string{good}, recorded.Options{}, `"ev-cloud"`},
		{"no files", "ev-cloud", nil, recorded.Options{}, "no files"},
		{"wrong VIN", "ev-cloud", []string{good}, recorded.Options{VIN: "LX7"}, "VIN"},
		{"batch", "ev-cloud", []string{good}, recorded.Options{BatchRows: -1}, "batch of -1 rows"},
		{"missing column", "ev-cloud", []string{file(t, "s.csv", strings.Replace(evHeader, "soc_pct", "soc", 1))}, recorded.Options{}, `s.csv: line 1: invalid: missing column "soc_pct"`},
		{"two missing columns", "carobd", []string{file(t, "o.csv", "trip,sample,engine_rpm")}, recorded.Options{}, `"warm_ups_since_codes_cleared"`},
		{"missing trip", "kit-obd", []string{file(t, "k.csv", strings.TrimPrefix(kitHeader, "trip,"))}, recorded.Options{}, `missing column "trip"`},
		{"cells with a hole", "ev-cloud", []string{file(t, "c.csv", "tboxTime,V_1,V_3")}, recorded.Options{}, `missing column "V_2"`},
		{"no cells", "ev-cloud", []string{file(t, "c0.csv", "tboxTime")}, recorded.Options{}, `missing column "V_1"`},
		{"neither kind", "ev-cloud", []string{file(t, "x.csv", "a,b")}, recorded.Options{}, `missing column "time" (summary) or "tboxTime" (cells)`},
		{"two summaries", "ev-cloud", []string{good, good}, recorded.Options{}, "second summary"},
		{"two files of cells", "ev-cloud", []string{cells, cells}, recorded.Options{}, "second file of cells"},
		{"cut gzip", "ev-cloud", []string{zip}, recorded.Options{}, "cut.csv.gz: invalid gzip"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.o.VIN == "" {
				tt.o.VIN = testVIN
			}
			_, err := recorded.Open(tt.format, tt.files, tt.o)
			if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want an ErrInvalid with %q", err, tt.want)
			}
		})
	}
}

func TestOpenEmptyAndAbsentFiles(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.csv")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := recorded.Open("carobd", []string{empty}, recorded.Options{VIN: testVIN}); !errors.Is(err, presage.ErrInvalid) {
		t.Errorf("empty file: %v, want ErrInvalid", err)
	}
	if _, err := recorded.Open("kit-obd", []string{empty + "x"}, recorded.Options{VIN: testVIN}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent file: %v, want ErrNotExist", err)
	}
}

func TestMessagesSayWhereARowIsWrong(t *testing.T) {
	t.Parallel()
	ev := "2024-01-01 08:00:00,0,3,350,0,50,1,0,1000,60,60,3.6,1,3.7,2"
	tests := []struct{ name, format, path, want string }{
		{"no number", "ev-cloud", file(t, "s.csv", evHeader, ev, strings.Replace(ev, "350", "full", 1)), `s.csv: line 3: column "pack_voltage_V": invalid: "full" is not a number`},
		{"no time", "ev-cloud", file(t, "s.csv", evHeader, strings.Replace(ev, "2024-01-01", "yesterday", 1)), `line 2: column "time"`},
		{"short row", "ev-cloud", file(t, "s.csv", evHeader, "2024-01-01 08:00:00,0"), "wrong number of fields"},
		{"no second", "carobd", file(t, "o.csv", carOBDHeader, "d,-1,"+numbers(27)), `line 2: column "sample"`},
		{"no time of day", "kit-obd", file(t, "k.csv", kitHeader, "2018-01-01_X,25:00:00,"+numbers(10)), "time of day"},
		{"no date", "kit-obd", file(t, "k.csv", kitHeader, "trip 1,23:00:00,"+numbers(10)), "YYYY-MM-DD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r, err := recorded.Open(tt.format, []string{tt.path}, recorded.Options{VIN: testVIN})
			if err != nil {
				t.Fatal(err)
			}
			var last error
			for _, err := range r.Messages() {
				last = err
			}
			if !errors.Is(last, presage.ErrInvalid) || !strings.Contains(last.Error(), tt.want) {
				t.Errorf("error %v, want an ErrInvalid with %q", last, tt.want)
			}
		})
	}
}
