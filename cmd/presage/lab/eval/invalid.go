package eval

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"strings"

	"presage"
	"presage/models"
)

// invalidInput is what the check of invalid readings looks at.
type invalidInput struct {
	recordings []Recording
	counted    []Census
	nights     []Night
}

// invalidity is what was found about one or several cars.
type invalidity struct {
	days       int
	codes      int      // stored readings of temperature and cells that are not values
	all        int      // stored readings of any signal the models read that are not values
	violations []string // features that no car can have
	moved      []string // features that change when the invalid readings are taken out
}

// checkInvalid wants the files' invalid readings in the store, as they came,
// and no trace of them in any roll-up: every feature is physically possible,
// and the same as computed from the valid readings alone.
func checkInvalid(ctx context.Context, s *service, in invalidInput, t *Table) error {
	var sum invalidity
	expected := 0
	for i, r := range in.recordings {
		expected += in.counted[i].Invalid
		for _, n := range in.nights {
			if n.VIN != r.Vehicle.VIN {
				continue
			}
			if err := sum.inspect(ctx, s, n); err != nil {
				return err
			}
		}
	}
	t.Judge(sum.codes == expected, "invalid readings kept as they came", grouped(sum.codes),
		grouped(expected)+" temperature codes and impossible cell voltages in the files")
	t.Judge(len(sum.violations) == 0 && sum.days > 0 && sum.all > 0, "impossible features in roll-ups",
		listed(sum.violations, fmt.Sprintf("%d roll-ups", sum.days)),
		fmt.Sprintf("0, with %s invalid readings stored", grouped(sum.all)))
	t.Judge(len(sum.moved) == 0 && sum.days > 0, "features moved by invalid readings",
		listed(sum.moved, fmt.Sprintf("%d roll-ups", sum.days)), "0: the same without them")
	return nil
}

// listed is a number of faults and the first few of them.
func listed(faults []string, of string) string {
	out := fmt.Sprintf("%d in %s", len(faults), of)
	if len(faults) > 0 {
		out += ": " + strings.Join(faults[:min(3, len(faults))], ", ")
	}
	return out
}

// inspect compares a day's stored roll-up with what it may be.
func (v *invalidity) inspect(ctx context.Context, s *service, n Night) error {
	stored, err := s.SQL.Rollups(ctx, n.VIN, n.Day, n.Day)
	if err != nil {
		return err
	}
	if len(stored) != 1 {
		return fmt.Errorf("%w: %d roll-ups of %s on %s", presage.ErrNotFound, len(stored), n.VIN.Masked(), n.Day)
	}
	v.days++
	v.violations = append(v.violations, Violations(stored[0])...)
	scan := s.Telemetry.Scan(ctx, n.VIN, n.Day.Start(), (n.Day + 1).Start(), models.Signals()...)
	clean, err := models.RollUp(n.VIN, n.Day, v.scrubbed(scan))
	if err != nil {
		return err
	}
	if !maps.Equal(clean.Features, stored[0].Features) {
		for name, x := range stored[0].Features {
			if y, ok := clean.Features[name]; !ok || x != y {
				v.moved = append(v.moved, fmt.Sprintf("%s %s %g, %g without", n.Day, name, x, y))
			}
		}
		if len(clean.Features) > len(stored[0].Features) {
			v.moved = append(v.moved, n.Day.String()+" lacks features")
		}
	}
	return nil
}

// scrubbed takes the invalid readings out of samples and counts them.
func (v *invalidity) scrubbed(in iter.Seq2[presage.Sample, error]) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for s, err := range in {
			if err != nil {
				yield(s, err)
				return
			}
			v.codes += codes(s)
			clean, n := Scrub(s)
			v.all += n
			if !yield(clean, nil) {
				return
			}
		}
	}
}

// codes counts the invalid readings of the signals that a Census counts.
func codes(s presage.Sample) int {
	total := 0
	for _, r := range s.Readings {
		switch r.Signal {
		case presage.SignalPackTempMax, presage.SignalPackTempMin, presage.SignalCellVoltages:
			_, n := Scrub(presage.Sample{Readings: []presage.Reading{r}})
			total += n
		}
	}
	return total
}
