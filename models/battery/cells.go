package battery

import (
	"math"
	"slices"
)

// maxDeviations bounds the samples that Cells keeps per day.
const maxDeviations = 256

// Cells gathers how far each cell of a pack stays from the pack's median over
// a day. The zero value is ready.
type Cells struct {
	deviation [][]float32 // mV, by cell
	scratch   []float64
	seen      int
}

// Add takes every cell voltage at one instant in V; valid tells which to
// believe (nil believes all). A sample with fewer than half of its cells valid,
// or with another number of cells than before, is left out. Beyond 256 samples
// every further one replaces an old one in turn.
func (c *Cells) Add(volts []float64, valid func(float64) bool) {
	if c.deviation == nil {
		c.deviation = make([][]float32, len(volts))
	}
	if len(volts) != len(c.deviation) || len(volts) < 4 {
		return
	}
	if valid == nil {
		valid = func(float64) bool { return true }
	}
	c.scratch = c.scratch[:0]
	for _, v := range volts {
		if valid(v) {
			c.scratch = append(c.scratch, v)
		}
	}
	if 2*len(c.scratch) < len(volts) {
		return
	}
	centre := median(c.scratch)
	for i, v := range volts {
		if !valid(v) {
			continue
		}
		d := float32((v - centre) * 1000)
		if c.seen < maxDeviations {
			c.deviation[i] = append(c.deviation[i], d)
		} else if n := len(c.deviation[i]); n > 0 {
			c.deviation[i][c.seen%n] = d
		}
	}
	c.seen++
}

// Suspect is the lowest cell of a pack over a day.
type Suspect struct {
	Cell int     // 1-based
	Mv   float64 // its median deviation from the pack's median, negative when low
	Next float64 // mV, the same of the next lowest cell
	Z    float64 // Mv in robust spreads of all cells
}

// Lowest names the cell with the lowest median deviation. ok is false for
// fewer than three samples, for then one glitch would decide.
func (c *Cells) Lowest() (s Suspect, ok bool) {
	if c.seen < 3 {
		return s, false
	}
	all := make([]float64, 0, len(c.deviation))
	s.Mv, s.Next = math.Inf(1), math.Inf(1)
	for i, d := range c.deviation {
		if len(d) < 3 {
			continue
		}
		sorted := slices.Clone(d)
		slices.Sort(sorted)
		m := float64(sorted[(len(sorted)-1)/2]+sorted[len(sorted)/2]) / 2
		all = append(all, m)
		switch {
		case m < s.Mv:
			s.Cell, s.Mv, s.Next = i+1, m, s.Mv
		case m < s.Next:
			s.Next = m
		}
	}
	if len(all) < 4 {
		return Suspect{}, false
	}
	centre := median(all)
	for i, m := range all {
		all[i] = math.Abs(m - centre)
	}
	// Half a millivolt keeps a pack of equal readings from dividing by zero.
	s.Z = (s.Mv - centre) / (1.4826*median(all) + 0.5)
	return s, true
}

func median(x []float64) float64 {
	slices.Sort(x)
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}
