package watch

import (
	"math"
	"slices"
	"time"

	"presage"
)

// judged is what a rule makes of one sample.
type judged struct {
	at     time.Time
	value  float64
	holds  bool
	clears bool
	code   string // of an event
}

// judge measures reading i of s as t asks; false when the sample says nothing
// to the rule: an invalid value, a gate that is shut or not there.
func (t *track) judge(s *presage.Sample, i int, win *window) (judged, bool) {
	r := t.rule
	for j := range r.While {
		g := &r.While[j]
		x, ok := number(s, g.Signal, &r.gates[j])
		if !ok || !g.When.Met(x) {
			return judged{}, false
		}
	}
	factor := r.Scale
	if r.Per != nil {
		by, ok := number(s, r.Per.Signal, &r.per)
		if !ok || by <= 0 {
			by = r.Per.Otherwise
		}
		factor /= by
	}
	x := t.measure(r.Of, s, i, win) * factor
	if math.IsNaN(x) {
		return judged{}, false
	}
	back := x
	if r.Clear.Of != r.Of {
		back = t.measure(r.Clear.Of, s, i, win) * factor
	}
	return judged{at: s.Time, value: x, holds: r.When.Met(x), clears: r.Clear.When.Met(back)}, true
}

// measure is the aggregate of one reading, NaN when there is none.
func (t *track) measure(of presage.Aggregate, s *presage.Sample, i int, win *window) float64 {
	v := s.Readings[i].Value
	switch of {
	case presage.OfMin, presage.OfMax, presage.OfSpread:
		return t.extreme(of, v)
	case presage.OfValue, presage.OfShare, presage.OfFall, presage.OfRise:
	}
	x, ok := scalar(&t.spec, v)
	if !ok {
		return math.NaN()
	}
	switch of {
	case presage.OfShare:
		return 100 * x / t.rule.highest(s)
	case presage.OfFall:
		return win.highest(x) - x
	case presage.OfRise:
		return x - win.lowest(x)
	default:
		return x
	}
}

func (t *track) extreme(of presage.Aggregate, v presage.Value) float64 {
	if v.Kind != presage.KindArray {
		return math.NaN()
	}
	low, high, n := math.Inf(1), math.Inf(-1), 0
	for _, x := range v.Array {
		if t.spec.Valid(x) {
			low, high, n = min(low, x), max(high, x), n+1
		}
	}
	switch {
	case n < 2:
		return math.NaN()
	case of == presage.OfMin:
		return low
	case of == presage.OfMax:
		return high
	}
	return high - low
}

// highest is the greatest valid value of the rule's signals in the sample; NaN
// with fewer than two, because a share needs something to compare with.
func (r *rule) highest(s *presage.Sample) float64 {
	top, n := math.NaN(), 0
	for i := range s.Readings {
		j := slices.Index(r.Signals, s.Readings[i].Signal)
		if j < 0 {
			continue
		}
		if x, ok := scalar(&r.specs[j], s.Readings[i].Value); ok {
			n++
			if !(x <= top) {
				top = x
			}
		}
	}
	if n < 2 {
		return math.NaN()
	}
	return top
}

// number finds another signal of the sample.
func number(s *presage.Sample, name string, spec *presage.SignalSpec) (float64, bool) {
	for i := range s.Readings {
		if s.Readings[i].Signal == name {
			return scalar(spec, s.Readings[i].Value)
		}
	}
	return 0, false
}

func scalar(spec *presage.SignalSpec, v presage.Value) (float64, bool) {
	if v.Kind != presage.KindNumber && v.Kind != presage.KindBool {
		return 0, false
	}
	return v.Number, spec.Valid(v.Number)
}

// slots is how finely a window is kept: one point of every eighth of it.
const slots = 8

// window keeps the highest and the lowest value of every eighth of its length,
// so that it stays small however often a vehicle reports.
type window struct {
	span  int64 // of a slot, ms
	first [slots]int64
	high  [slots]float32
	low   [slots]float32
}

func newWindow(length time.Duration) *window {
	return &window{span: max(1, length.Milliseconds()/slots)}
}

// put takes a value in. Times never fall.
func (w *window) put(at time.Time, x float64) {
	n := at.UnixMilli() / w.span
	i := int(n % slots)
	if i < 0 {
		i += slots
	}
	if w.first[i] != n {
		w.first[i], w.high[i], w.low[i] = n, float32(x), float32(x)
	}
	w.high[i], w.low[i] = max(w.high[i], float32(x)), min(w.low[i], float32(x))
	for j := range w.first { // what has left the window
		if w.first[j] <= n-slots {
			w.first[j] = 0
		}
	}
}

func (w *window) highest(x float64) float64 {
	for i, n := range w.first {
		if n != 0 {
			x = max(x, float64(w.high[i]))
		}
	}
	return x
}

func (w *window) lowest(x float64) float64 {
	for i, n := range w.first {
		if n != 0 {
			x = min(x, float64(w.low[i]))
		}
	}
	return x
}
