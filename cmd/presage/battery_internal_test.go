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
	"time"

	"presage"
)

// writePack writes 30 days of a pack of 24 cells, 20 rows a day, whose cell 7
// stands 40 mV low from day 10; it returns the two files. The car reports level 3 on day 29.
func writePack(t *testing.T) (cells, summary string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var c, s strings.Builder
	c.WriteString("tboxTime")
	for i := range 24 {
		fmt.Fprintf(&c, ",V_%d", i+1)
	}
	c.WriteString("\n")
	s.WriteString("time,current_A,soc_pct,bms_warning,speed_kmh,charge_status\n")
	start := time.Date(2024, 5, 1, 8, 0, 0, 0, time.UTC)
	for day := range 30 {
		for k := range 20 {
			at := start.AddDate(0, 0, day).Add(time.Duration(k) * 30 * time.Second).Format(time.DateTime)
			c.WriteString(at)
			for i := range 24 {
				v := 3.8 + 0.002*math.Sin(float64(i)) + 0.001*rng.NormFloat64()
				if i == 6 && day >= 10 {
					v -= 0.04
				}
				if i == 3 && k == 5 {
					v = 5 // a code
				}
				fmt.Fprintf(&c, ",%.3f", v)
			}
			c.WriteString("\n")
			level := 0
			if day == 29 && k >= 18 {
				level = 3
			}
			fmt.Fprintf(&s, "%s,%d,60,%d,255,3\n", at, k%3, level)
		}
	}
	dir := t.TempDir()
	cells, summary = filepath.Join(dir, "cells.csv"), filepath.Join(dir, "summary.csv")
	for name, text := range map[string]string{cells: c.String(), summary: s.String()} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cells, summary
}

