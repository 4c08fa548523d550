package tbox

import (
	"math/rand/v2"

	"presage"
)

// Style is what one maker's boxes do differently. All of it is within the
// telemetry contract.
type Style struct {
	TextTime  bool // RFC 3339 instead of epoch milliseconds
	QuotedKm  bool // the odometer as a string
	SaysVIN   bool // repeats the VIN inside the payload
	LastFirst bool // uploads a backlog from its newest message to its oldest
}

// Box is one car's telematics box: it writes samples into batches and hands
// full ones to the radio. It is not safe for use by several goroutines.
type Box struct {
	radio  *Radio
	car    int // order of messages that arrive in the same millisecond
	vin    presage.VIN
	style  Style
	r      *rand.Rand
	body   []byte // samples of the present batch, separated by commas
	n      int
	target int
	newest int64 // ms, of the last sample begun
	tally  Counts
	spoil  spoiling
	seq    uint64

	telemetryTopic, eventTopic string

	offFrom, offUntil int64 // ms, without coverage
	backlog           int
	lastAt            int64 // ms, arrival of the newest message that kept the order
	holding           bool
	held              []flight
}

// spoiling says what is still to go wrong in the present sample.
type spoiling struct{ nonsense, badValue bool }

// NewBox makes the box of the car with the given number, which orders messages
// that arrive at the same instant. The box owns r.
func NewBox(radio *Radio, car int, vin presage.VIN, style Style, r *rand.Rand) *Box {
	b := &Box{
		radio: radio, car: car, vin: vin, style: style, r: r,
		telemetryTopic: "presage/v1/" + string(vin) + "/telemetry", eventTopic: "presage/v1/" + string(vin) + "/event",
	}
	b.aim()
	return b
}

// aim draws the size of the next batch.
func (b *Box) aim() {
	b.target = 5 + b.r.IntN(11)
	if b.r.Float64() < b.radio.faults.Single {
		b.target = 1
	}
}

// Begin starts a sample at an instant in ms since 1970, later than any before.
func (b *Box) Begin(ms int64) {
	if b.n > 0 {
		b.body = append(b.body, ',')
	}
	b.body = append(b.body, `{"ts":`...)
	b.body = appendTime(b.body, ms, b.style.TextTime)
	b.body = append(b.body, `,"signals":{`...)
	b.newest = ms
	b.spoil = spoiling{}
	m := &b.radio.faults
	if x := b.r.Float64(); x < m.Nonsense+m.BadValue {
		b.spoil = spoiling{nonsense: x < m.Nonsense, badValue: x >= m.Nonsense}
	}
}

// Number adds a reading with 0-4 decimals.
func (b *Box) Number(name string, x float64, decimals int) {
	if b.spoil.badValue && b.body[len(b.body)-1] != '{' {
		b.spoil.badValue = false
		b.tally.BadValues++
		b.body = append(appendName(b.body, name), `"n/a"`...)
		return
	}
	b.body = appendFixed(appendName(b.body, name), x, decimals)
}

// Odometer adds the mileage in m.
func (b *Box) Odometer(m float64) {
	if b.spoilNow() {
		if b.r.IntN(2) == 0 {
			m = 0 // the cluster has not woken yet
		} else {
			m /= 1000 // a box that reports km
		}
	}
	b.body = appendName(b.body, presage.SignalOdometer)
	if b.style.QuotedKm {
		b.body = append(appendFixed(append(b.body, '"'), m, 0), '"')
		return
	}
	b.body = appendFixed(b.body, m, 0)
}

// Celsius adds a temperature in degC.
func (b *Box) Celsius(name string, c float64, decimals int) {
	if b.spoilNow() {
		c = 255
	}
	b.Number(name, c, decimals)
}

// Cells adds every cell's voltage in V.
func (b *Box) Cells(volts []float64) {
	bad := -1
	if len(volts) > 0 && b.spoilNow() {
		bad = b.r.IntN(len(volts))
	}
	b.body = append(appendName(b.body, presage.SignalCellVoltages), '[')
	for i, v := range volts {
		if i > 0 {
			b.body = append(b.body, ',')
		}
		if i == bad {
			v = 60
		}
		b.body = appendFixed(b.body, v, 3)
	}
	b.body = append(b.body, ']')
}

// Flag adds a boolean.
func (b *Box) Flag(name string, on bool) {
	word := "false"
	if on {
		word = "true"
	}
	b.body = append(appendName(b.body, name), word...)
}

// Word adds a text, which must not need escaping.
func (b *Box) Word(name, word string) {
	b.body = append(append(append(appendName(b.body, name), '"'), word...), '"')
}

func (b *Box) spoilNow() bool {
	if !b.spoil.nonsense {
		return false
	}
	b.spoil.nonsense = false
	b.tally.Nonsense++
	return true
}

// End finishes the sample and publishes the batch when it is full.
func (b *Box) End() {
	if b.radio.faults.UnknownName > 0 && b.r.Float64() < b.radio.faults.UnknownName {
		b.Number("Vehicle.Private.Supplier17.Word4", float64(b.r.IntN(65536)), 0)
		b.tally.Unknown++
	}
	b.body = append(b.body, '}', '}')
	b.n++
	b.tally.Samples++
	if b.n >= b.target {
		b.Flush(b.newest)
	}
}

// Flush publishes what the batch holds at an instant in ms, if anything.
func (b *Box) Flush(ms int64) {
	if b.n == 0 {
		return
	}
	payload := make([]byte, 0, len(b.body)+len(`{"vin":"","samples":[]}`)+len(b.vin))
	if b.n == 1 {
		payload = append(payload, b.body...)
		b.tally.Singles++
	} else {
		payload = append(payload, '{')
		if b.style.SaysVIN {
			payload = append(append(append(payload, `"vin":"`...), b.vin...), `",`...)
		}
		payload = append(append(append(payload, `"samples":[`...), b.body...), ']', '}')
	}
	b.publish(payload, ms)
	b.body, b.n, b.tally = b.body[:0], 0, Counts{}
	b.aim()
}
