package gbt32960

import (
	"slices"

	"presage"
)

// prefix begins the names of what VSS has no name for.
const prefix = "GBT32960."

// scale turns a raw register into a value: (raw - minus) * mul / div. The parts
// are whole numbers, so that tenths come out as the nearest float.
type scale struct{ minus, mul, div float64 }

func (s scale) of(raw uint32) float64 { return (float64(raw) - s.minus) * s.mul / s.div }

func plain() scale                      { return scale{0, 1, 1} }
func tenths() scale                     { return scale{0, 1, 10} }
func hundredths() scale                 { return scale{0, 1, 100} }
func thousandths() scale                { return scale{0, 1, 1000} }
func celsius() scale                    { return scale{40, 1, 1} }
func amperes(offset float64) scale      { return scale{10 * offset, -1, 10} } // positive into the battery
func offsetTenths(offset float64) scale { return scale{10 * offset, 1, 10} }
func shifted(by float64) scale          { return scale{by, 1, 1} }
func metres() scale                     { return scale{0, 100, 1} } // of 0.1 km
func degrees() scale                    { return scale{0, 1, 1e6} }

// field is a register: EMQX's name of it, its size in bytes, and what becomes
// of it. Without a signal it is kept under the prefix and the group's name.
type field struct {
	key    string
	size   int
	scale  scale
	signal string
	// then is called instead of making a reading, unless it is nil.
	then func(o *output, raw uint32)
}

// registers reads the fields in order. Group goes before the names of those
// that have no signal of their own.
func (o *output) registers(s source, group string, fields []field) {
	for i := range fields {
		f := &fields[i]
		raw, ok := s.word(f.key, f.size)
		if !ok || o.absent(raw, f.size) {
			continue
		}
		if f.then != nil {
			f.then(o, raw)
			continue
		}
		name := f.signal
		if name == "" {
			name = prefix + group + f.key
		}
		o.number(name, f.scale.of(raw))
	}
}

// absent tells whether raw is one of the two codes for "no value", and counts it.
func (o *output) absent(raw uint32, size int) bool {
	switch highest := uint32(1)<<(8*size-1)<<1 - 1; raw {
	case highest:
		o.invalid++
	case highest - 1:
		o.abnormal++
	default:
		return false
	}
	return true
}

func (o *output) number(name string, x float64) {
	o.reading(presage.Reading{Signal: name, Value: presage.Number(x)})
}

func (o *output) flag(name string, on bool) {
	o.reading(presage.Reading{Signal: name, Value: presage.Bool(on)})
}

// reading adds r, or replaces the one of the same name.
func (o *output) reading(r presage.Reading) {
	if i := o.place(r.Signal); i >= 0 {
		o.readings[i] = r
		return
	}
	o.readings = append(o.readings, r)
	switch {
	case o.places != nil:
		o.places[r.Signal] = len(o.readings) - 1
	case len(o.readings) > fewReadings:
		o.places = make(map[string]int, 2*fewReadings)
		for i := range o.readings {
			o.places[o.readings[i].Signal] = i
		}
	}
}

// fewReadings are found faster one by one than in a map.
const fewReadings = 2 * usualReadings

// place is where the reading of a signal is, -1 for nowhere.
func (o *output) place(signal string) int {
	if o.places == nil {
		return slices.IndexFunc(o.readings, func(r presage.Reading) bool { return r.Signal == signal })
	}
	if i, ok := o.places[signal]; ok {
		return i
	}
	return -1
}
