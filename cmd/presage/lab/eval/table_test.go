package eval_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/cmd/presage/lab/eval"
)

func TestTableTellsWhatMissed(t *testing.T) {
	t.Parallel()
	var table eval.Table
	table.Judge(true, "rows", "3", "3")
	table.Judge(false, "alarms", "1", "0")
	table.Report("speed", "9 rows/s", "")
	if got := table.Missed(); got != 1 {
		t.Errorf("%d missed, want 1: a report has no verdict", got)
	}
	var text bytes.Buffer
	if err := table.Print(&text); err != nil {
		t.Fatal(err)
	}
	want := "check   result    reference  verdict\n" +
		"rows    3         3          ok\n" +
		"alarms  1         0          MISS\n" +
		"speed   9 rows/s             reported\n"
	if diff := cmp.Diff(want, text.String()); diff != "" {
		t.Error(diff)
	}
	var machine bytes.Buffer
	if err := table.PrintJSON(&machine); err != nil {
		t.Fatal(err)
	}
	var back struct {
		Checks []map[string]string `json:"checks"`
	}
	if err := json.Unmarshal(machine.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	miss := map[string]string{"check": "alarms", "result": "1", "reference": "0", "verdict": "MISS"}
	if diff := cmp.Diff(miss, back.Checks[1]); diff != "" {
		t.Error(diff)
	}
}

// Three forecasts by hand: (0.2 missed, 0.5 hit, 0.9 hit): Brier
// (0.04+0.25+0.01)/3 = 0.1; two of three came true: 2/3*1/3.
func TestScore(t *testing.T) {
	t.Parallel()
	var s eval.Score
	if s.Brier() != 0 || s.BaseRate() != 0 {
		t.Error("no forecasts have a score")
	}
	s.Add(0.2, false)
	s.Add(0.5, true)
	s.Add(0.9, true)
	near := func(a, b float64) bool { return a-b < 1e-12 && b-a < 1e-12 }
	if !near(s.Expected, 1.6) || s.Actual != 2 || !near(s.Brier(), 0.1) || !near(s.BaseRate(), 2./9) {
		t.Errorf("%+v, Brier %g, base rate %g", s, s.Brier(), s.BaseRate())
	}
}
