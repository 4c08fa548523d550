package presage

import (
	"math"
	"slices"
	"time"
)

// RollupBlock holds roll-ups of one vehicle column by column, ascending by day:
// the form in which they are stored and in which laws read them.
type RollupBlock struct {
	Days        []Day
	Samples     []int
	First, Last []time.Time
	Columns     []RollupColumn // in the order in which their features first came
}

// RollupColumn is one feature on every day of a block, NaN on a day without it.
type RollupColumn struct {
	Feature string
	Values  []float64
}

// Put adds a day or replaces it; the VIN of r is not looked at.
func (b *RollupBlock) Put(r Rollup) {
	i, known := slices.BinarySearch(b.Days, r.Day)
	if !known {
		b.Days = slices.Insert(b.Days, i, r.Day)
		b.Samples = slices.Insert(b.Samples, i, 0)
		b.First = slices.Insert(b.First, i, time.Time{})
		b.Last = slices.Insert(b.Last, i, time.Time{})
		for c := range b.Columns {
			b.Columns[c].Values = slices.Insert(b.Columns[c].Values, i, math.NaN())
		}
	}
	b.Samples[i], b.First[i], b.Last[i] = r.Samples, r.First, r.Last
	for c := range b.Columns {
		b.Columns[c].Values[i] = math.NaN()
	}
	for feature, x := range r.Features {
		b.column(feature)[i] = x
	}
}

// column is that of a feature, made if the block lacks it.
func (b *RollupBlock) column(feature string) []float64 {
	for i := range b.Columns {
		if b.Columns[i].Feature == feature {
			return b.Columns[i].Values
		}
	}
	values := make([]float64, len(b.Days))
	for i := range values {
		values[i] = math.NaN()
	}
	b.Columns = append(b.Columns, RollupColumn{feature, values})
	return values
}

// Rollups are the days of the block within [from, to].
func (b *RollupBlock) Rollups(vin VIN, from, to Day) []Rollup {
	var out []Rollup
	for i, day := range b.Days {
		if day < from || day > to {
			continue
		}
		r := Rollup{VIN: vin, Day: day, Samples: b.Samples[i], First: b.First[i], Last: b.Last[i]}
		r.Features = map[string]float64{}
		for _, c := range b.Columns {
			if x := c.Values[i]; !math.IsNaN(x) {
				r.Features[c.Feature] = x
			}
		}
		out = append(out, r)
	}
	return out
}
