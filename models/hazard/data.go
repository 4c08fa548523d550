package hazard

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"presage"
)

// Data is rows of features with what came of them.
type Data struct {
	Features []string
	X        [][]float64 // a column a feature; NaN is missing
	Time     []float64   // of each row, in any unit
	Failed   []bool
	// Horizon is how far after its time a row's label looks, in the unit of Time.
	Horizon float64
}

// Check tells an ErrInvalid of lengths that differ or numbers that are none.
func (d Data) Check() error {
	n := len(d.Time)
	if n == 0 || len(d.Features) == 0 {
		return fmt.Errorf("hazard: %w: %d rows of %d features", presage.ErrInvalid, n, len(d.Features))
	}
	if len(d.Failed) != n || len(d.X) != len(d.Features) || !(d.Horizon >= 0) {
		return fmt.Errorf("hazard: %w: %d times, %d outcomes, %d columns for %d features, horizon %g",
			presage.ErrInvalid, n, len(d.Failed), len(d.X), len(d.Features), d.Horizon)
	}
	for i, t := range d.Time {
		if math.IsNaN(t) || math.IsInf(t, 0) {
			return fmt.Errorf("hazard: %w: row %d has time %g", presage.ErrInvalid, i+1, t)
		}
	}
	for j, x := range d.X {
		if len(x) != n {
			return fmt.Errorf("hazard: %w: feature %s has %d rows of %d", presage.ErrInvalid, d.Features[j], len(x), n)
		}
		if i := slices.IndexFunc(x, func(v float64) bool { return math.IsInf(v, 0) }); i >= 0 {
			return fmt.Errorf("hazard: %w: feature %s of row %d is infinite", presage.ErrInvalid, d.Features[j], i+1)
		}
	}
	return nil
}

// Label turns failures at their time into failures within (t, t+horizon] of
// each row, and tells which rows can be judged: those whose unit failed within
// or was still seen at t+horizon or later, where t+horizon is not past the end
// of all rows: of those later ones only the failures would be known, and the
// last weeks would look as if everything failed. The row of a failure itself is
// kept out: it comes too late to warn. Horizon 0 leaves all as it is.
func Label(ids []string, times []float64, failed []bool, horizon float64) (label, judged []bool) {
	label, judged = slices.Clone(failed), make([]bool, len(ids))
	if horizon == 0 {
		for i := range judged {
			judged[i] = true
		}
		return label, judged
	}
	if len(ids) == 0 {
		return label, judged
	}
	rows, end := map[string][]int{}, slices.Max(times)
	for i, id := range ids {
		rows[id] = append(rows[id], i)
	}
	for _, of := range rows {
		slices.SortStableFunc(of, func(a, b int) int { return cmp.Compare(times[a], times[b]) })
		next, last := math.Inf(1), times[of[len(of)-1]]
		for _, i := range slices.Backward(of) {
			label[i] = next <= times[i]+horizon && next > times[i]
			judged[i] = !failed[i] && times[i]+horizon <= end && (label[i] || last >= times[i]+horizon)
			if failed[i] {
				next = times[i]
			}
		}
	}
	return label, judged
}

// parts are the rows of each use, by time.
type parts struct {
	fit, stop, calibrate, holdOut []int

	before []int // all whose labels do not look into the held-out part
}

// split cuts between periods, never within one.
func (d Data) split(c Config) (parts, error) {
	times := slices.Clone(d.Time)
	slices.Sort(times)
	times = slices.Compact(times)
	at := func(share float64) float64 {
		if share <= 0 {
			return math.Inf(1)
		}
		return times[min(len(times)-1, int(math.Round((1-share)*float64(len(times)))))]
	}
	hold := at(c.HoldOut)
	calibrate, stop := at(c.HoldOut+c.Calibrate), at(c.HoldOut+c.Calibrate+c.Stop)
	var p parts
	for i, t := range d.Time {
		if use := p.use(t, []float64{stop, calibrate, hold}, d.Horizon); use != nil {
			*use = append(*use, i)
		}
		if t < hold && !looksInto(t, hold, d.Horizon) {
			p.before = append(p.before, i)
		}
	}
	return p, d.checkParts(p)
}

// use is the part of a row at t given the first times of the later parts; nil
// where the row's label looks into the next part.
func (p *parts) use(t float64, starts []float64, horizon float64) *[]int {
	for k, rows := range []*[]int{&p.fit, &p.stop, &p.calibrate} {
		switch {
		case t >= starts[k]:
		case looksInto(t, starts[k], horizon):
			return nil
		default:
			return rows
		}
	}
	return &p.holdOut
}

// looksInto tells whether the label of a row at t looks into a part that starts later.
func looksInto(t, start, horizon float64) bool { return horizon > 0 && t+horizon >= start }

func partNames() [3]string { return [...]string{"fit", "stop", "calibrate"} }

// checkParts wants some that failed and some that did not in each part.
func (d Data) checkParts(p parts) error {
	for k, rows := range [][]int{p.fit, p.stop, p.calibrate} {
		if len(rows) == 0 && d.Horizon > 0 {
			return fmt.Errorf("hazard: %w: the part to %s is shorter than the horizon of %g: no row of it can be judged: "+
				"give more history, a larger share or a shorter horizon", presage.ErrInvalid, partNames()[k], d.Horizon)
		}
		events := 0
		for _, i := range rows {
			if d.Failed[i] {
				events++
			}
		}
		if events == 0 || events == len(rows) {
			return fmt.Errorf("hazard: %w: the part to %s has %d failures in %d rows of %d: "+
				"give more history, another share or a longer horizon", presage.ErrInvalid,
				partNames()[k], events, len(rows), len(d.Time))
		}
	}
	return nil
}
