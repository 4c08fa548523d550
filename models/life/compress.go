package life

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
)

// Many lives cost less as few rows. Equal ones are one row with their count,
// whatever they are. Of thousands without covariates the terms of the
// likelihood are sums of one smooth function of ln age: within a narrow cell
// it is a polynomial as far as numbers go, so that the values at the cell's
// Chebyshev points, weighted, are the sum (interpolation in Lagrange's form).
const (
	worthCells = 2000 // rows from which cells pay
	nodes      = 8    // points of a cell
	widest     = 0.2  // of a cell, in ln age
	cellsOfSD  = 5    // cells in a standard deviation of the failures' ln age, at least
)

// compress are fewer rows of the same likelihood: to the last digits where
// rows are equal, to ten digits where cells are used.
func compress(rows []row) []row {
	rows = merged(rows)
	if len(rows) < worthCells || len(rows[0].x) > 0 {
		return rows
	}
	var out, deaths, alives []row
	for _, r := range rows {
		if r.kind == between {
			out = append(out, r)
			continue
		}
		if r.truncated { // lived to its entry: a survival to be divided by
			alives = append(alives, row{kind: alive, low: r.entry, count: -r.count})
			r.truncated, r.entry = false, 0
		}
		switch {
		case r.kind == exact:
			deaths = append(deaths, r)
		case !math.IsInf(r.low, -1): // alive when new says nothing
			alives = append(alives, r)
		}
	}
	width := cellWidth(deaths)
	return append(append(out, cells(deaths, width)...), cells(alives, width)...)
}

// merged are the rows without repeats.
func merged(rows []row) []row {
	at, out := make(map[string]int, len(rows)), make([]row, 0, len(rows))
	var key []byte
	var values []float64
	for _, r := range rows {
		key, values = append(key[:0], byte(r.kind)), append(values[:0], r.low, r.high)
		if r.truncated {
			key, values = append(key, 'T'), append(values, r.entry)
		}
		for _, v := range append(values, r.x...) {
			key = binary.LittleEndian.AppendUint64(key, math.Float64bits(v))
		}
		if k, known := at[string(key)]; known {
			out[k].count += r.count
			continue
		}
		at[string(key)] = len(out)
		out = append(out, r)
	}
	return out
}

func cellWidth(deaths []row) float64 {
	n, mean, squares := 0.0, 0.0, 0.0
	for _, r := range deaths {
		n, mean = n+r.count, mean+r.count*r.low
	}
	if n == 0 {
		return widest
	}
	mean /= n
	for _, r := range deaths {
		squares += r.count * (r.low - mean) * (r.low - mean)
	}
	return min(widest, max(math.Sqrt(squares/n)/cellsOfSD, 1e-6))
}

// cells put the rows of each cell on its points; the few of a sparse one stay.
func cells(rows []row, width float64) []row {
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.low, b.low) })
	var out []row
	for from := 0; from < len(rows); {
		cell := math.Floor(rows[from].low / width)
		to := from
		for to < len(rows) && math.Floor(rows[to].low/width) == cell {
			to++
		}
		if to-from <= nodes {
			out = append(out, rows[from:to]...)
		} else {
			out = append(out, onPoints(rows[from:to], (cell+0.5)*width, width/2)...)
		}
		from = to
	}
	return out
}

// onPoints weighs the Chebyshev points of a cell by the rows' barycentric
// shares of them (Berrut and Trefethen 2004, eq. 4.2 and 5.3).
func onPoints(rows []row, centre, half float64) []row {
	var at, sign, weight [nodes]float64
	for j := range nodes {
		angle := (float64(2*j) + 1) * math.Pi / (2 * nodes)
		at[j] = centre + half*math.Cos(angle)
		sign[j] = math.Sin(angle) * float64(1-2*(j%2))
	}
	for _, r := range rows {
		var share [nodes]float64
		sum := 0.0
		for j := range nodes {
			d := r.low - at[j]
			if d == 0 { // on the point itself
				share, sum = [nodes]float64{}, 1
				share[j] = 1
				break
			}
			share[j] = sign[j] / d
			sum += share[j]
		}
		for j := range nodes {
			weight[j] += r.count * share[j] / sum
		}
	}
	out := make([]row, nodes)
	for j := range nodes {
		out[j] = row{kind: rows[0].kind, low: at[j], count: weight[j]}
	}
	return out
}
