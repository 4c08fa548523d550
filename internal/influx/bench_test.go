//go:build unix

package influx_test

import (
	"bytes"
	"fmt"
	"syscall"
	"testing"
	"time"

	"presage"
	"presage/ingest"
	"presage/internal/influx"
)

// tenSignals is a sample as an electric car sends it.
const tenSignals = `{"ts":1732190000123,"signals":{` +
	`"Vehicle.Speed":53.2,"Vehicle.TraveledDistance":18837700,"Vehicle.Exterior.AirTemperature":21.5,` +
	`"Vehicle.LowVoltageBattery.CurrentVoltage":13.87,"Vehicle.LowVoltageSystemState":"ON",` +
	`"Vehicle.Powertrain.TractionBattery.CurrentVoltage":351.2,` +
	`"Vehicle.Powertrain.TractionBattery.CurrentCurrent":-44.3,` +
	`"Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed":92,` +
	`"Vehicle.Powertrain.TractionBattery.Charging.IsCharging":false,` +
	`"Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire.Pressure":248}}`

// BenchmarkDecodeEncode: what a message costs from its payload to line protocol.
func BenchmarkDecodeEncode(b *testing.B) {
	var batch bytes.Buffer
	for i := range 10 {
		sample := bytes.Replace([]byte(tenSignals), []byte("1732190000123"), fmt.Append(nil, 1732190000123+1000*i), 1)
		batch.Write(append([]byte{','}, sample...))
	}
	for name, payload := range map[string][]byte{
		"one sample of 10 signals": []byte(tenSignals),
		"10 samples of 10 signals": fmt.Appendf(nil, `{"samples":[%s]}`, batch.Bytes()[1:]),
	} {
		b.Run(name, func(b *testing.B) {
			const vin presage.VIN = "1M8GDM9AXKP042788"
			received := time.UnixMilli(1732190000123).Add(time.Hour)
			decoder, encoder := ingest.NewDecoder(), influx.NewEncoder()
			b.ReportAllocs()
			b.SetBytes(int64(len(payload)))
			before := cpuTime(b)
			for b.Loop() {
				samples, faults, err := decoder.Telemetry(vin, payload, received)
				if err != nil || len(faults) > 0 {
					b.Fatal(faults, err)
				}
				if text, rejected := encoder.Encode(samples); len(text) == 0 || rejected != nil {
					b.Fatal(rejected)
				}
				decoder.Reset()
			}
			b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op") // what holds on a busy machine too
		})
	}
}

// cpuTime is what the process has used so far.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
