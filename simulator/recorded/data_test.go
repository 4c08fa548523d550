package recorded_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/simulator/recorded"
)

// TestWholeRecordings counts the whole files. The numbers of rows are those of
// the PROVENANCE.md beside the data and of `zcat | wc -l`; distinct instants
// and empty cells were counted by a Python script of its own.
func TestWholeRecordings(t *testing.T) {
	t.Parallel()
	data := os.Getenv("PRESAGE_DATA")
	if data == "" {
		t.Skip("PRESAGE_DATA is not set")
	}
	tests := []struct {
		format string
		files  []string
		want   recorded.Counts
	}{
		{"ev-cloud", []string{"ev_faults/car2_summary.csv.gz", "ev_faults/car2_cells.csv.gz"}, recorded.Counts{Rows: 14385, Distinct: 14384}},
		{"ev-cloud", []string{"ev_faults/car4_cells.csv.gz", "ev_faults/car4_summary.csv.gz"}, recorded.Counts{Rows: 14973, Distinct: 14973, Missing: 1176}},
		{"carobd", []string{"obd_carobd/carobd_all_trips.csv.gz"}, recorded.Counts{Rows: 304299, Distinct: 304299, Missing: 6887}},
		{"kit-obd", []string{"obd_seat_leon/kit_obd_1hz.csv.gz"}, recorded.Counts{Rows: 222706, Distinct: 222706, Missing: 234}},
	}
	for _, tt := range tests {
		t.Run(tt.files[0], func(t *testing.T) {
			t.Parallel()
			files := make([]string, len(tt.files))
			for i, f := range tt.files {
				files[i] = filepath.Join(data, f)
			}
			r, err := recorded.Open(tt.format, files, recorded.Options{VIN: testVIN})
			if err != nil {
				t.Fatal(err)
			}
			rows := 0
			for m, err := range r.Messages() {
				if err != nil {
					t.Fatal(err)
				}
				rows += m.Rows
			}
			if diff := cmp.Diff(tt.want, r.Counts()); diff != "" || rows != tt.want.Rows {
				t.Errorf("%d rows sent, want %d\n%s", rows, tt.want.Rows, diff)
			}
		})
	}
}
