package eval_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage/cmd/presage/lab/eval"
)

// slices are the parts of two recordings that come with the sources.
func slices() []eval.Recording {
	var out []eval.Recording
	for _, r := range eval.Recordings("../../../../testdata") {
		if r.Name == "ev_faults car 2" || r.Name == "obd_seat_leon" {
			out = append(out, r)
		}
	}
	return out
}

// The numbers are those of testdata/*/PROVENANCE.md: 539 and 601 distinct
// instants, 186 cells of 0 V and one temperature of 0 (raw).
func TestCensus(t *testing.T) {
	t.Parallel()
	want := []eval.Census{
		{Instants: 539, Invalid: 187, Level3: time.Date(2019, 5, 10, 0, 44, 57, 0, time.UTC)}, // 08:44:57 in China
		{Instants: 601},
	}
	for i, r := range slices() {
		got, err := eval.TakeCensus(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("%s: %s", r.Name, diff)
		}
	}
}

// A whole evaluation on the slices, and of a small fleet for some days.
func TestRun(t *testing.T) {
	t.Parallel()
	fleet := eval.DefaultFleet()
	fleet.Vehicles, fleet.Days, fleet.Follow = 8, 6, 4
	table, err := eval.Run(t.Context(), eval.Options{Recordings: slices(), Fleet: fleet})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]eval.Check{}
	for _, c := range table.Checks {
		got[c.Name] = c
	}
	for name, result := range map[string]string{
		"rows stored, ev_faults car 2": "539", "rows stored, obd_seat_leon": "601", "dead letters": "0",
		"invalid readings kept as they came": "187", "cases opened, obd_seat_leon": "0",
		"alarms (watch or due), obd_seat_leon": "0 on 1 recorded days",
	} {
		if c := got[name]; c.Result != result || c.Verdict != eval.OK {
			t.Errorf("%s: %+v, want %s", name, c, result)
		}
	}
	for _, name := range []string{"impossible features in roll-ups", "features moved by invalid readings"} {
		if c := got[name]; !strings.HasPrefix(c.Result, "0 in ") || c.Verdict != eval.OK {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if c := got["simulated brake_pads_front, 30 d"]; !strings.Contains(c.Result, "failed of 8") || c.Verdict != eval.Reported {
		t.Errorf("the fleet's pads: %+v", c)
	}
}
