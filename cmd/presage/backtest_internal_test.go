package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/cmd/presage/lab/backtest"
)

// buses writes eight buses of 3,000 miles a month over 48 months; the odd ones
// had their engine replaced at 60,000 to 90,000 miles.
func buses(t *testing.T) (odometer, spells string) {
	t.Helper()
	o, s := "group,bus_id,year_month,odometer_mi\n", "bus_id,start_odometer_mi,end_odometer_mi,event\n"
	for bus := range 8 {
		for m := range 48 {
			o += fmt.Sprintf("1,%d,%04d-%02d,%d\n", bus, 1980+m/12, m%12+1, 3000*(m+1))
		}
		start := 0
		if bus%2 == 1 {
			start = 60_000 + 5_000*(bus-1)
			s += fmt.Sprintf("%d,0,%d,1\n", bus, start)
		}
		s += fmt.Sprintf("%d,%d,144000,0\n", bus, start)
	}
	dir := t.TempDir()
	odometer, spells = filepath.Join(dir, "odometer.csv"), filepath.Join(dir, "spells.csv")
	if err := errors.Join(os.WriteFile(odometer, []byte(o), 0o600), os.WriteFile(spells, []byte(s), 0o600)); err != nil {
		t.Fatal(err)
	}
	return odometer, spells
}

func TestBacktestFleet(t *testing.T) {
	t.Parallel()
	odometer, spells := buses(t)
	dir := t.TempDir()
	text := command(t, "backtest", "fleet", "--odometer", odometer, "--spells", spells, "--train-until", "1982-12",
		"--horizon", "12", "--draws", "500", "--plot", dir)
	var got backtest.Result
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Units) != 8 || len(got.Months) != 12 || got.Months[0].Month != "1983-01" || got.Score == nil || got.Score.Rolling.Origins < 5 {
		t.Fatalf("%+v", got)
	}
	// Bus 0 has run 108,000 miles on its first engine, bus 1 48,000 on its second.
	if a, b := got.Units[0], got.Units[1]; a.ID != "0" || !(a.Probability > b.Probability) {
		t.Errorf("an old engine %+v, a young one %+v", a, b)
	}
	for _, name := range []string{"table.txt", "months.svg", "months.png", "reliability.svg"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 100 {
			t.Errorf("%s was not written: %v", name, err)
		}
	}
}

func TestBacktestFleetNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	odometer, spells := buses(t)
	base := "backtest fleet --odometer " + odometer + " --spells " + spells + " --train-until "
	for args, says := range map[string]string{
		base + "1982":                "--train-until",
		base + "1970-01":             "no unit has an odometer reading",
		base + "1980-06":             "no failure among",
		base + "1982-12 --horizon 0": "want 1 to 60",
		base + "1982-12 --draws 5":   "--draws 5",
		"backtest fleet --odometer " + spells + " --spells " + spells + " --train-until 1982-12": `no column "group"`,
	} {
		err := run(t.Context(), strings.Fields(args), nil, newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", args, err, says)
		}
	}
}
