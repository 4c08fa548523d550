package gbt32960

import (
	"math"
	"time"

	"presage"
)

const (
	packPrefix       = "Vehicle.Powertrain.TractionBattery."
	cellTemperatures = packPrefix + "Temperature.CellTemperature"
	motorPrefix      = "Vehicle.Powertrain.ElectricMotor."
	locationPrefix   = "Vehicle.CurrentLocation."
)

// output gathers what one message holds.
type output struct {
	vin      presage.VIN
	at       time.Time
	readings []presage.Reading
	alarms   *alarms // nil when the message holds no alarm information

	cells, probes array

	places            map[string]int // of the readings by signal; nil while they are few
	room              int            // what is left of a frame's bytes in JSON; below 0 when it said more
	invalid, abnormal int            // registers without a value
	custom            int            // makers' own information that was skipped
	bad               int            // JSON members that are not registers
	firstBad          string         // the first of them
}

// finish adds what follows from the whole message.
func (o *output) finish() {
	cells := o.cells.finish(o, presage.SignalCellVoltages, "CellVoltages")
	probes := o.probes.finish(o, cellTemperatures, "ProbeTemperatures")
	o.extremes(cells, noVolts, packPrefix+"CellVoltage.Max", packPrefix+"CellVoltage.Min")
	o.extremes(probes, noCelsius, presage.SignalPackTempMax, presage.SignalPackTempMin)
}

// extremes adds the highest and the lowest of a whole pack unless the message
// tells them: 2025 no longer does. Places that hold none have no say.
func (o *output) extremes(pack []float64, none float64, highest, lowest string) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range pack {
		if x != none {
			low, high = min(low, x), max(high, x)
		}
	}
	if low <= high && !o.has(highest) && !o.has(lowest) {
		o.number(highest, high)
		o.number(lowest, low)
	}
}

func (o *output) has(signal string) bool {
	return o.place(signal) >= 0
}

// sample is what was measured, false when that is nothing.
func (o *output) sample() (presage.Sample, bool) {
	return presage.Sample{VIN: o.vin, Time: o.at, Readings: o.readings}, len(o.readings) > 0
}

// unknown counts the readings that the signal table does not hold, and the
// makers' own information.
func (o *output) unknown() int {
	n := o.custom
	for _, r := range o.readings {
		if _, ok := presage.LookupSignal(r.Signal); !ok {
			n++
		}
	}
	return n
}
