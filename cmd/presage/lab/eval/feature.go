package eval

import (
	"fmt"
	"math"

	"presage"
	"presage/models"
)

// span is what a feature can be in a car that exists.
type span struct{ low, high float64 }

// spans holds the physical range of every feature, in its unit.
func spans() map[string]span {
	tyre := span{50, 600}                // kPa gauge
	lead := span{5, 16.5}                // V: a 12 V battery at rest, cranking, fed
	degrees := span{-39.9, 120}          // degC; -40 is a code of the protocol
	deviation := span{-1000, 50}         // mV of a low cell: a cell of 0 V would stand 3,000 and more below
	capacity := span{1, 1000}            // Ah
	warning := span{0, 3}                // levels of GB/T 32960
	share := span{0, 100}                // %
	odometer, trip := 4e6, 24*250.       // km
	kiloohm, cells := 60_000., 65_533.   // kOhm, cells in a pack
	weight, spread := 1e4, span{-1e4, 0} // full charges a day; robust spreads below the pack
	return map[string]span{
		models.FeatureOdometer: {0.001, odometer}, models.FeatureDistance: {0, trip}, models.FeatureAmbient: {-45, 65},
		models.FeaturePadFront: share, models.FeaturePadRear: share,
		models.FeatureTyreFrontLeft: tyre, models.FeatureTyreFrontRight: tyre,
		models.FeatureTyreRearLeft: tyre, models.FeatureTyreRearRight: tyre,
		models.FeatureRest12V: lead, models.FeatureCrank12V: lead, models.FeatureRunning12V: lead,
		models.FeatureCapacity: capacity, models.FeatureCapacityWeight: {0, weight}, models.FeatureSoCSpan: share,
		models.FeaturePackTempMax: degrees, models.FeaturePackTempMin: degrees,
		models.FeatureCellLowest: {1, cells}, models.FeatureCellMv: deviation, models.FeatureCellNextMv: deviation,
		models.FeatureCellZ: spread, models.FeatureInsulation: {0, kiloohm}, models.FeatureWarning: warning,
	}
}

// Violations lists the features of a roll-up that no car can have, among them
// those whose range nobody has given.
func Violations(r presage.Rollup) []string {
	known := spans()
	var out []string
	for name, x := range r.Features {
		s, ok := known[name]
		if !ok || math.IsNaN(x) || x < s.low || x > s.high {
			out = append(out, fmt.Sprintf("%s %s %g", r.Day, name, x))
		}
	}
	return out
}

// Scrub returns a sample without its invalid readings and how many there were;
// in an array each element counts and NaN takes its place. The sample is left alone.
func Scrub(s presage.Sample) (presage.Sample, int) {
	out, dropped := s, 0
	out.Readings = make([]presage.Reading, 0, len(s.Readings))
	for _, r := range s.Readings {
		spec, known := presage.LookupSignal(r.Signal)
		switch {
		case !known || r.Value.Kind != spec.Kind:
		case spec.Kind == presage.KindNumber && !spec.Valid(r.Value.Number):
			dropped++
			continue
		case spec.Kind == presage.KindArray:
			array := make([]float64, len(r.Value.Array))
			for i, x := range r.Value.Array {
				if array[i] = x; !spec.Valid(x) {
					array[i] = math.NaN()
					dropped++
				}
			}
			r.Value = presage.Array(array)
		}
		out.Readings = append(out.Readings, r)
	}
	return out, dropped
}
