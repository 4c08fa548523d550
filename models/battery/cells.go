package battery

import (
	"cmp"
	"math"
	"slices"

	"presage/models/median"
)

const (
	// maxDeviations bounds the samples that Cells keeps per day.
	maxDeviations = 256
	// QuietAmps is the current up to which cells are compared: a tenth of a
	// milliohm that one cell has more than another makes 2 mV of it.
	QuietAmps = 20.
	// floorMv keeps a pack of equal readings from dividing by zero: half the step of the sensors.
	floorMv = 0.5
)

// Cells gathers how far each cell of a pack stays from the pack's median over
// a day while little current flows. The zero value is ready.
type Cells struct {
	deviation [][]float32 // mV, by cell
	scratch   []float64
	seen      int
}

// Add takes every cell voltage at one instant in V while amps flow (NaN if
// unknown, which is taken for little); valid tells which voltages to believe
// (nil believes all). A sample under more than QuietAmps, with fewer than half of
// its cells valid, or with another number of cells than before, is left out:
// used tells. Beyond 256 samples every further one replaces an old one in turn.
func (c *Cells) Add(volts []float64, amps float64, valid func(float64) bool) (used bool) {
	if c.deviation == nil {
		c.deviation = make([][]float32, len(volts))
	}
	if math.Abs(amps) > QuietAmps || len(volts) != len(c.deviation) {
		return false
	}
	centre, ok := c.centre(volts, valid)
	if !ok {
		return false
	}
	for i, v := range volts {
		if !believed(v, valid) {
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
	return true
}

func believed(v float64, valid func(float64) bool) bool {
	return !math.IsNaN(v) && (valid == nil || valid(v))
}

// centre is the median of the believed voltages; ok is false for fewer than
// half of the cells or fewer than four.
func (c *Cells) centre(volts []float64, valid func(float64) bool) (v float64, ok bool) {
	c.scratch = c.scratch[:0]
	for _, v := range volts {
		if believed(v, valid) {
			c.scratch = append(c.scratch, v)
		}
	}
	if len(volts) < 4 || 2*len(c.scratch) < len(volts) {
		return 0, false
	}
	return median.Sorting(c.scratch), true
}

// Stand is where each cell of a pack stood over a day, or what else is compared
// between its cells and is worse the lower it is.
type Stand struct {
	Mv    []float64 // by cell: median deviation from the pack's median, NaN if seen fewer than three times
	Rows  int       // samples
	Scale float64   // mV, robust: of the cells below the centre
	Mid   float64   // mV, the median of Mv

	order []int // cells with a reading, the lowest first
}

// NewStand ranks the cells. ok is false for fewer than four of them.
func NewStand(mv []float64, rows int) (s Stand, ok bool) {
	s = Stand{Mv: mv, Rows: rows}
	for i, m := range mv {
		if !math.IsNaN(m) {
			s.order = append(s.order, i)
		}
	}
	if len(s.order) < 4 {
		return s, false
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(mv[a], mv[b]) })
	sorted := make([]float64, len(s.order))
	for k, i := range s.order {
		sorted[k] = mv[i]
	}
	s.Mid = median.Sorting(sorted)
	below := sorted[:0:0]
	for _, m := range sorted[:(len(sorted)+1)/2] {
		below = append(below, s.Mid-m)
	}
	s.Scale = madToSD*median.Sorting(below) + floorMv
	return s, true
}

// madToSD makes a standard deviation of a normal distribution's median deviation.
const madToSD = 1.4826

// Z is how many scales cell i (from 0) stands off the centre.
func (s Stand) Z(i int) float64 { return (s.Mv[i] - s.Mid) / s.Scale }

// Suspect is a cell that stands low in a pack.
type Suspect struct {
	Cell int     // 1-based
	Mv   float64 // its deviation from the pack's median, negative when low
	Next float64 // mV, the same of the next lowest cell that is not suspected too
	Z    float64 // Mv in robust spreads of the cells below the median
}

// Lowest is the lowest cell.
func (s Stand) Lowest() Suspect { return s.suspect(0, 1) }

func (s Stand) suspect(rank, group int) Suspect {
	i := s.order[rank]
	return Suspect{Cell: i + 1, Mv: s.Mv[i], Next: s.Mv[s.order[group]], Z: s.Z(i)}
}

// Weak are the cells, three at most, that stand clear of all others together:
// the largest such group whose gap to the next cell is at least gap mV and one scale. There is
// none in a pack whose modules differ, or that spreads as a whole.
func (s Stand) Weak(gap float64) []Suspect {
	for group := min(3, len(s.order)-3); group > 0; group-- {
		if s.Mv[s.order[group]]-s.Mv[s.order[group-1]] < math.Max(gap, s.Scale) {
			continue
		}
		out := make([]Suspect, group)
		for rank := range out {
			out[rank] = s.suspect(rank, group)
		}
		return out
	}
	return nil
}

// Stand ranks the day's medians. ok is false for fewer than three samples, for
// then one glitch would decide, and for fewer than four cells.
func (c *Cells) Stand() (s Stand, ok bool) {
	if c.seen < 3 {
		return s, false
	}
	mv := make([]float64, len(c.deviation))
	for i, d := range c.deviation {
		mv[i] = math.NaN()
		if len(d) < 3 {
			continue
		}
		mv[i] = median.Of(d)
	}
	return NewStand(mv, c.seen)
}

// Lowest names the cell with the lowest median deviation of the day.
func (c *Cells) Lowest() (s Suspect, ok bool) {
	stand, ok := c.Stand()
	if !ok {
		return s, false
	}
	return stand.Lowest(), true
}
