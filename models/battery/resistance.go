package battery

import "math"

const (
	// ResistanceAmps is the current at which an excess resistance is stated in mV.
	ResistanceAmps     = 100.
	resistanceHalfLife = 45. // days
	resistanceRows     = 300 // with enough current between them
	strayMv            = 60. // further from where the cell stood the day before: a reading that went wrong
	minSpreadAmps      = 8.  // standard deviation of the current without which nothing is said
)

// sums are those of a straight line through (amps, mV).
type sums struct{ n, x, y, xx, xy float64 }

// Resistances tells cells with more resistance than their pack from cells
// that are low at any current: the slope of each cell's deviation against
// current, each day about its own means, days forgotten with a half-life of 45.
type Resistances struct {
	day   []sums
	total []sums // n, xx and xy, about the means
	last  []float64
	days  int
}

// Add takes a cell's deviation in mV at amps into the battery.
func (r *Resistances) add(cells, i int, amps, mv float64) {
	if r.day == nil {
		r.day, r.total, r.last = make([]sums, cells), make([]sums, cells), make([]float64, cells)
	}
	if math.IsNaN(amps) || math.Abs(mv-r.last[i]) > strayMv {
		return
	}
	s := &r.day[i]
	s.n, s.x, s.y, s.xx, s.xy = s.n+1, s.x+amps, s.y+mv, s.xx+amps*amps, s.xy+amps*mv
}

// close ends a day that came so many days after the one before.
func (r *Resistances) close(since float64, stand Stand) {
	keep := math.Exp2(-since / resistanceHalfLife)
	for i, s := range r.day {
		t := &r.total[i]
		t.n, t.xx, t.xy = t.n*keep, t.xx*keep, t.xy*keep
		if s.n > 1 {
			t.n, t.xx, t.xy = t.n+s.n, t.xx+s.xx-s.x*s.x/s.n, t.xy+s.xy-s.x*s.y/s.n
		}
		r.day[i] = sums{}
		if i < len(stand.Mv) && !math.IsNaN(stand.Mv[i]) {
			r.last[i] = stand.Mv[i]
		}
	}
	r.days++
}

// stand ranks the cells by what their excess resistance takes off at 100 A, in mV.
func (r *Resistances) stand() (s Stand, ok bool) {
	mv, rows := make([]float64, len(r.total)), 0.
	for i, t := range r.total {
		mv[i] = math.NaN()
		if t.n >= resistanceRows && t.xx >= t.n*minSpreadAmps*minSpreadAmps {
			mv[i] = -t.xy / t.xx * ResistanceAmps
			rows = math.Max(rows, t.n)
		}
	}
	s, ok = NewStand(mv, int(rows))
	if ok {
		for i := range s.Mv {
			s.Mv[i] -= s.Mid // the pack's own slope belongs to nobody
		}
		s.Mid = 0
	}
	return s, ok
}
