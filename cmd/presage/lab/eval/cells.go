package eval

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"presage/cmd/presage/lab/pack"
	"presage/models/battery"
)

// faulty is a real pack with a fault.
type faulty struct {
	name string
	cell int
	weak bool // a suspicion is the most that may be said
}

// checkDiagnoses lets the law of `presage battery diagnose` name the weak cells of the recorded packs.
func checkDiagnoses(dir string, t *Table) error {
	for _, c := range []faulty{{"car 2", 82, false}, {"car 4", 63, true}} {
		file := filepath.Join(dir, "ev_faults", c.name[:3]+c.name[4:])
		files, err := pack.Read(pack.Source{
			Cells: file + "_cells.csv.gz", Summary: file + "_summary.csv.gz", Offset: "+08:00",
		})
		if err != nil {
			return err
		}
		_, found := files.Watch()
		var level3 time.Time
		for _, r := range files.Rows {
			if r.Level == 3 {
				level3 = r.At
				break
			}
		}
		others, result, held := 0, "not named", c.weak
		for _, f := range found {
			if f.Cell != c.cell {
				others++
				continue
			}
			lead := level3.Sub(files.At(f.First))
			result = fmt.Sprintf("%s, %.1f days before level 3", f.Severity, lead.Hours()/24)
			held = c.weak && f.Severity == battery.Suspicion ||
				!c.weak && lead >= published && f.Reached[battery.Warning] == f.First
		}
		want := "a warning 10 days before level 3 (the authors, over their cars)"
		if c.weak {
			want = "a suspicion at most"
		}
		t.Judge(held, fmt.Sprintf("%s, cell %d by diagnose", c.name, c.cell), result, want)
		t.Judge(others == 0, c.name+", other cells named by diagnose", strconv.Itoa(others), "0")
	}
	return nil
}

// evaluateBatteries runs the back-tests of batteries on the public data.
func evaluateBatteries(dir string, t *Table) error {
	for _, check := range []func(string, *Table) error{checkDiagnoses, checkFade, checkSeverson} {
		if err := check(dir, t); err != nil {
			return err
		}
	}
	return nil
}
