package demand

import (
	"math"
	"slices"
)

// A part without a demand yet and one without a demand any more look alike in
// a table: zeros. A part is born with its first demand. Before it, a zero tells
// when the part came into use, not how much it is asked for.

// born are the values, of which those before the first demand are no record;
// all as they are without a demand.
func born(values []float64) []float64 {
	first := slices.IndexFunc(values, func(y float64) bool { return y > 0 })
	if first <= 0 {
		return values
	}
	return slices.Concat(slices.Repeat([]float64{math.NaN()}, first), values[first:])
}

// born are the lines whose zeros before the first demand are no record.
func (l lines) born() lines {
	rows := make([][]float64, len(l.rows))
	for i, row := range l.rows {
		rows[i] = born(row)
	}
	return lines{rows, l.keys}
}

// sinceBirth forecasts from the values since the first demand by a method that
// was fitted to such values, and what was never asked for by another.
type sinceBirth struct{ method, unborn method }

func (m sinceBirth) forecast(values []float64, w *work) outcome {
	if _, sum, _ := sums(values); sum == 0 {
		return m.unborn.forecast(values, w)
	}
	return m.method.forecast(born(values), w)
}
