package models

import (
	"cmp"
	"math"
	"slices"
	"time"

	"presage"
)

// KeepDays is how many days of roll-ups a Track holds.
const KeepDays = 400

// History is everything the models know about one vehicle.
type History struct {
	Vehicle presage.Vehicle
	Rollups []presage.Rollup // ascending by day
	Labels  []presage.Label  // any order
}

// Track is a History column by column, made for being asked every night: a
// day is put once and read by every component. It must not be read and changed
// at the same time.
type Track struct {
	Vehicle presage.Vehicle
	labels  []presage.Label // ascending in time
	days    []presage.Day
	last    []time.Time
	cols    [columns][]float64 // NaN where a day lacks the feature
	seen    presage.Day        // the first day ever put
}

// NewTrack returns an empty track of v.
func NewTrack(v presage.Vehicle) *Track { return &Track{Vehicle: v} }

// Reset makes the track an empty one of v; its memory is used again.
func (t *Track) Reset(v presage.Vehicle) {
	t.Vehicle, t.labels, t.seen = v, t.labels[:0], 0
	t.days, t.last = t.days[:0], t.last[:0]
	for c := range t.cols {
		t.cols[c] = t.cols[c][:0]
	}
}

// Append adds the days of a block, all of them newer than those that the track
// has. It is Put for many days at once.
func (t *Track) Append(b *presage.RollupBlock) {
	if len(b.Days) == 0 {
		return
	}
	if len(t.days) == 0 {
		t.seen = b.Days[0]
	}
	t.days = append(t.days, b.Days...)
	t.last = append(t.last, b.Last...)
	for c, name := range trackedFeatures {
		t.cols[c] = appendColumn(t.cols[c], b, name)
	}
	t.forget(t.days[len(t.days)-1] - KeepDays)
}

// appendColumn appends a feature's values, NaN on every day of a block without it.
func appendColumn(dst []float64, b *presage.RollupBlock, feature string) []float64 {
	for i := range b.Columns {
		if b.Columns[i].Feature == feature {
			return append(dst, b.Columns[i].Values...)
		}
	}
	for range b.Days {
		dst = append(dst, math.NaN())
	}
	return dst
}

// TrackOf puts the whole of h on a new track; h is left alone.
func TrackOf(h History) *Track {
	t := NewTrack(h.Vehicle)
	for i := range h.Rollups {
		t.Put(h.Rollups[i])
	}
	t.SetLabels(h.Labels)
	return t
}

// SetLabels replaces the labels; ls is left alone.
func (t *Track) SetLabels(ls []presage.Label) {
	t.labels = append(t.labels[:0], ls...)
	slices.SortFunc(t.labels, func(a, b presage.Label) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Component, b.Component))
	})
}

// Put adds a day or replaces it. Days older than KeepDays before the newest are forgotten.
func (t *Track) Put(r presage.Rollup) {
	if len(t.days) == 0 || r.Day < t.seen {
		t.seen = r.Day
	}
	i, known := slices.BinarySearch(t.days, r.Day)
	if !known {
		t.days = slices.Insert(t.days, i, r.Day)
		t.last = slices.Insert(t.last, i, r.Last)
		for c := range t.cols {
			t.cols[c] = slices.Insert(t.cols[c], i, math.NaN())
		}
	}
	t.last[i] = r.Last
	for c, name := range trackedFeatures {
		if x, ok := r.Features[name]; ok {
			t.cols[c][i] = x
		} else {
			t.cols[c][i] = math.NaN()
		}
	}
	t.forget(t.days[len(t.days)-1] - KeepDays)
}

func (t *Track) forget(before presage.Day) {
	n, _ := slices.BinarySearch(t.days, before)
	if n == 0 {
		return
	}
	t.days = slices.Delete(t.days, 0, n)
	t.last = slices.Delete(t.last, 0, n)
	for c := range t.cols {
		t.cols[c] = slices.Delete(t.cols[c], 0, n)
	}
}

// known returns how many of the days had happened by asOf: nothing that a
// vehicle measured later may move a prognosis.
func (t *Track) known(asOf time.Time) int {
	n, today := len(t.days), presage.DayOf(asOf)
	for n > 0 && (t.days[n-1] > today || t.last[n-1].After(asOf)) {
		n--
	}
	return n
}

// renewal returns the newest label by asOf that fitted a new part.
func (t *Track) renewal(id presage.ComponentID, asOf time.Time) (presage.Label, bool) {
	for _, l := range slices.Backward(t.labels) {
		if l.Component == id && l.Replaced && !l.At.After(asOf) {
			return l, true
		}
	}
	return presage.Label{}, false
}
