package backtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/cmd/presage/lab/backtest"
)

// files writes a fleet of 40 buses in two groups over 72 months from 1980-01,
// engines by a Weibull law of shape 4 and scale 120,000 miles. edit changes
// the lines of both files before they are written.
func files(t *testing.T, edit func(odometer, spells []string) ([]string, []string)) (odometer, spells string) {
	t.Helper()
	rng := rand.New(rand.NewPCG(9, 9))
	o, s := []string{"group,bus_id,year_month,odometer_mi"}, []string{"bus_id,spell,start_odometer_mi,end_odometer_mi,event"}
	for bus := range 40 {
		group, use, miles := "AB"[bus%2:bus%2+1], 2000+1000*rng.Float64(), 0.
		for m := range 72 {
			miles += use * (0.8 + 0.4*rng.Float64())
			o = append(o, fmt.Sprintf("%s,%d,%04d-%02d,%.0f", group, 100+bus, 1980+m/12, m%12+1, miles))
		}
		start := 0.
		for n := 1; ; n++ {
			end := start + 120_000*math.Pow(rng.ExpFloat64(), 0.25)
			if end > miles {
				s = append(s, fmt.Sprintf("%d,%d,%.0f,%.0f,0", 100+bus, n, start, miles))
				break
			}
			s = append(s, fmt.Sprintf("%d,%d,%.0f,%.0f,1", 100+bus, n, start, end))
			start = end
		}
	}
	if edit != nil {
		o, s = edit(o, s)
	}
	dir := t.TempDir()
	odometer, spells = filepath.Join(dir, "odometer.csv"), filepath.Join(dir, "spells.csv")
	for name, lines := range map[string][]string{odometer: o, spells: s} {
		if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return odometer, spells
}

const cut = "1983-12" // month 48 of 72

func forecast(t *testing.T, edit func(o, s []string) (odometer, spells []string)) (*backtest.Fleet, backtest.Result, backtest.Month) {
	t.Helper()
	f, err := backtest.Read(files(t, edit))
	if err != nil {
		t.Fatal(err)
	}
	m, err := backtest.ParseMonth(cut)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Forecast(m, 12, 500, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f, r, m
}

// poison makes nonsense of all that was not known at the cut: later readings,
// replacements beyond each bus's odometer then, buses and groups that came later.
func poison(o, s []string) (odometer, spells []string) {
	at := map[string]float64{}
	odometer, spells = []string{o[0]}, []string{s[0]}
	for _, line := range o[1:] {
		cells := strings.Split(line, ",")
		if cells[2] > cut {
			cells[0], cells[3] = "Z", "-17"
		} else {
			var miles float64
			_, _ = fmt.Sscan(cells[3], &miles)
			at[cells[1]] = max(at[cells[1]], miles)
		}
		odometer = append(odometer, strings.Join(cells, ","))
	}
	odometer = append([]string{odometer[0], "AA,099,1984-01,5"}, odometer[1:]...) // a bus and a group from later, on top
	for _, line := range s[1:] {
		cells := strings.Split(line, ",")
		var start, end float64
		_, _ = fmt.Sscan(cells[2], &start)
		_, _ = fmt.Sscan(cells[3], &end)
		if start > at[cells[0]] {
			continue // not yet fitted: gone
		}
		if end > at[cells[0]] {
			cells[3], cells[4] = fmt.Sprintf("%.0f", at[cells[0]]+1), "1"
		}
		spells = append(spells, strings.Join(cells, ","))
	}
	return odometer, append(spells, "099,1,0,3,1")
}

func TestAPoisonedFutureChangesNothing(t *testing.T) {
	t.Parallel()
	_, clean, _ := forecast(t, nil)
	f, poisoned, m := forecast(t, poison)
	if diff := cmp.Diff(clean, poisoned, cmp.AllowUnexported(backtest.MonthAhead{})); diff != "" {
		t.Errorf("what came after the cut changed the forecast:\n%s", diff)
	}
	_ = f.Score(poisoned, m, backtest.Options{Horizon: 12, Draws: 100}) // must come back, whatever it says
	none := func(o, s []string) ([]string, []string) {
		var kept []string
		for i, line := range o {
			if i == 0 || strings.Split(line, ",")[2] <= cut {
				kept = append(kept, line)
			}
		}
		return kept, s
	}
	f, without, m := forecast(t, none)
	if diff := cmp.Diff(clean, without, cmp.AllowUnexported(backtest.MonthAhead{})); diff != "" {
		t.Errorf("the future was used:\n%s", diff)
	}
	if s := f.Score(without, m, backtest.Options{Horizon: 12, Draws: 100}); s != nil {
		t.Errorf("there is nothing to judge by, but a score of %+v", s)
	}
}

func TestScoreOfAFleetThatFollowsALaw(t *testing.T) {
	t.Parallel()
	f, r, m := forecast(t, nil)
	if len(r.Units) != 40 || len(r.Months) != 12 || r.Months[0].Month != "1984-01" || r.Months[11].Month != "1984-12" {
		t.Fatalf("%d units, months %+v", len(r.Units), r.Months)
	}
	s := f.Score(r, m, backtest.Options{Horizon: 12, Draws: 300})
	if s == nil {
		t.Fatal("no score")
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := regexp.MustCompile(`^\{"units":\[\{"id":"100","probability":0\.\d+\},.*"months":\[\{"month":"1984-01","mean":[\d.]+,"p10":\d+,"p50":\d+,"p90":\d+\},.*"score":null\}$`); !want.Match(text) {
		t.Errorf("printed as %s", text)
	}
	c := s.Rolling
	t.Logf("%d cuts: %.1f expected, %d came; calibration error %.4f; band %.3f, randomised %.3f; Brier %.4f of %.4f",
		c.Origins, c.Expected, c.Observed, c.CalibrationError, c.Coverage, c.Randomised, c.Brier, c.BaseRateBrier)
	if c.Origins < 10 || c.CalibrationError > 0.1 || c.Coverage < 0.8 || !(c.Brier < c.BaseRateBrier) {
		t.Errorf("rolling score %+v", c)
	}
	if s.Cut.Origins != 1 || s.Cut.Forecasts != 40 || s.Cut.Months != 12 {
		t.Errorf("score of the cut %+v", s.Cut)
	}
}

// A bus without readings for half a year has left: no forecast, but its engines teach.
func TestAScrappedUnitGetsNoForecast(t *testing.T) {
	t.Parallel()
	gone := func(o, s []string) ([]string, []string) {
		var kept []string
		for _, line := range o {
			if c := strings.Split(line, ","); c[1] != "100" || c[2] < "1983-07" {
				kept = append(kept, line)
			}
		}
		return kept, s
	}
	_, r, _ := forecast(t, gone)
	if len(r.Units) != 39 || r.Units[0].ID != "101" {
		t.Errorf("%d units, the first is %s", len(r.Units), r.Units[0].ID)
	}
}

func TestFaultsAreNamedByFileLineAndColumn(t *testing.T) {
	t.Parallel()
	for says, edit := range map[string]func(o, s []string) ([]string, []string){
		`odometer.csv line 3, column "odometer_mi": -5 is negative`: func(o, s []string) ([]string, []string) {
			o[2] = "A,100,1980-02,-5"
			return o, s
		},
		`odometer.csv line 2, column "year_month": "Jan": invalid month`: func(o, s []string) ([]string, []string) {
			o[1] = "A,100,Jan,5"
			return o, s
		},
		`line 3, column "odometer_mi": 1 is below`: func(o, s []string) ([]string, []string) {
			o[2] = "A,100,1980-02,1"
			return o, s
		},
		`line 3, column "group": in "B" here, in "A" before`: func(o, s []string) ([]string, []string) {
			o[2] = "B" + o[2][1:]
			return o, s
		},
		`spells.csv line 2, column "event": "perhaps": want 1`: func(o, s []string) ([]string, []string) {
			s[1] = "100,1,0,50,perhaps"
			return o, s
		},
		`spells.csv line 2, column "end_odometer_mi": a life from 50 to 40: want an end after the start`: func(o, s []string) ([]string, []string) {
			s[1] = "100,1,50,40,1"
			return o, s
		},
		`no column "event"`: func(o, s []string) ([]string, []string) {
			s[0] = strings.Replace(s[0], "event", "failed", 1)
			return o, s
		},
		"no failure among": func(o, s []string) ([]string, []string) { return o, s[:1:1] },
	} {
		odometer, spells := files(t, func(o, s []string) ([]string, []string) {
			if says == "no failure among" {
				return o, []string{s[0], "100,1,0,1000000,1"}
			}
			return edit(o, s)
		})
		f, err := backtest.Read(odometer, spells)
		if err == nil {
			_, err = f.Forecast(12*1983+11, 12, 100, 1)
		}
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %s", err, says)
		}
	}
}
