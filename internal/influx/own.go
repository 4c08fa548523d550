package influx

import (
	"strings"

	"presage"
)

// place is where a reading stands: its measurement, the tag "component" of
// Presage's own series, "" for none, and its field.
type place struct{ measurement, component, field string }

// placeOf is the place of a signal. An own name without component and field
// stands in prognosis as it is.
func placeOf(signal string) place {
	if !strings.HasPrefix(signal, presage.OwnPrefix) {
		return place{telemetry, "", signal}
	}
	p := place{measurement: prognosis}
	rest := signal[len(presage.OwnPrefix):]
	if strings.HasPrefix(signal, presage.RollupPrefix) {
		p.measurement, rest = rollup, signal[len(presage.RollupPrefix):]
	}
	var whole bool
	if p.component, p.field, whole = strings.Cut(rest, "."); !whole || p.component == "" || p.field == "" {
		return place{prognosis, "", signal}
	}
	return p
}

// signal is the inverse of placeOf.
func (p place) signal() string {
	switch {
	case p.measurement == telemetry, p.component == "":
		return p.field
	case p.measurement == rollup:
		return presage.RollupPrefix + p.component + "." + p.field
	}
	return presage.OwnPrefix + p.component + "." + p.field
}

// addOwn encodes a line for each component of a sample of Presage's own.
func (b *batch) addOwn(sample *presage.Sample, readings []presage.Reading, reject func(presage.Reading, string)) {
	for len(readings) > 0 {
		first, n := placeOf(readings[0].Signal), 1
		for n < len(readings) {
			p := placeOf(readings[n].Signal)
			if p.measurement != first.measurement || p.component != first.component {
				break
			}
			n++
		}
		b.addLine(sample, readings[:n:n], first, reject)
		readings = readings[n:]
	}
}
