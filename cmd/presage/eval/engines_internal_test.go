package eval

import (
	"os"
	"testing"
)

// Forecasts from wear beat those from history on the real fleet.
func TestEngines(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PRESAGE_DATA")
	if dir == "" {
		t.Skip("PRESAGE_DATA names no folder of public data sets")
	}
	var table Table
	if err := evaluateEngines(t.Context(), Options{Data: dir, Progress: t.Output()}, &table); err != nil {
		t.Fatal(err)
	}
	for _, c := range table.Checks {
		t.Logf("%+v", c)
		if c.Verdict == Miss {
			t.Errorf("%s: %s, want %s", c.Name, c.Result, c.Reference)
		}
	}
}
