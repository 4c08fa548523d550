package gbt32960_test

import (
	"fmt"
	"strings"
	"testing"

	"presage/ingest"
	"presage/ingest/gbt32960"
	"presage/ingest/gbt32960/frame"
	terminals "presage/simulator/gbt32960"
)

// A frame of a car at the charger: everything that it knows, and 96 cells.
func frame96(tb testing.TB) []byte {
	tb.Helper()
	doc := fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Speed":0,"Vehicle.TraveledDistance":18837700,`+
		`"Vehicle.Powertrain.TractionBattery.CurrentVoltage":351.2,"Vehicle.Powertrain.TractionBattery.CurrentCurrent":44.3,`+
		`"Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed":92,"Vehicle.Powertrain.TractionBattery.Charging.IsCharging":true,`+
		`"Vehicle.Powertrain.TractionBattery.InsulationResistance":2500,"Vehicle.Powertrain.TractionBattery.WarningLevel":0,`+
		`"Vehicle.Powertrain.TractionBattery.Temperature.Max":31,"Vehicle.Powertrain.TractionBattery.Temperature.Min":28,`+
		`"Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages":[%s3.967]}}`,
		sampleTime.UnixMilli(), strings.Repeat("3.967,", 95))
	reports, err := terminals.Encoder{VIN: vinA, Edition: 2016}.Encode([]byte(doc))
	if err != nil || len(reports) != 1 {
		tb.Fatal(reports, err)
	}
	return reports[0].Frame
}

func BenchmarkDecodeFrame96Cells(b *testing.B) {
	d := gbt32960.NewDecoder(nil)
	m := ingest.Message{Topic: "gbt32960/" + string(vinA) + "/frame", Payload: frame96(b), Received: now()}
	b.SetBytes(int64(len(m.Payload)))
	b.ReportAllocs()
	for b.Loop() {
		if got, err := d.Decode(m); err != nil || len(got.Samples) != 1 {
			b.Fatal(got, err)
		}
	}
}

func BenchmarkSplitter(b *testing.B) {
	raw := frame96(b)
	var s frame.Splitter
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = s.Write(raw)
		if p, ok := s.Next(); !ok || p.Why != "" {
			b.Fatal(p)
		}
	}
}

// From the socket to the response, with a store that forgets.
func BenchmarkGateway(b *testing.B) {
	w := newWorld(b, nil)
	c, raw := w.login(vinA), frame96(b)
	b.ReportAllocs()
	b.ResetTimer()
	const window = 32
	for range window {
		c.send(raw)
	}
	for b.Loop() {
		c.want(frame.Realtime, frame.OK)
		c.send(raw)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}
