//go:build integration

package influx_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/influx"
	"presage/internal/influx/influxtest"
	"presage/internal/storetest"
)

// A signal that changes its kind is turned away reading by reading, with the
// VIN masked in the reason, and everything around it is stored.
func TestTypeConflict(t *testing.T) {
	t.Parallel()
	server := influxtest.Start(t)
	s := open(t, influx.Config{URL: server.URL, Bucket: server.Bucket})
	number := storetest.Reading("Kind", presage.Number(1))
	text := storetest.Reading("Kind", presage.String("one"))
	other := storetest.Reading("Other", presage.Bool(true))
	vin := storetest.VIN(1)
	if err := s.Write(t.Context(), []presage.Sample{storetest.Sample(vin, 0, number)}); err != nil {
		t.Fatal(err)
	}
	var samples, want, wantRejected []presage.Sample
	want = append(want, storetest.Sample(vin, 0, number))
	for i := int64(1); i <= 100; i++ {
		if i%40 == 0 {
			samples = append(samples, storetest.Sample(vin, i, text, other))
			want = append(want, storetest.Sample(vin, i, other))
			wantRejected = append(wantRejected, storetest.Sample(vin, i, text))
			continue
		}
		samples = append(samples, storetest.Sample(vin, i, number, other))
		want = append(want, storetest.Sample(vin, i, number, other))
	}
	err := s.Write(t.Context(), samples)
	var rejected *influx.RejectedError
	if !errors.As(err, &rejected) || !errors.Is(err, presage.ErrInvalid) {
		t.Fatalf("Write: %v; want a RejectedError", err)
	}
	if diff := cmp.Diff(wantRejected, rejected.Samples); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if !strings.Contains(rejected.Reason, "field type conflict") || strings.Contains(rejected.Reason, string(vin)) {
		t.Errorf("reason %q must be the server's, without the VIN", rejected.Reason)
	}
	got := storetest.Collect(t, s.Scan(t.Context(), vin, storetest.Start(), storetest.Start().Add(time.Hour)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}

// A missing database is found when the store is opened, and named.
func TestMissingBucket(t *testing.T) {
	t.Parallel()
	server := influxtest.Start(t)
	_, err := influx.Open(t.Context(), influx.Config{URL: server.URL, Bucket: "nosuch/autogen"})
	if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), `CREATE DATABASE "nosuch"`) {
		t.Errorf("Open: %v; want ErrUnavailable that says how to make the database", err)
	}
}

// What was acknowledged outlives a killed server, and writes go on when it is back.
func TestServerRestart(t *testing.T) {
	t.Parallel()
	server := influxtest.Start(t)
	s := open(t, influx.Config{URL: server.URL, Bucket: server.Bucket})
	a := storetest.Sample(storetest.VIN(1), 0, storetest.Reading("A", presage.Number(1)))
	b := storetest.Sample(storetest.VIN(1), 1, storetest.Reading("A", presage.Number(2)))
	if err := s.Write(t.Context(), []presage.Sample{a}); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if err := s.Write(t.Context(), []presage.Sample{b}); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("Write to a dead server: %v; want ErrUnavailable", err)
	}
	if err := s.Ready(t.Context()); !errors.Is(err, presage.ErrUnavailable) {
		t.Fatalf("Ready of a dead server: %v; want ErrUnavailable", err)
	}
	influxtest.StartIn(t, server.Dir, server.Address())
	if err := s.Write(t.Context(), []presage.Sample{b}); err != nil {
		t.Fatal(err)
	}
	got := storetest.Collect(t, s.Scan(t.Context(), a.VIN, storetest.Start(), storetest.Start().Add(time.Hour)))
	if diff := cmp.Diff([]presage.Sample{a, b}, got); diff != "" {
		t.Errorf("after the restart (-want +got):\n%s", diff)
	}
}
