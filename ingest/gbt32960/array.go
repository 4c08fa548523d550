package gbt32960

import (
	"fmt"
	"slices"

	"presage"
)

// What stands in an array for a cell or a probe without a value: outside the
// range of the signal table, so that nothing takes it for measured.
const (
	noVolts   = 0
	noCelsius = -273.15
)

// part is a run of values of one subsystem.
type part struct {
	subsystem int
	total     int // of the subsystem
	from      int // place of the first one, 1-based
	values    []float64
}

// array puts the parts of one message together.
type array struct{ parts []part }

// element is what an array is made of.
type element struct {
	size  int // of its register in bytes
	scale scale
	none  float64 // what stands for one without a value
}

func cell() element  { return element{2, thousandths(), noVolts} }
func probe() element { return element{1, celsius(), noCelsius} }

// add scales raw registers into a part.
func (a *array) add(o *output, p part, raw []uint32, e element) {
	p.values = make([]float64, len(raw))
	missing := 0
	for i, x := range raw {
		if o.absent(x, e.size) {
			p.values[i] = e.none
			missing++
			continue
		}
		p.values[i] = e.scale.of(x)
	}
	if missing < len(raw) {
		a.parts = append(a.parts, p)
	}
}

// finish adds the whole array under signal and returns it, or, when places are
// missing, each part under a name of its own.
func (a *array) finish(o *output, signal, name string) []float64 {
	if len(a.parts) == 0 {
		return nil
	}
	if whole := a.whole(); whole != nil {
		o.reading(presage.Reading{Signal: signal, Value: presage.Array(whole)})
		return whole
	}
	for _, p := range a.parts {
		o.reading(presage.Reading{
			Signal: fmt.Sprintf("%sSubsystem%d.%s.From%d", prefix, p.subsystem, name, p.from),
			Value:  presage.Array(p.values),
		})
	}
	return nil
}

// whole is every value by its place: subsystems 1 to n, each complete and in
// order; nil when something is missing.
func (a *array) whole() []float64 {
	parts := slices.Clone(a.parts)
	slices.SortStableFunc(parts, func(p, q part) int {
		if p.subsystem != q.subsystem {
			return p.subsystem - q.subsystem
		}
		return p.from - q.from
	})
	var all []float64
	subsystem, next, total := 0, 1, 0 // the next place wanted of a subsystem
	for _, p := range parts {
		if p.subsystem != subsystem {
			if next != total+1 || p.subsystem != subsystem+1 {
				return nil
			}
			subsystem, next, total = p.subsystem, 1, p.total
		}
		if p.from != next || p.total != total {
			return nil
		}
		all = append(all, p.values...)
		next += len(p.values)
	}
	if next != total+1 {
		return nil
	}
	return all
}