func diagnose(t *testing.T, args ...string) diagnosis {
	t.Helper()
	var d diagnosis
	if err := json.Unmarshal([]byte(command(t, append([]string{"battery", "diagnose"}, args...)...)), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// Wanted by construction: the fifth day on which cell 7 stands clear is 15 May;
// a code a day are 30; level 3 at 08:09:00 on 30 May, China's time.
func TestBatteryDiagnose(t *testing.T) {
	t.Parallel()
	cells, summary := writePack(t)
	dir := t.TempDir()
	d := diagnose(t, "--cells", cells, "--summary", summary, "--plot", dir)
	zone := time.FixedZone("", 8*60*60)
	if len(d.Cells) != 1 || d.Cells[0].Cell != 7 || d.Cells[0].Severity != "warning" ||
		d.Cells[0].First.In(zone).Format(time.DateTime) != "2024-05-16 08:00:00" {
		t.Fatalf("%+v", d.Cells)
	}
	if mv := d.Cells[0].Evidence.DeviationMv; mv == nil || math.Abs(*mv+40) > 4 {
		t.Errorf("deviation %v mV, want about -40", mv)
	}
	p := d.Pack
	if p.Cells != 24 || p.Rows != 600 || p.RowsUsed != 600 || p.Invalid != 30 || p.Days != 30 || p.Health != nil ||
		p.Level3 == nil || p.Level3.In(zone).Format(time.DateTime) != "2024-05-30 08:09:00" || p.Warnings["level_3"] != 2 {
		t.Errorf("%+v", p)
	}
	for _, name := range []string{"cells.svg", "cells.png"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 1000 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
	out := command(t, "battery", "diagnose", "--cells", cells, "--until", "2024-05-15T23:00:00+08:00")
	if !strings.Contains(out, `"cells": []`) {
		t.Errorf("named before the fault had shown for five whole days: %s", out)
	}
	again := diagnose(t, "--cells", cells, "--until", "2024-05-16 08:00:00")
	if len(again.Cells) != 1 || !again.Cells[0].First.Equal(d.Cells[0].First) || again.Pack.Level3 != nil {
		t.Errorf("without the future: %+v", again)
	}
}

// The slice holds windows of a real car; its PROVENANCE.md counts instants and codes.
func TestBatteryDiagnoseSlice(t *testing.T) {
	t.Parallel()
	d := diagnose(t, "--cells", "../../testdata/ev_faults/car2_cells.csv.gz", "--summary", "../../testdata/ev_faults/car2_summary.csv.gz")
	if d.Pack.Cells != 88 || d.Pack.Rows != 539 || d.Pack.Invalid != 186 {
		t.Errorf("%+v", d.Pack)
	}
}

func TestBatteryNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	file := func(text string) string { return written(t, "table.csv", text) }
	good := file("tboxTime,V_1,V_2,V_3,V_4\n2024-05-01 08:00:00,3.8,3.8,3.8,3.8\n")
	for _, c := range []struct{ args, says string }{
		{"diagnose --cells " + file("tboxTime,V_1,V_2,V_3,V_4\n2024-05-01 08:00:00,3.8,x,3.8,3.8\n"), `line 2, column "V_2": "x" is not a number`},
		{"diagnose --cells " + file("tboxTime,V_1,V_2,V_3,V_4\nyesterday,3.8,3.8,3.8,3.8\n"), `line 2, column "tboxTime": "yesterday" is not a time`},
		{"diagnose --cells " + file("tboxTime,V_1,V_2\n2024-05-01 08:00:00,3.8,3.8\n"), "of 2 cells: four are the fewest"},
		{"diagnose --cells " + good + " --until soon", "--until"},
		{"diagnose --cells " + good + " --offset China", "--offset"},
		{"diagnose --cells " + good + " --summary " + file("time,soc_pct\n2024-05-01 08:00:00,50\n"), `no column "current_A"`},
		{"life --limit 1 --capacities " + file("battery,capacity_Ah\nA,1\nA,no\n"), `line 3, column "capacity_Ah": "no" is not a number`},
		{"life --limit 1 --capacities " + file("battery,capacity_Ah\nA,1\nA,1\n"), "cell A: 2 capacities: want 19"},
	} {
		err := run(t.Context(), append([]string{"battery"}, strings.Fields(c.args)...), nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v does not say %q", c.args, err, c.says)
		}
	}
}

// fading writes so many cycles of cells that have a whole capacity at first and lose the
// same with each.
func fading(t *testing.T, cycles int, whole float64, losses map[string]float64) string {
	t.Helper()
	var text strings.Builder
	text.WriteString("battery,capacity_Ah\n")
	for cell, loss := range losses {
		for i := range cycles {
			fmt.Fprintf(&text, "%s,%.4f\n", cell, whole-loss*float64(i))
		}
	}
	return written(t, "fade.csv", text.String())
}

// Three cells that lose 1, 1.1 and 0.9 % a cycle: by hand 30 cycles of the first to 70 %, so 20 beyond ten given.
func TestBatteryLife(t *testing.T) {
	t.Parallel()
	name := fading(t, 60, 1, map[string]float64{"A": 0.01, "B": 0.011, "C": 0.009})
	var got []lifeForecast
	out := command(t, "battery", "life", "--capacities", name, "--given", "10", "--limit", "0.7")
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[0].Cell != "A" || math.Abs(got[0].Left.P50-20) > 5 || *got[0].Actual != 21 || got[0].Knee != nil {
		t.Errorf("%s", out)
	}
}

// The first ends of life come two cycles after the given ones, or never: a
// number that is not negative, or null and why.
func TestBatteryLifeHasAnErrorOrAReason(t *testing.T) {
	t.Parallel()
	name := fading(t, 40, 2, map[string]float64{"A": 0.01, "B": 0.011, "C": 0.002})
	for limit, left := range map[string]float64{"1.83": 2, "1.82": 3, "1.84": 1} { // of A, by hand
		var got []lifeForecast
		out := command(t, "battery", "life", "--capacities", name, "--given", "16", "--limit", limit)
		if err := json.Unmarshal([]byte(out), &got); err != nil {
			t.Fatal(err)
		}
		if a := got[0]; *a.Actual != left || a.Error == nil || math.Abs(*a.Error-math.Abs(a.Left.P50-left)/left) > 1e-9 {
			t.Errorf("to %s: %s", limit, out)
		}
		if c := got[2]; c.Error != nil || !strings.Contains(c.Reason, "the record ends before the limit") {
			t.Errorf("never to %s: %s", limit, out)
		}
	}
}
