package models

import (
	"iter"
	"math"
	"slices"
	"time"

	"presage"
)

// Row is what was known of a part at an instant, and whether it failed then.
type Row struct {
	At     time.Time
	Failed bool
	Traits []float64 // in the order of Traits; NaN is missing. Lent: the next row uses the memory again
}

// firstMonday is 1970-01-05: all vehicles' rows stand on the same days.
const firstMonday = presage.Day(4)

// TrainingRows yields a vehicle's rows for learning the hazard of a component, in
// the order of time, up to until: one at the first instant of each Monday (UTC)
// at which the vehicle was not silent for 28 days, and one at the instant of
// each failure. So a row with an exact time says when the part failed, and any
// horizon can be laid over the weeks before it. A failure is what a workshop
// found worn or faulty as predicted, or broken down: what Learn counts as one.
// Parts that were renewed in good time are no failure.
//
// Each row holds what a pass at its instant would have computed, from roll-ups
// and labels of before; roll-ups are those stored now, late uploads included.
// A label is taken to have been known from its own time on.
func TrainingRows(h History, id presage.ComponentID, until time.Time) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		t := NewTrack(h.Vehicle)
		t.SetLabels(h.Labels)
		row := Row{Traits: make([]float64, len(Traits()))}
		next := 0
		for _, at := range instants(h, id, until) {
			for ; next < len(h.Rollups) && h.Rollups[next].Day < presage.DayOf(at.At); next++ {
				t.Put(h.Rollups[next])
			}
			row.At, row.Failed = at.At, at.Failed
			seen := at.At
			if at.Failed {
				seen = seen.Add(-1) // the part that failed, not the one that was fitted then
			}
			if !t.ReadTraits(id, seen, row.Traits) {
				if !row.Failed {
					continue
				}
				for i := range row.Traits {
					row.Traits[i] = math.NaN()
				}
			}
			if !yield(row) {
				return
			}
		}
	}
}

// instants are the times of the rows.
func instants(h History, id presage.ComponentID, until time.Time) []Row {
	var out []Row
	for _, l := range h.Labels {
		if l.Component == id && failure(l) && !l.At.After(until) {
			out = append(out, Row{At: l.At, Failed: true})
		}
	}
	if len(h.Rollups) > 0 {
		day := h.Rollups[0].Day + 1
		day += (7 - (day-firstMonday)%7) % 7
		for ; !day.Start().After(until); day += 7 {
			out = append(out, Row{At: day.Start()})
		}
	}
	slices.SortStableFunc(out, func(a, b Row) int { return a.At.Compare(b.At) })
	return out
}

// failure tells whether a workshop found a part at its end.
func failure(l presage.Label) bool {
	return l.Outcome == presage.OutcomeConfirmed || l.Outcome == presage.OutcomeFailed
}
