package eval

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/cmd/presage/lab/backtest"
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

// buses are ten that run 1,000 miles a month for five years from 1980-01, with
// an engine every 30 to 39 months. After 1983-12 a poisoned fleet tells
// nonsense: odometers that fall, other groups, engines replaced the month
// after, a bus that was never there.
func buses(t *testing.T, poisoned bool) *backtest.Fleet {
	t.Helper()
	odometer := []string{"group,bus_id,year_month,odometer_mi"}
	spells := []string{"bus_id,start_odometer_mi,end_odometer_mi,event"}
	for bus := range 10 {
		group := "AB"[bus%2 : bus%2+1]
		for m := range 60 {
			miles := 1000 * (m + 1)
			if m >= 48 && poisoned {
				group, miles = "Z", 7
			}
			odometer = append(odometer, fmt.Sprintf("%s,%d,%04d-%02d,%d", group, bus, 1980+m/12, m%12+1, miles))
		}
		life := 1000*(30+bus) + 500
		spells = append(spells, fmt.Sprintf("%d,0,%d,1", bus, life))
		if poisoned {
			spells = append(spells, fmt.Sprintf("%d,%d,48001,1", bus, life))
		} else {
			spells = append(spells, fmt.Sprintf("%d,%d,60000,0", bus, life))
		}
	}
	if poisoned {
		odometer = append(odometer, "C,never,1984-02,5")
		spells = append(spells, "never,0,3,1")
	}
	dir := t.TempDir()
	for name, lines := range map[string][]string{"odometer.csv": odometer, "spells.csv": spells} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, err := backtest.Read(filepath.Join(dir, "odometer.csv"), filepath.Join(dir, "spells.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// No method's forecast of engines may know what comes after the cut.
func TestAPoisonedFutureChangesNoEngine(t *testing.T) {
	t.Parallel()
	laws := func(f *backtest.Fleet) map[string][]engineLaw {
		cut := f.First + 47
		past := f.History(cut)
		if n := known(past); n != 10 {
			t.Fatalf("%g failures known, want 10", n)
		}
		l, err := enginesDemanded(t.Context(), f, cut, past)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	clean, poisoned := laws(buses(t, false)), laws(buses(t, true))
	if len(clean) != 4 || len(clean[""]) != 3 || len(clean["tsb"][2].Months) != 12 {
		t.Fatalf("%d methods, %d groups", len(clean), len(clean[""]))
	}
	if diff := cmp.Diff(clean, poisoned); diff != "" {
		t.Errorf("the future was used:\n%s", diff)
	}
}

// Outcomes that nobody watched are not judged.
func TestFollowed(t *testing.T) {
	t.Parallel()
	counts := make([]float64, 14)
	ended := append(make([]float64, 13), math.NaN())
	past := []backtest.History{{Group: "A"}}
	for from, want := range map[int]bool{1: true, 2: false} {
		if got := followed(past, []backtest.History{{Group: "A", Counts: ended}}, from); got != want {
			t.Errorf("from %d: %v", from, got)
		}
		if !followed(past, []backtest.History{{Group: "A", Counts: counts}, {Group: "B", Counts: ended}}, from) {
			t.Error("a group that was not known yet is in the way")
		}
	}
}

// By hand: 3 against 4 is a quarter below, whatever blocks are drawn.
func TestGainOf(t *testing.T) {
	t.Parallel()
	ours, theirs := make([]float64, 30), make([]float64, 30)
	for i := range ours {
		ours[i], theirs[i] = 3*float64(1+i%5), 4*float64(1+i%5)
	}
	gain, low, high := gainOf(ours, theirs)
	for _, g := range []float64{gain, low, high} {
		if math.Abs(g-.25) > 1e-12 {
			t.Errorf("gain %v in %v to %v", gain, low, high)
		}
	}
}
