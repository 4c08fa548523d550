package main

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
)

const padLives = "../../models/life/testdata/brake_pads.csv"

// Wanted: R on the same 98 lives (models/life/testdata/README.md).
func TestLifeFitPrintsTheFit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out := command(t, "life", "fit", "--data", padLives, "--entry", "entry", "--exit", "exit",
		"--bootstrap", "19", "--plot", dir)
	var got fitResult
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	by := map[string]fitResult{}
	for _, c := range got.Candidates {
		by[c.Family] = c
	}
	w := by["weibull"]
	for what, x := range map[string][2]float64{
		"log L of gamma": {got.LogLikelihood, -450.657}, "scale of weibull": {w.Parameters["scale"], 71.995},
		"shape of weibull": {w.Parameters["shape"], 2.360}, "log L of weibull": {w.LogLikelihood, -451.467},
		"median of weibull": {w.Quantiles["0.5"].Estimate, 61.64}, "n": {w.N, 98}, "events": {w.Events, 98},
	} {
		if !(math.Abs(x[0]-x[1]) < 1e-3*math.Max(1, math.Abs(x[1])/60)*5) {
			t.Errorf("%s is %g, want %g", what, x[0], x[1])
		}
	}
	if q := w.Quantiles["0.1"]; got.Family != "gamma" || len(by) != 6 || q.Low == nil || q.High == nil ||
		!(*q.Low < q.Estimate && q.Estimate < *q.High) || got.Goodness == nil || got.Goodness.Replicates == 0 {
		t.Errorf("family %s of %d, B10 of weibull %+v, goodness %+v", got.Family, len(by), q, got.Goodness)
	}
	for _, name := range []string{"survival.svg", "survival.png", "table.txt"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 100 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
}

// Wanted: published fits (models/life/testdata/README.md), and by hand: 48
// replacements, of 41 engines the first at 61 days.
func TestLifeFitOfRepairs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	fit := func(args ...string) (got repairsResult) {
		out := command(t, append([]string{"life", "fit", "--event", "event"}, args...)...)
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	near := func(what string, got, want, tolerance float64) {
		if !(math.Abs(got-want) <= tolerance) {
			t.Errorf("%s is %g, want %g", what, got, want)
		}
	}
	seats := fit("--data", "../../models/life/testdata/valve_seats.csv", "--unit", "engine", "--exit", "days", "--plot", dir)
	first, last := seats.Mean[0], seats.Mean[len(seats.Mean)-1]
	near("engines", float64(seats.Units), 41, 0)
	near("replacements", float64(seats.Events), 48, 0)
	near("the first mean", first.Estimate, 1.0/41, 1e-12)
	near("the last mean", last.Estimate, 1.5427, 5.1e-5)
	if first.Low == nil || *first.Low >= first.Estimate || first.High == nil || *first.High <= first.Estimate {
		t.Errorf("no interval around the first mean: %+v", first)
	}
	ship := fit("--data", "../../models/life/testdata/halfbeak.csv", "--unit", "unit", "--exit", "kilohours", "--failures", "report")
	near("shape of USS Halfbeak", ship.PowerLaw.Shape.Estimate, 2.76, 5e-3)
	near("its scale", math.Pow(ship.PowerLaw.Rate, -1/ship.PowerLaw.Shape.Estimate), 5.45, 5e-3)
	for _, name := range []string{"repairs.svg", "repairs.png", "table.txt"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 50 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
}

func TestLifeFitOfRepairsNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for rows, says := range map[string]string{
		"a,5,1\na,9,1\n":            `unit a has no row for the end of its watch`,
		"a,5,0\na,9,0\n":            `line 3, column "event": unit a has two ends`,
		"b,5,1\nb,3,0\n":            "unit 1 b has an event at 5, outside (0, 3]",
		"b,5,1\nb,9,0\nc,9,maybe\n": `line 4, column "event": "maybe": want 1 or 0`,
	} {
		name := filepath.Join(t.TempDir(), "repairs.csv")
		if err := os.WriteFile(name, []byte("unit,km,event\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
		args := []string{"life", "fit", "--data", name, "--unit", "unit", "--exit", "km", "--event", "event"}
		err := run(t.Context(), args, nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v does not say %q", rows, err, says)
		}
		err = run(t.Context(), append(args, "--family", "gamma"), nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), "--unit") {
			t.Errorf("with --family: %v", err)
		}
	}
}

func TestLifeFitNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lives.csv")
	if err := os.WriteFile(name, []byte("start,end,state\n0,5,1\n7,6,1\n0,x,maybe\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, says := range map[string]string{
		"--exit end":                                  `line 4, column "end": "x" is not a number`,
		"--exit end --event state":                    `line 4, column "state": "maybe": want 1 or 0`,
		"--exit age":                                  `no column "age": it has start, end, state`,
		"--exit start":                                "life 1: failed at age 0",
		"--exit end --family cauchy":                  `line 4`,
		"--exit start --quantiles 1.5":                "--quantiles",
		"--exit start --failures never --event state": "no failure among 3 lives",
	} {
		err := run(t.Context(), append([]string{"life", "fit", "--data", name}, strings.Fields(args)...), nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", args, err, says)
		}
	}
}

// An interval that is open above says what a life censored at its lower bound says.
func TestLifeFitOfOpenIntervals(t *testing.T) {
	t.Parallel()
	fit := func(text string, args ...string) fitResult {
		var got fitResult
		out := command(t, append([]string{"life", "fit", "--data", written(t, "lives.csv", text), "--family", "weibull"}, args...)...)
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	open := fit("lo,hi\n5,5\n3,3\n4,8\n2,2\n9,inf\n7,Inf\n", "--lower", "lo", "--exit", "hi")
	same := fit("lo,hi,e\n5,5,1\n3,3,1\n4,8,1\n2,2,1\n9,9,0\n7,7,0\n", "--lower", "lo", "--exit", "hi", "--event", "e")
	if open.Events != 4 || open.N != 6 || math.Abs(open.LogLikelihood-same.LogLikelihood) > 1e-9 {
		t.Errorf("log L %v of %v events, want %v of %v", open.LogLikelihood, open.Events, same.LogLikelihood, same.Events)
	}
}
