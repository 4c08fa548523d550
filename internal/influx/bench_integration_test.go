//go:build integration

package influx_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/influx/influxtest"
	"presage/internal/storetest"
)

const benchBatch = 5000

// drive makes rows of ten signals, one a second.
func drive() []presage.Sample {
	out := make([]presage.Sample, benchBatch)
	for i := range out {
		var r []presage.Reading
		for k := range 10 {
			r = append(r, storetest.Reading(fmt.Sprintf("Vehicle.Signal%d", k), presage.Number(float64(i*k%997)/10)))
		}
		out[i] = storetest.Sample(storetest.VIN(0), int64(i)*1000, r...)
	}
	return out
}

// BenchmarkWrite: batches of 5000 rows of ten signals, acknowledged by a real server.
func BenchmarkWrite(b *testing.B) {
	server := influxtest.Start(b)
	s := open(b, server.Config())
	batch := drive()
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Write(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		for i := range batch {
			batch[i].Time = batch[i].Time.Add(benchBatch * time.Second)
		}
	}
	b.ReportMetric(float64(b.N)*benchBatch/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkScan: 50,000 rows of ten signals.
func BenchmarkScan(b *testing.B) {
	server := influxtest.Start(b)
	s := open(b, server.Config())
	batch := drive()
	const batches = 10
	for range batches {
		if err := s.Write(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		for i := range batch {
			batch[i].Time = batch[i].Time.Add(benchBatch * time.Second)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range s.Scan(b.Context(), storetest.VIN(0), storetest.Start(), storetest.Start().AddDate(0, 0, 9)) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if rows != batches*benchBatch {
			b.Fatalf("%d rows", rows)
		}
	}
	b.ReportMetric(float64(b.N)*batches*benchBatch/b.Elapsed().Seconds(), "rows/s")
}
