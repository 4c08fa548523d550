package traffic_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/cmd/bench-ingest/traffic"
	"presage/cmd/bench-ingest/wire/wiretest"
	"presage/ingest"
)

var now = time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)

// ParseVIN refuses a wrong check digit of China and North America only: the
// digit of the others is compared by itself.
func TestVINsAreDistinctAndRight(t *testing.T) {
	t.Parallel()
	seen := map[presage.VIN]bool{}
	for n := range 20_000 {
		vin := traffic.VIN(n)
		parsed, err := presage.ParseVIN(string(vin))
		if err != nil || parsed != vin || vin[8] != presage.VINCheckDigit(string(vin)) || seen[vin] {
			t.Fatalf("%d: %s, %v", n, vin, err)
		}
		seen[vin] = true
	}
}

// The service's own decoder reads the payloads: nothing may be at fault.
func TestEveryMessageIsReadInFull(t *testing.T) {
	t.Parallel()
	for _, batch := range []int{1, 10} {
		s := traffic.NewStream(500, batch, 7, now)
		type row struct {
			vin presage.VIN
			at  int64
		}
		rows := map[row]bool{}
		for i := range s.Messages {
			topic, payload := s.Append(nil, i)
			vin := presage.VIN(strings.Split(topic, "/")[2])
			samples, faults, err := ingest.DecodeTelemetry(vin, payload, now)
			if err != nil || len(faults) > 0 || len(samples) != batch {
				t.Fatalf("message %d: %d samples, %v, %v\n%s", i, len(samples), faults, err, payload)
			}
			for _, sample := range samples {
				if len(sample.Readings) != traffic.Signals || !sample.Time.Before(now) {
					t.Fatalf("message %d: %d readings at %v", i, len(sample.Readings), sample.Time)
				}
				rows[row{vin, sample.Time.UnixMilli()}] = true
			}
		}
		if len(rows) != s.Samples() || s.Samples() != 500*batch {
			t.Errorf("batch %d: %d rows of %d samples", batch, len(rows), s.Samples())
		}
	}
}

func TestPumpSendsEveryMessageOnce(t *testing.T) {
	t.Parallel()
	url, count := wiretest.Broker(t, 0)
	s := traffic.NewStream(1000, 1, 10, now)
	lost, err := traffic.Pump(t.Context(), url, traffic.Lanes{Connections: 3, Window: 16}, s)
	if err != nil || lost != 0 || count() != 1000 {
		t.Errorf("%d distinct messages arrived, %d connections lost, %v", count(), lost, err)
	}
}

func TestPumpLogsInAsVehicles(t *testing.T) {
	t.Parallel()
	url, count := wiretest.Broker(t, 0)
	s := traffic.NewStream(300, 1, 100, now)
	lost, err := traffic.Pump(t.Context(), url, traffic.Lanes{Connections: 100, Window: 1, Vehicles: true}, s)
	if err != nil || lost != 0 || count() != 300 {
		t.Errorf("%d distinct messages arrived, %d connections lost, %v", count(), lost, err)
	}
}

// Each connection is good for its CONNECT and 99 messages, and the one after
// is swallowed: 1000 messages need more than ten connections.
func TestPumpRepeatsWhatALostConnectionSwallowed(t *testing.T) {
	t.Parallel()
	url, count := wiretest.Broker(t, 100)
	s := traffic.NewStream(1000, 1, 10, now)
	lost, err := traffic.Pump(t.Context(), url, traffic.Lanes{Connections: 2, Window: 16}, s)
	if err != nil || lost < 8 || count() != 1000 {
		t.Errorf("%d distinct messages arrived, %d connections lost, %v", count(), lost, err)
	}
}

func TestPumpGivesUpOnABrokerThatTakesNothing(t *testing.T) {
	t.Parallel()
	url, count := wiretest.Broker(t, 1) // the CONNECT alone
	_, err := traffic.Pump(t.Context(), url, traffic.Lanes{Connections: 1, Window: 16}, traffic.NewStream(10, 1, 1, now))
	if !errors.Is(err, presage.ErrUnavailable) || count() != 0 {
		t.Errorf("%v", err)
	}
}
