package eval

import (
	"testing"

	"presage/forecast/demand"
	"presage/forecast/stock"
)

// A score of .94 is 6 % below the last 12 months' 1, and below the best
// baseline of .95; .96 is neither, and a baseline at .9 is not beaten.
func TestJudgeScore(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ours, tsb float64
		want      Verdict
	}{{.94, .95, OK}, {.96, .97, Miss}, {.94, .9, Miss}} {
		var table Table
		judgeScore(&table, "RPS", []demand.Score{
			{Method: demand.Auto, RPS: tt.ours},
			{Method: "tsb", RPS: tt.tsb},
			{Method: "empirical", RPS: 1},
			{Method: "pooled", RPS: .1}, // a part of the ensemble, no baseline
		}, func(s demand.Score) float64 { return s.RPS })
		if got := table.Checks[0].Verdict; got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
	}
}

func TestCheapest(t *testing.T) {
	t.Parallel()
	name, value := cheapest(map[string][]stock.CurvePoint{
		"dear": {{Fill: .9, Value: 10}, {Fill: 1, Value: 30}}, "lean": {{Fill: .9, Value: 8}, {Fill: 1, Value: 16}},
		"short": {{Fill: .5, Value: 1}, {Fill: .9, Value: 2}},
	})
	if name != "lean" || value < 11.999 || value > 12.001 {
		t.Errorf("%s at %v", name, value)
	}
}
