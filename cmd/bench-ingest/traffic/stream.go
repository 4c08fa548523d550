package traffic

import (
	"strconv"
	"time"

	"presage"
	"presage/ingest"
)

// Signals is how many readings a sample holds; Marker is one that each holds
// and that nobody but the vehicle writes.
const (
	Signals = 10
	Marker  = "Vehicle.Speed"
)

// Stream is a fixed run of messages: message i comes from vehicle i mod
// Vehicles, and no two samples of a vehicle bear the same time.
type Stream struct {
	Messages int
	Batch    int // samples a message; 1 sends the single form of the contract
	vins     []presage.VIN
	topics   []string
	start    time.Time
}

// NewStream returns the messages of so many vehicles with batch samples each,
// one sample a second a vehicle; the last is a minute before now.
func NewStream(messages, batch, vehicles int, now time.Time) *Stream {
	vehicles = min(vehicles, messages)
	s := &Stream{Messages: messages, Batch: batch}
	for n := range vehicles {
		vin := VIN(n)
		s.vins = append(s.vins, vin)
		s.topics = append(s.topics, ingest.TelemetryTopic(vin))
	}
	each := (messages + vehicles - 1) / vehicles * batch
	s.start = now.Add(-time.Minute - time.Duration(each)*time.Second).Truncate(time.Second)
	return s
}

// Samples is how many rows the whole stream makes in a store.
func (s *Stream) Samples() int { return s.Messages * s.Batch }

// Append appends the payload of message i to dst and tells its topic.
func (s *Stream) Append(dst []byte, i int) (topic string, payload []byte) {
	vehicle, turn := i%len(s.vins), i/len(s.vins)
	at := s.start.Add(time.Duration(turn*s.Batch) * time.Second)
	if s.Batch == 1 {
		return s.topics[vehicle], AppendSample(dst, at, i)
	}
	dst = append(dst, `{"samples":[`...)
	for k := range s.Batch {
		if k > 0 {
			dst = append(dst, ',')
		}
		dst = AppendSample(dst, at.Add(time.Duration(k)*time.Second), i+k)
	}
	return s.topics[vehicle], append(dst, "]}"...)
}

// AppendSample appends a sample of an electric car on the road: eight numbers, a
// word and a yes or no, about 520 bytes. n varies the values.
func AppendSample(dst []byte, at time.Time, n int) []byte {
	dst = append(dst, `{"ts":`...)
	dst = strconv.AppendInt(dst, at.UnixMilli(), 10)
	dst = append(dst, `,"signals":{"Vehicle.Speed":`...)
	dst = tenths(dst, 300+n%900)
	dst = append(dst, `,"Vehicle.TraveledDistance":`...)
	dst = strconv.AppendInt(dst, int64(18_837_700+n), 10)
	dst = append(dst, `,"Vehicle.Exterior.AirTemperature":`...)
	dst = tenths(dst, 150+n%150)
	dst = append(dst, `,"Vehicle.LowVoltageBattery.CurrentVoltage":`...)
	dst = tenths(dst, 131+n%13)
	dst = append(dst, `,"Vehicle.LowVoltageSystemState":"ON"`+
		`,"Vehicle.Powertrain.TractionBattery.CurrentVoltage":`...)
	dst = tenths(dst, 3_300+n%600)
	dst = append(dst, `,"Vehicle.Powertrain.TractionBattery.CurrentCurrent":-`...)
	dst = tenths(dst, 100+n%700)
	dst = append(dst, `,"Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed":`...)
	dst = tenths(dst, 200+n%750)
	dst = append(dst, `,"Vehicle.Powertrain.TractionBattery.Charging.IsCharging":false`+
		`,"Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure":`...)
	dst = strconv.AppendInt(dst, int64(230+n%30), 10)
	return append(dst, "}}"...)
}

// tenths writes n/10.
func tenths(dst []byte, n int) []byte {
	dst = append(strconv.AppendInt(dst, int64(n/10), 10), '.')
	return strconv.AppendInt(dst, int64(n%10), 10)
}
