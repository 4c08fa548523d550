package ingest_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/ingest"
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

func BenchmarkDecodeTenSignals(b *testing.B) {
	payload := []byte(tenSignals)
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ingest.DecodeTelemetry(vinA, payload, arrival); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeCells(b *testing.B) {
	payload := []byte(`{"ts":1732190000123,"signals":{"` + presage.SignalCellVoltages + `":[` +
		strings.Repeat("3.967,", 95) + `3.967]}}`)
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ingest.DecodeTelemetry(vinA, payload, arrival); err != nil {
			b.Fatal(err)
		}
	}
}

func batchOf(n int) []byte {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = strings.Replace(tenSignals, "1732190000123", fmt.Sprint(1732190000123+1000*i), 1)
	}
	return []byte(`{"samples":[` + strings.Join(rows, ",") + `]}`)
}

func BenchmarkDecodeGzipBatchOf1000(b *testing.B) {
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	_, _ = w.Write(batchOf(1000))
	_ = w.Close()
	b.ReportAllocs()
	for b.Loop() {
		samples, _, err := ingest.DecodeTelemetry(vinA, zipped.Bytes(), arrival)
		if err != nil || len(samples) != 1000 {
			b.Fatal(len(samples), err)
		}
	}
}

func BenchmarkPipeline(b *testing.B) {
	m := newMemory()
	m.forget = true
	p := start(b, m, ingest.Config{})
	payload := []byte(tenSignals)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.Submit(b.Context(), message(payload)); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
}

func message(payload []byte) ingest.Message {
	return ingest.Message{Topic: ingest.TelemetryTopic(vinA), Payload: payload, Received: arrival}
}

var arrival = time.UnixMilli(1732190000123).Add(time.Hour)
