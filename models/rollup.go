package models

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/models/median"
)

// Signals lists every signal that RollUp reads; a caller may leave all others out of a scan.
func Signals() []string {
	out := make([]string, 0, len(rollupSignals))
	for _, s := range rollupSignals {
		out = append(out, s.name)
	}
	slices.Sort(out)
	return out
}

// Complete adds to a roll-up what needs the vehicle's master data beside its
// telemetry: the state of health, where the capacity when new is known. The
// prognoses do not read it; it is what stands on a chart with them.
func Complete(r *presage.Rollup, v presage.Vehicle) {
	if ah, ok := r.Features[FeatureCapacity]; ok && v.PackCapacityAh > 0 {
		r.Features[FeatureHealth] = rounded(FeatureHealth, 100*ah/v.PackCapacityAh)
	}
}

// RollUp condenses rows, the samples of one vehicle on one day in ascending
// time, into its roll-up. Only valid readings of the signals in Signals go in;
// rows outside the day and rows with nothing but the service's own "Presage."
// series are passed over. Features depend on the rows alone, never on when they
// arrived. The error is that of rows, wrapped with the masked VIN and the day.
func RollUp(vin presage.VIN, day presage.Day, rows iter.Seq2[presage.Sample, error]) (presage.Rollup, error) {
	d := newDayFold()
	out := presage.Rollup{VIN: vin, Day: day}
	for s, err := range rows {
		if err != nil {
			return presage.Rollup{}, fmt.Errorf("roll up %s on %s: %w", vin.Masked(), day, err)
		}
		if presage.DayOf(s.Time) != day || !telemetry(s.Readings) {
			continue
		}
		if out.Samples == 0 {
			out.First = s.Time
		}
		out.Samples++
		out.Last = s.Time
		d.add(s)
	}
	out.Features = d.features()
	for name, x := range out.Features {
		out.Features[name] = rounded(name, x)
	}
	return out, nil
}

// rounded is a feature to the digits that are kept of it: a hundredth of its
// unit, of volts, ampere-hours and weights a ten-thousandth. No sensor tells as
// much, and a day then takes a few dozen bytes.
func rounded(name string, x float64) float64 {
	switch name {
	case FeatureRest12V, FeatureCrank12V, FeatureRunning12V, FeatureCapacity, FeatureCapacityWeight:
		return math.Round(1e4*x) / 1e4
	}
	return math.Round(1e2*x) / 1e2
}

// telemetry tells whether a vehicle sent any of the readings.
func telemetry(readings []presage.Reading) bool {
	for i := range readings {
		if !strings.HasPrefix(readings[i].Signal, presage.OwnPrefix) {
			return true
		}
	}
	return false
}

// dayFold is the single pass over a day.
type dayFold struct {
	table map[string]signalSlot
	now   instant
	seen  [slots]bool

	road  roadFold
	pads  [4][]float64
	tyres tyreFold
	low   lowVoltageFold
	pack  packFold
}

// instant is what is known at a sample: each slot's newest value and its time.
type instant struct {
	at     float64 // s since the epoch
	value  [slots]float64
	when   [slots]float64
	fresh  [slots]bool // came with this very sample
	text   string      // SignalLowVoltageState
	textAt float64
}

// recent returns the newest value of a slot, NaN if it is older than maxAge seconds.
func (n *instant) recent(s slot, maxAge float64) float64 {
	if n.at-n.when[s] > maxAge {
		return math.NaN()
	}
	return n.value[s]
}

func newDayFold() *dayFold {
	d := &dayFold{table: signalSlots()}
	for i := range d.now.when {
		d.now.when[i] = math.Inf(-1)
		d.now.value[i] = math.NaN()
	}
	d.now.textAt = math.Inf(-1)
	return d
}

func (d *dayFold) add(s presage.Sample) {
	n := &d.now
	n.at = float64(s.Time.UnixMilli()) / float64(time.Second/time.Millisecond)
	n.fresh = [slots]bool{}
	var cells []float64
	for i := range s.Readings {
		r := &s.Readings[i]
		known, ok := d.table[r.Signal]
		if !ok || r.Value.Kind != known.spec.Kind {
			continue
		}
		switch known.spec.Kind {
		case presage.KindArray:
			cells = r.Value.Array
		case presage.KindString:
			n.text, n.textAt = r.Value.Text, n.at
		case presage.KindNumber, presage.KindBool:
			x := r.Value.Number * known.scale
			if known.spec.Kind == presage.KindBool || known.spec.Valid(r.Value.Number) {
				n.value[known.slot], n.when[known.slot], n.fresh[known.slot] = x, n.at, true
				d.seen[known.slot] = true
			}
		}
	}
	d.road.add(n)
	for w := range d.pads {
		if p := slotPadFL + slot(w); n.fresh[p] {
			d.pads[w] = append(d.pads[w], n.value[p])
		}
	}
	d.tyres.add(n)
	d.low.add(n)
	d.pack.add(n, cells, d.table[presage.SignalCellVoltages].spec)
}

func (d *dayFold) features() map[string]float64 {
	f := make(map[string]float64, 16)
	d.road.features(f)
	axle := func(name string, left, right []float64) {
		if worse := math.Max(median.Sorting(left), median.Sorting(right)); len(left) > 0 && len(right) > 0 {
			f[name] = worse
		} else if one := slices.Concat(left, right); len(one) > 0 {
			f[name] = median.Sorting(one)
		}
	}
	axle(FeaturePadFront, d.pads[0], d.pads[1])
	axle(FeaturePadRear, d.pads[2], d.pads[3])
	d.tyres.features(f)
	d.low.features(f)
	d.pack.features(f)
	return f
}
