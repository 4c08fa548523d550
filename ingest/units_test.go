package ingest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"presage"
	"presage/ingest"
)

// A unit that is likely wrong is told once for each vehicle and signal, with
// what was sent; the reading itself is stored unchanged.
func TestSuspectUnitsAreToldOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		p := start(t, m, ingest.Config{})
		send := func(vin presage.VIN, i int, signals string) {
			submit(t, p, ingest.Message{
				Topic: ingest.TelemetryTopic(vin), Received: arrival,
				Payload: fmt.Appendf(nil, `{"ts":%d,"signals":{%s}}`, ts+i, signals),
			})
		}
		const psi = `"Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure":36,"Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire.Pressure":"35"`
		for i := range 10 {
			send(vinA, i, psi+`,"Vehicle.Speed":50`)
		}
		send(vinB, 0, psi)
		send(vinB, 1, `"Vehicle.TraveledDistance":57913100,"Vehicle.Speed":65535,"Vehicle.Exterior.AirTemperature":21`)
		send(vinB, 2, `"Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[3650,3651]`)
		if err := p.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := len(m.stored()); n != 13 {
			t.Errorf("%d samples stored", n)
		}
		var told []string
		for _, l := range m.letters {
			told = append(told, fmt.Sprint(l.Reason, " ", l.VIN, " ", l.Detail[strings.LastIndex(l.Detail[:60], ".")+1:][:20], " ", string(l.Payload)))
		}
		if len(told) != 3 || m.letters[0].VIN != vinA || m.letters[1].VIN != vinB || m.letters[0].Reason != ingest.ReasonSuspectUnit {
			t.Fatalf("%q", told)
		}
		if d := m.letters[0].Detail; !strings.Contains(d, "36 would be usual in psi (248.211 kPa)") || !strings.Contains(d, "and 1 more") {
			t.Error(d)
		}
		if d := m.letters[2].Detail; !strings.Contains(d, "3650 would be usual in mV (3.65 V)") {
			t.Error(d)
		}
		if p := string(m.letters[0].Payload); !strings.Contains(p, "36") || strings.Contains(p, "Speed") {
			t.Error(p)
		}
	})
}
