package main

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"presage"
)

// histories is a table as planners keep it: a price, a late begin, a gap.
func histories() string {
	var b strings.Builder
	b.WriteString("part,price")
	for t := range 24 {
		fmt.Fprintf(&b, ",m%02d", t+1)
	}
	for i := range 40 {
		fmt.Fprintf(&b, "\nP-%d,9.5", i)
		for t := range 24 {
			switch {
			case i%7 == 0 && t < 10 || i == 3 && t == 20:
				b.WriteString(",")
			case (i+t)%3 == 0:
				fmt.Fprintf(&b, ",%d", 1+(i*t)%4)
			default:
				b.WriteString(",0")
			}
		}
	}
	return b.String() + "\n"
}

func TestForecastDemandWritesALongTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, out := filepath.Join(dir, "history.csv.gz"), filepath.Join(dir, "forecast.csv")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := gzip.NewWriter(file)
	if _, err := io.WriteString(w, histories()); err != nil || w.Close() != nil || file.Close() != nil {
		t.Fatal(err)
	}
	args := []string{"forecast", "demand", "--history", name, "--horizon", "3", "--quantiles", "0.1,0.50,0.99", "--ignore", "price"}
	printed := command(t, args...)
	if text := command(t, append(args, "--out", out)...); text != "" {
		t.Errorf("with --out it also printed %q", text)
	}
	written, err := os.ReadFile(out)
	if err != nil || string(written) != printed {
		t.Fatalf("the file is not what is printed without --out: %v", err)
	}
	rows, err := csv.NewReader(strings.NewReader(printed)).ReadAll()
	if err != nil || len(rows) != 1+40*3 || strings.Join(rows[0], ",") != "id,h,mean,q0.1,q0.50,q0.99" {
		t.Fatalf("%d rows, %v, %v", len(rows), rows[0], err)
	}
	for i, row := range rows[1:] {
		low, _ := strconv.ParseFloat(row[3], 64)
		high, _ := strconv.ParseFloat(row[5], 64)
		if row[0] != fmt.Sprint("P-", i/3) || row[1] != strconv.Itoa(i%3+1) || !(low <= high) {
			t.Errorf("row %d: %v", i+1, row)
		}
	}
	sums := command(t, append(args, "--cumulative")...)
	if sums == printed {
		t.Error("sums are what the single periods are")
	}
}

func TestForecastBacktestPrintsTheMethods(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "history.csv")
	if err := os.WriteFile(name, []byte(histories()), 0o600); err != nil {
		t.Fatal(err)
	}
	out := command(t, "forecast", "backtest", "--history", name, "--horizon", "2", "--origins", "2", "--ignore", "price")
	for _, method := range []string{"auto", "croston", "empirical", "filter", "pooled", "RPS", "WQL"} {
		if !strings.Contains(out, method) {
			t.Errorf("no %s in\n%s", method, out)
		}
	}
}

func TestForecastNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, out := filepath.Join(dir, "bad.csv"), filepath.Join(dir, "out.csv")
	if err := os.WriteFile(name, []byte("id,a,b\nx,1,-2\nx,zz,3\ny,1\n,1,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"forecast", "demand", "--history", name, "--horizon", "2", "--out", out}, nil,
		newTerminal(), io.Discard)
	if !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("%v", err)
	}
	for _, says := range []string{
		`bad.csv line 2, column "b": "-2" is negative`, `bad.csv line 3, column "id": duplicate id "x"`,
		`bad.csv line 3, column "a": "zz" is not a number`, `bad.csv line 4: 2 columns, the header has 3`,
		`bad.csv line 5, column "id": no id`,
	} {
		if !strings.Contains(err.Error(), says) {
			t.Errorf("%v does not say %q", err, says)
		}
	}
	if left, _ := filepath.Glob(out + "*"); left != nil {
		t.Errorf("%v was written", left)
	}
	for args, says := range map[string]string{
		"--horizon 0": "horizon 0", "--horizon 2 --quantiles 1.5": `quantile "1.5"`, "--horizon 2 --method oracle": `"oracle"`,
		"--horizon 2 --ignore price": `no column "price"`,
	} {
		err := run(t.Context(), append([]string{"forecast", "demand", "--history", name}, strings.Fields(args)...), nil,
			newTerminal(), io.Discard)
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v does not say %q", args, err, says)
		}
	}
}
