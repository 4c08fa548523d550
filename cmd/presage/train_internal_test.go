package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/cmd/presage/lab/training"
)

// inspections writes 200 units over 60 months; wear, which is missing now and then,
// makes them fail, and a unit that failed begins anew.
func inspections(t *testing.T) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 3))
	var b strings.Builder
	b.WriteString("month,unit,wear,colour,failed\n")
	for unit := range 200 {
		wear := 3 * rng.Float64()
		for m := range 60 {
			cell := fmt.Sprintf("%.3f", wear)
			if rng.Float64() < 0.1 {
				cell = ""
			}
			failed := rng.Float64() < 1/(1+math.Exp(7-2*wear))
			fmt.Fprintf(&b, "%04d-%02d-01,u%d,%s,red,%t\n", 2019+m/12, m%12+1, unit, cell, failed)
			if wear += 0.15 * rng.Float64(); failed {
				wear = 0
			}
		}
	}
	name := filepath.Join(t.TempDir(), "history.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTrainAndEvaluate(t *testing.T) {
	t.Parallel()
	data, dir := inspections(t), t.TempDir()
	model := filepath.Join(dir, "model.json")
	learn := func(out string) trained {
		var got trained
		text := command(t, "train", "--data", data, "--time", "month", "--event", "failed", "--id", "unit", "--ignore", "colour",
			"--monotone", "wear=+", "--horizon", "92", "--out", out, "--plot", filepath.Join(dir, "train"))
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatal(err)
		}
		return got
	}
	got := learn(model)
	v := got.HeldOut
	if v == nil || v.Concordance == nil || *v.Concordance < 0.75 || v.CalibrationError > 0.05 || !(v.Brier < v.BaseRateBrier) {
		t.Fatalf("held out: %+v", v)
	}
	t.Logf("%+v; concordance %.3f", got.HeldOut, *v.Concordance)
	again := filepath.Join(dir, "again.json")
	learn(again)
	a, errA := os.ReadFile(model)
	b, errB := os.ReadFile(again)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the same seed makes another file: %v %v", errA, errB)
	}
	var later training.Verdict
	text := command(t, "evaluate", "--model", model, "--data", data, "--plot", filepath.Join(dir, "evaluate"))
	if err := json.Unmarshal([]byte(text), &later); err != nil {
		t.Fatal(err)
	}
	if later.Rows != v.Rows || math.Abs(later.Brier-v.Brier) > 1e-12 { // the same rows: those that training held out
		t.Errorf("evaluate: %+v, train %+v", later, v)
	}
	for _, name := range []string{"train/table.txt", "train/reliability.svg", "evaluate/reliability.png"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 100 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
}

func TestTrainNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	data, dir := inspections(t), t.TempDir()
	odd := filepath.Join(dir, "odd.json")
	if err := os.WriteFile(odd, []byte(`{"format":"presage-hazard","version":99}`), 0o600); err != nil {
		t.Fatal(err)
	}
	base := "train --data " + data + " --out " + filepath.Join(dir, "m.json") + " "
	for args, says := range map[string]string{
		base + "--time month --event failed --ignore unit":                   `line 2, column "colour": "red" is not a number`,
		base + "--time unit --event failed --ignore colour":                  `line 2, column "unit": "u0" is neither a number nor a date`,
		base + "--time month --event wear --ignore colour":                   `column "wear": "`,
		base + "--time month --event failed --feature wear --horizon 30":     "needs --id",
		base + "--time month --event failed --feature wear --monotone wear":  "want COL=+",
		base + "--time month --event failed --feature wear --monotone age=+": "Monotone is age",
		base + "--time month --event failed --feature wear --depth 7":        "Depth is 7",
		"evaluate --data " + data + " --model " + odd:                        "version 99: want",
		"evaluate --data " + data + " --model " + data:                       "no model",
		base + "--time month --event failed --feature wear --hold-out 0.99":  "shares whose sum",
	} {
		err := run(t.Context(), strings.Fields(args), nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", args, err, says)
		}
	}
}
