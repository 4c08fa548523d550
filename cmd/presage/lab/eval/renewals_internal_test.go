package eval

import (
	"os"
	"testing"
)

// The figures of R's survreg and the targets of the back-test, on the real fleet.
func TestBusEngines(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PRESAGE_DATA")
	if dir == "" {
		t.Skip("PRESAGE_DATA names no folder of public data sets")
	}
	var table Table
	if err := evaluateRenewals(Options{Data: dir, Progress: t.Output()}, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Checks) != 11 {
		t.Errorf("%d checks", len(table.Checks))
	}
	for _, c := range table.Checks {
		t.Logf("%+v", c)
		if c.Verdict == Miss {
			t.Errorf("%s: %s, want %s", c.Name, c.Result, c.Reference)
		}
	}
}

// The priors in the program are what their folders give.
func TestPriorsAreThoseOfTheData(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PRESAGE_DATA")
	if dir == "" {
		t.Skip("PRESAGE_DATA names no folder of public data sets")
	}
	var table Table
	if err := evaluatePriors(Options{Data: dir}, &table); err != nil {
		t.Fatal(err)
	}
	if len(table.Checks) != 5 {
		t.Errorf("%d priors", len(table.Checks))
	}
	for _, c := range table.Checks {
		t.Logf("%+v", c)
		if c.Verdict == Miss {
			t.Errorf("%s: %s, want %s", c.Name, c.Result, c.Reference)
		}
	}
}
