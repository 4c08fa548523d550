package main

import (
	"testing"
	"time"

	"presage"
	"presage/cmd/bench-ingest/traffic"
	"presage/internal/tsdb"
)

// Two vehicles sent three rows; Presage's own row and another vehicle's are not counted.
func TestEmbeddedRowsAreTheVehicles(t *testing.T) {
	t.Parallel()
	dir, at := t.TempDir(), time.Now().UTC().Truncate(time.Second)
	store, err := tsdb.Open(dir, tsdb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sample := func(n int, later time.Duration, signal string) presage.Sample {
		return presage.Sample{
			VIN: traffic.VIN(n), Time: at.Add(later),
			Readings: []presage.Reading{{Signal: signal, Value: presage.Number(1)}},
		}
	}
	err = store.Write(t.Context(), []presage.Sample{
		sample(0, 0, traffic.Marker), sample(0, time.Second, traffic.Marker), sample(1, 0, traffic.Marker),
		sample(0, time.Minute, presage.OwnPrefix+"brake_pad"), sample(2, 0, traffic.Marker),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	rows, bytes, err := embeddedRows(t.Context(), dir, 2)
	if rows != 3 || bytes <= 0 || err != nil {
		t.Errorf("%d rows, %d bytes, %v", rows, bytes, err)
	}
}
