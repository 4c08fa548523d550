package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
	"presage/cmd/presage/demo"
	"presage/cmd/presage/lab/sheet"
	"presage/cmd/presage/lab/training"
	"presage/ingest"
	"presage/models"
	"presage/simulator"
)

// monday is when the fleet of these tests is judged: in the early morning of a Monday.
var monday = time.Date(2026, 6, 1, 2, 0, 0, 0, time.UTC)

// opened is the service on a data directory with its clock standing at an instant.
func opened(t *testing.T, at time.Time, flags map[string]string) *app.App {
	t.Helper()
	flags["http.addr"], flags["mqtt.addr"] = "127.0.0.1:0", "127.0.0.1:0"
	c, err := config.Load(t.Context(), nil, nil, flags)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.Open(t.Context(), app.Options{Config: c.Config, Clock: clock.Stopped(at)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// lived is the data directory of a service that took in what a simulated fleet
// sent until monday, and whose workshops repaired what broke down on the road.
func lived(t *testing.T, vehicles, days int) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	start := monday.AddDate(0, 0, -days)
	a := opened(t, start, map[string]string{"data_dir": dir})
	ctx, cancel := context.WithCancel(t.Context())
	taken := make(chan error, 1)
	go func() { taken <- a.Pipeline.Run(ctx) }() // without all else that a service does: nobody is written to
	w, err := simulator.New(simulator.Config{Vehicles: vehicles, Seed: 4, Start: start, Catalogue: a.Catalogue})
	if err != nil {
		t.Fatal(err)
	}
	failing := demo.Register(ctx, a, w)
	for now := start; now.Before(monday); {
		now = now.AddDate(0, 0, 1)
		a.Clock.Set(now)
		for m := range w.Advance(now) {
			failing = errors.Join(failing, a.Pipeline.Submit(ctx, ingest.Message{Topic: m.Topic, Payload: m.Payload, Received: m.At}))
		}
		failing = errors.Join(failing, a.Pipeline.Flush(ctx))
		for _, r := range w.Breakdowns() {
			failing = errors.Join(failing, a.Outreach.RecordResult(ctx, r))
		}
	}
	_, err = a.Score(ctx)
	if err := errors.Join(failing, err, a.KeepClock(ctx)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := errors.Join(<-taken, a.Close()); err != nil {
		t.Fatal(err)
	}
	return dir
}

// judged is every vehicle's prognosis of a component as stored.
func judged(t *testing.T, a *app.App, vins []string, id presage.ComponentID) map[string]presage.Prognosis {
	t.Helper()
	out := map[string]presage.Prognosis{}
	for _, vin := range vins {
		ps, err := a.SQL.Prognoses(t.Context(), presage.VIN(vin))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range ps {
			if p.Component == id {
				out[vin] = p
			}
		}
	}
	return out
}

// features reads the last Monday's rows of an export, by VIN and trait.
func features(t *testing.T, file string) (vins []string, rows map[string][]float64) {
	t.Helper()
	s, err := sheet.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	week, errW := s.Texts("week")
	id, errV := s.Texts("vin")
	if err := errors.Join(errW, errV); err != nil {
		t.Fatal(err)
	}
	rows = map[string][]float64{}
	for _, trait := range models.Traits() {
		x, err := s.Numbers(trait, true)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x {
			if week[i] == monday.Format(time.DateOnly) {
				rows[id[i]] = append(rows[id[i]], x[i])
			}
		}
	}
	for vin := range rows {
		vins = append(vins, vin)
	}
	slices.Sort(vins)
	return vins, rows
}

// The whole loop: what the service recorded becomes a table, the table a model,
// the model enters the nightly pass, and the pass sees what training saw.
func TestLearnedFromTheServicesOwnHistory(t *testing.T) {
	t.Parallel()
	const id = presage.BrakePadsFront
	dir := lived(t, 45, 365)
	table, model := filepath.Join(t.TempDir(), "history.csv.gz"), filepath.Join(t.TempDir(), "pads.json")
	printed := command(t, "export", "features", "--component", string(id), "--data", dir, "--out", table)
	t.Log(printed)
	var got trained
	text := command(t, "train", "--data", table, "--time", "week", "--event", "failed", "--id", "vin", "--horizon", "28",
		"--stop", "0.2", "--calibrate", "0.25", "--hold-out", "0.25", "--out", model)
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d trees, %+v, %+v", got.Trees, got.Rows, *got.HeldOut)
	if v := got.HeldOut; v.Failures == 0 || v.Brier > v.BaseRateBrier {
		t.Errorf("on later weeks: %+v", *v)
	}
	vins, rows := features(t, table)
	plain := opened(t, monday, map[string]string{"data_dir": dir})
	before := judged(t, plain, vins, id)
	if err := plain.Close(); err != nil {
		t.Fatal(err)
	}
	a := opened(t, monday, map[string]string{"data_dir": dir, "models.learned": string(id) + "=" + model})
	defer a.Close()
	if _, err := a.Score(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := training.Load(model)
	if err != nil {
		t.Fatal(err)
	}
	x, moved := make([]float64, len(file.Features)), 0
	for vin, p := range judged(t, a, vins, id) {
		for k, f := range file.Features {
			x[k] = rows[vin][slices.Index(models.Traits(), f)]
		}
		i := slices.IndexFunc(p.Terms, func(term presage.Term) bool { return term.Name == models.TermLearned })
		if i < 0 || !strings.HasSuffix(p.Model.Version, "+learned."+file.Sum) {
			t.Fatalf("%s: model %v, terms %v", presage.VIN(vin).Masked(), p.Model, p.Terms)
		}
		// By constant hazard 1-(1-q)^(30/28) of q within 28 days, in percent.
		if want := 100 * (1 - math.Pow(1-file.Probability(x), 30./28)); math.Abs(p.Terms[i].Value-want) > 1e-5*want { // of six digits
			t.Errorf("%s: the pass has %g %%, the exported row gives %g %%", presage.VIN(vin).Masked(), p.Terms[i].Value, want)
		}
		switch was := before[vin].FailWithin; {
		case p.FailWithin.D30 < was.D30 || p.FailWithin.D90 < was.D90: // pads are safety-critical
			t.Errorf("%s: history lowers %+v to %+v", presage.VIN(vin).Masked(), was, p.FailWithin)
		case p.FailWithin != was:
			moved++
		}
	}
	if len(vins) < 40 || moved < len(vins)/2 {
		t.Errorf("%d of %d prognoses moved", moved, len(vins))
	}
}

// Faults of what is learned from are told, with the file, the component and what to do.
func TestLearnedFaultsAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	whole := func(feature string, horizon float64) string {
		return fmt.Sprintf(`{"format":"presage-hazard","version":1,"features":[%q],"monotone":[0],"horizon":%g,"base":-3,`+
			`"trees":[],"isotonic":{"x":[-3],"y":[0.05]}}`, feature, horizon)
	}
	good, odd := put("good.json", whole("age_days", 60)), put("odd.json", whole("colour", 2000))
	data := filepath.Join(dir, "data")
	say := func(args ...string) string {
		err := run(t.Context(), args, nil, io.Discard, io.Discard)
		if !errors.Is(err, presage.ErrInvalid) && !errors.Is(err, presage.ErrNotFound) {
			t.Fatalf("%v: %v", args, err)
		}
		return err.Error()
	}
	for args, wants := range map[string][]string{
		"config --set models.learned=tyre_leak=" + odd + ",battery_12v=" + filepath.Join(dir, "none.json") + " --set models.learned_weight=2": {
			"tyre_leak", `"colour"`, "horizon 2000", "battery_12v", "none.json", "models.learned_weight",
		},
		"config --set models.learned=tyre_leak":  {"COMPONENT=FILE"},
		"config --set models.learned.tyre_leak=": {"tyre_leak"},
		"serve --addr 127.0.0.1:0 --mqtt-addr 127.0.0.1:0 --data " + data + " --set models.learned=brakes=" + good:      {"brakes", "no such component"},
		"serve --addr 127.0.0.1:0 --mqtt-addr 127.0.0.1:0 --data " + data + " --set models.learned=brake_fluid=" + good: {"brake_fluid", `"clock"`},
		"export features --data " + data + " --component brakes --out " + filepath.Join(dir, "o"):                       {"brakes"},
		"export features --data " + data + " --component brake_fluid --out " + filepath.Join(dir, "o"):                  {`"clock"`},
	} {
		text := say(strings.Fields(args)...)
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", args, text, want)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "o")); !os.IsNotExist(err) {
		t.Errorf("a refused export left a file: %v", err)
	}
	file := put("presage.yaml", "models:\n  learned:\n    tyre_leak: "+good+"\n")
	shown := command(t, "config", "--config", file, "--set", "models.learned.battery_12v="+good)
	for _, want := range []string{`"tyre_leak":"` + good, `"battery_12v":"` + good, "learned_weight: 0.5"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the configuration lacks %s:\n%s", want, shown)
		}
	}
	again := put("again.yaml", shown)
	if twice := command(t, "config", "--config", again); !strings.Contains(twice, `"battery_12v":"`+good) {
		t.Errorf("printed and read again:\n%s", twice)
	}
}
