package storetest

import (
	"context"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// Store is what is tested.
type Store interface {
	Write(ctx context.Context, samples []presage.Sample) error
	Scan(ctx context.Context, vin presage.VIN, from, to time.Time, signals ...string) iter.Seq2[presage.Sample, error]
	Rows(ctx context.Context) (int64, error)
	RowsOf(ctx context.Context, vin presage.VIN) (int64, error)
	Ready(ctx context.Context) error
	Close() error
}

// Start is the time that the suite's samples count from: 2024-11-21T07:16:30.123Z.
func Start() time.Time { return time.UnixMilli(1732173390123).UTC() }

// VIN returns the n-th of a series of well-formed VINs, 0 <= n < 10,000.
func VIN(n int) presage.VIN {
	digits := []byte("0000")
	for i := range digits {
		digits[3-i] = byte('0' + n%10)
		n /= 10
	}
	v := "LPSPRSG10RA00" + string(digits)
	return presage.VIN(v[:8] + string(presage.VINCheckDigit(v)) + v[9:])
}

// Sample makes a sample of vin at Start plus ms milliseconds.
func Sample(vin presage.VIN, ms int64, readings ...presage.Reading) presage.Sample {
	return presage.Sample{VIN: vin, Time: Start().Add(time.Duration(ms) * time.Millisecond), Readings: readings}
}

// Reading makes a reading.
func Reading(signal string, v presage.Value) presage.Reading {
	return presage.Reading{Signal: signal, Value: v}
}

// Failer is what *testing.T and *rapid.T share.
type Failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Collect runs a scan to its end and returns copies of the samples, the
// readings of each sorted by signal. It fails the test on an error.
func Collect(t Failer, scan iter.Seq2[presage.Sample, error]) []presage.Sample {
	t.Helper()
	var out []presage.Sample
	for s, err := range scan {
		if err != nil {
			t.Fatalf("scan: %v", err)
		}
		out = append(out, Copy(s))
	}
	return out
}

// Copy returns a sample that shares nothing with s, its readings sorted by signal.
func Copy(s presage.Sample) presage.Sample {
	s.Readings = slices.Clone(s.Readings)
	for i := range s.Readings {
		if s.Readings[i].Value.Kind == presage.KindArray {
			s.Readings[i].Value.Array = append([]float64{}, s.Readings[i].Value.Array...)
		}
	}
	slices.SortFunc(s.Readings, func(a, b presage.Reading) int { return strings.Compare(a.Signal, b.Signal) })
	return s
}

// write stores samples or fails the test.
func write(t *testing.T, s Store, samples ...presage.Sample) {
	t.Helper()
	if err := s.Write(t.Context(), samples); err != nil {
		t.Fatalf("write: %v", err)
	}
}

// wantAll compares everything that is stored for vin.
func wantAll(t *testing.T, s Store, vin presage.VIN, want ...presage.Sample) {
	t.Helper()
	got := Collect(t, s.Scan(t.Context(), vin, time.Unix(-1<<31, 0), time.Unix(1<<32, 0)))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored samples (-want +got):\n%s", diff)
	}
	n, err := s.RowsOf(t.Context(), vin)
	if err != nil || n != int64(len(want)) {
		t.Errorf("RowsOf = %d, %v; want %d", n, err, len(want))
	}
}
