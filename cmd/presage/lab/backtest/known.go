package backtest

import (
	"fmt"
	"math"
	"slices"

	"presage"
	"presage/cmd/presage/lab/sheet"
	"presage/models/life"
	"presage/models/renewal"
)

// silentMonths is how long a unit may send nothing before it counts as gone.
const silentMonths = 2

// Known is what was known of a fleet at the end of a month.
type Known struct {
	At     Month
	Groups []string      // names in order: a unit's place in the slices below
	Lives  [][]life.Life // a group
	IDs    []string      // of the units in service
	Units  []renewal.Unit
	Log    []renewal.Log
}

// At is what was known at the end of a month. ErrInvalid: nothing was, or what
// was known contradicts itself (by file, line and column).
func (f *Fleet) At(cut Month, horizon int) (Known, error) {
	k := Known{At: cut, Groups: f.groups(cut)}
	k.Lives = make([][]life.Life, len(k.Groups))
	var silent []int // months
	var faults []error
	for i := range f.units {
		u := &f.units[i]
		past := u.until(cut)
		if len(past) == 0 {
			continue
		}
		faults = append(faults, f.check(past)...)
		last := past[len(past)-1]
		lives, start, bad := f.lives(u, last.miles)
		faults = append(faults, bad...)
		group, _ := slices.BinarySearch(k.Groups, past[0].group)
		k.Lives[group] = append(k.Lives[group], lives...)
		if cut-last.month > silentMonths {
			continue
		}
		k.IDs = append(k.IDs, u.id)
		k.Units = append(k.Units, renewal.Unit{Group: group, Age: last.miles - start})
		k.Log = append(k.Log, renewal.Log{Group: group, Used: monthly(past)})
		silent = append(silent, int(cut-last.month))
	}
	if err := sheet.All(faults); err != nil {
		return k, err
	}
	if len(k.Units) == 0 {
		return k, fmt.Errorf("cut at %s: %w: no unit has an odometer reading in the %d months up to it; "+
			"readings are from %s to %s", cut, presage.ErrInvalid, silentMonths+1, f.First, f.Last)
	}
	for i, use := range renewal.Forecast(k.Log, len(k.Groups), horizon) {
		k.Units[i].Usage = use
		k.Units[i].Age += use.Mean * float64(silent[i])
	}
	return k, nil
}

// Keep drops the units of other groups than these. First and Last stay.
func (f *Fleet) Keep(groups []string) {
	f.units = slices.DeleteFunc(f.units, func(u unit) bool { return !slices.Contains(groups, u.readings[0].group) })
}

// groups lists the groups that had a unit by then.
func (f *Fleet) groups(cut Month) []string {
	var out []string
	for i := range f.units {
		if past := f.units[i].until(cut); len(past) > 0 {
			out = append(out, past[0].group)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// until is the unit's readings up to and with a month.
func (u *unit) until(cut Month) []reading {
	n := 0
	for n < len(u.readings) && u.readings[n].month <= cut {
		n++
	}
	return u.readings[:n:n]
}

// check wants an odometer that never falls, and one reading a month.
func (f *Fleet) check(past []reading) (faults []error) {
	for i, r := range past {
		place := f.odometer.Place(r.row, colOdometer)
		switch {
		case r.group != past[0].group:
			faults = append(faults, fmt.Errorf("%s: in %.40q here, in %.40q before: give a unit one group",
				f.odometer.Place(r.row, colGroup), r.group, past[0].group))
		case r.miles < 0:
			faults = append(faults, fmt.Errorf("%s: %g is negative", place, r.miles))
		case i > 0 && r.month == past[i-1].month:
			faults = append(faults, fmt.Errorf("%s: a second reading of %s: keep the last of the month", place, r.month))
		case i > 0 && r.miles < past[i-1].miles:
			faults = append(faults, fmt.Errorf("%s: %g is below %g of the month before: "+
				"after an odometer was changed, go on counting from the old one", place, r.miles, past[i-1].miles))
		}
	}
	return faults
}

// lives are those of a unit's parts as known at an odometer, and where the
// present part was fitted.
func (f *Fleet) lives(u *unit, odometer float64) (lives []life.Life, fitted float64, faults []error) {
	entry := 0.
	for i, s := range u.spells {
		if s.start > odometer {
			break
		}
		fitted = max(fitted, s.start)
		ended := s.end <= odometer && (s.replaced || i+1 < len(u.spells) && u.spells[i+1].start <= odometer)
		if !ended {
			entry = s.entry
			continue
		}
		l, err := f.life(s)
		if err != nil {
			faults = append(faults, err)
		} else {
			lives = append(lives, l)
		}
		fitted, entry = max(fitted, s.end), 0
	}
	if age := odometer - fitted; age > entry {
		lives = append(lives, life.Alive(entry, age))
	}
	return lives, fitted, faults
}

// life is that of a part whose spell has ended.
func (f *Fleet) life(s spell) (life.Life, error) {
	age := s.end - s.start
	switch {
	case !(age > 0) || s.start < 0:
		return life.Life{}, fmt.Errorf("%s: a life from %g to %g: want an end after the start, and no negative start",
			f.spells.Place(s.row, colEnd), s.start, s.end)
	case s.entry < 0 || s.entry >= age:
		return life.Life{}, fmt.Errorf("%s: watched from %g on, after its end at %g",
			f.spells.Place(s.row, colEntry), s.entry, age)
	case s.replaced:
		return life.Exact(s.entry, age), nil
	}
	return life.Alive(s.entry, age), nil
}

// monthly is the use a month; a gap in the readings counts as evenly used.
func monthly(past []reading) []float64 {
	var out []float64
	for i := 1; i < len(past); i++ {
		gap := int(past[i].month - past[i-1].month)
		for range gap {
			out = append(out, (past[i].miles-past[i-1].miles)/float64(max(gap, 1)))
		}
	}
	return out
}

// replaced is the months after a cut in which a unit's parts were replaced, up to end.
func (u *unit) replaced(cut, end Month) []Month {
	before := math.Inf(-1)
	if past := u.until(cut); len(past) > 0 {
		before = past[len(past)-1].miles
	}
	var out []Month
	for _, s := range u.spells {
		if !s.replaced || s.end <= before {
			continue
		}
		for _, r := range u.readings {
			if r.month > cut && r.month <= end && r.miles >= s.end {
				out = append(out, r.month)
				break
			}
		}
	}
	return out
}
