package main

import (
	"fmt"
	"time"

	"presage"
	"presage/ingest"
)

const (
	// spacing between a vehicle's samples, in event time.
	spacing = 100 * time.Millisecond
	// one message in badEvery is not JSON and must become a dead letter.
	badEvery = 97
)

// stream is what one vehicle publishes: message n is a function of n.
type stream struct {
	vin  presage.VIN
	base time.Time // event time of message 0
}

// newStream is the stream of vehicle i; its events begin 20 hours before now.
func newStream(i int, now time.Time) stream {
	return stream{
		vin:  presage.VIN(fmt.Sprintf("WVWZZZ1KZCH%06d", i)),
		base: now.Add(-20 * time.Hour).Truncate(time.Millisecond).UTC(),
	}
}

func (s stream) topic() string { return ingest.TelemetryTopic(s.vin) }

func bad(n int) bool { return n%badEvery == badEvery-1 }

func (s stream) at(n int) time.Time { return s.base.Add(time.Duration(n) * spacing) }

// number is the n whose sample was measured at t, false if there is none.
func (s stream) number(t time.Time) (int, bool) {
	d := t.Sub(s.base)
	return int(d / spacing), d >= 0 && d%spacing == 0
}

// values of message n show a mix-up: the odometer is unlike any other message's.
func (s stream) values(n int) map[string]float64 {
	return map[string]float64{
		presage.SignalOdometer: float64(5_000_000 + n),
		presage.SignalSpeed:    float64(n%1300) / 10,
	}
}

func (s stream) payload(n int) []byte {
	if bad(n) {
		return fmt.Appendf(nil, `{"ts":%d,"signals":{broken`, s.at(n).UnixMilli())
	}
	v := s.values(n)
	return fmt.Appendf(nil, `{"ts":%d,"signals":{%q:%v,%q:%v}}`, s.at(n).UnixMilli(),
		presage.SignalOdometer, int(v[presage.SignalOdometer]), presage.SignalSpeed, v[presage.SignalSpeed])
}

// key names a message wherever it is seen.
func key(topic string, payload []byte) string { return topic + " " + string(payload) }
