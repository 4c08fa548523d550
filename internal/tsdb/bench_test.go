package tsdb_test

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// drive makes n samples of ten signals, one a second: seven with the decimals
// that a car sends, one bool, one text, one full float.
func drive(vin presage.VIN, n int) []presage.Sample {
	out := make([]presage.Sample, n)
	for i := range out {
		x := float64(i)
		r := make([]presage.Reading, 0, 10)
		for k := range 7 {
			scale := math.Pow10(k % 3)
			v := math.Round(100*scale*(1+math.Sin(x/float64(50+k)))) / scale
			r = append(r, storetest.Reading(fmt.Sprintf("Vehicle.Signal%d", k), presage.Number(v)))
		}
		r = append(r,
			storetest.Reading("Vehicle.IsCharging", presage.Bool(i%1000 < 200)),
			storetest.Reading("Vehicle.State", presage.String([]string{"ON", "START"}[i/500%2])),
			storetest.Reading("Vehicle.Float", presage.Number(math.Sin(x))))
		out[i] = storetest.Sample(vin, int64(i)*1000, r...)
	}
	return out
}

const benchBatch = 5000

func fill(b *testing.B, s *tsdb.Store, rows int) {
	b.Helper()
	samples := drive(storetest.VIN(0), rows)
	for len(samples) > 0 {
		n := min(benchBatch, len(samples))
		if err := s.Write(b.Context(), samples[:n]); err != nil {
			b.Fatal(err)
		}
		samples = samples[n:]
	}
}

// BenchmarkWrite: batches of 5000 rows of ten signals, each batch synced.
func BenchmarkWrite(b *testing.B) {
	s := open(b, b.TempDir())
	batch := drive(storetest.VIN(0), benchBatch)
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

// BenchmarkWriteLate: the same, older than what is stored, so that rows merge.
func BenchmarkWriteLate(b *testing.B) {
	s := open(b, b.TempDir())
	batch := drive(storetest.VIN(0), benchBatch)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Write(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
		for i := range batch {
			batch[i].Time = batch[i].Time.Add(-benchBatch * time.Second)
		}
	}
	b.ReportMetric(float64(b.N)*benchBatch/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkWriteOne: one sample a call, what a sync costs here.
func BenchmarkWriteOne(b *testing.B) {
	s := open(b, b.TempDir())
	one := drive(storetest.VIN(0), 1)
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Write(b.Context(), one); err != nil {
			b.Fatal(err)
		}
		one[0].Time = one[0].Time.Add(time.Second)
	}
}

const benchRows = 500_000

// stored gives a store of benchRows rows in tables on the disk: opening one
// again flushes what was in memory.
func stored(b *testing.B) *tsdb.Store {
	b.Helper()
	dir := b.TempDir()
	s, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	fill(b, s, benchRows)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	s = open(b, dir)
	tables, err := filepath.Glob(filepath.Join(dir, "*.sst"))
	if err != nil || len(tables) == 0 {
		b.Fatalf("no tables in %s: %v", dir, err)
	}
	return s
}

func benchmarkScan(b *testing.B, signals ...string) {
	b.Helper()
	s := stored(b)
	b.ReportAllocs()
	for b.Loop() {
		rows := 0
		for _, err := range s.Scan(b.Context(), storetest.VIN(0),
			storetest.Start(), storetest.Start().AddDate(1, 0, 0), signals...) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if rows != benchRows {
			b.Fatalf("%d rows, want %d", rows, benchRows)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkScan(b *testing.B)         { benchmarkScan(b) }
func BenchmarkScanFiltered(b *testing.B) { benchmarkScan(b, "Vehicle.Signal3", "Vehicle.State") }

func BenchmarkRows(b *testing.B) {
	s := stored(b)
	b.ReportAllocs()
	for b.Loop() {
		if n, err := s.Rows(b.Context()); n != benchRows || err != nil {
			b.Fatalf("%d rows, %v", n, err)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkCheckpoint: a copy of benchRows rows, opened and counted.
func BenchmarkCheckpoint(b *testing.B) {
	s := stored(b)
	for b.Loop() {
		dir := filepath.Join(b.TempDir(), "copy")
		if err := s.Checkpoint(b.Context(), dir); err != nil {
			b.Fatal(err)
		}
		if n, err := tsdb.Inspect(b.Context(), dir); n != benchRows || err != nil {
			b.Fatalf("%d rows, %v", n, err)
		}
	}
	b.ReportMetric(float64(b.N)*benchRows/b.Elapsed().Seconds(), "rows/s")
}
