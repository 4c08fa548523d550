package main

import (
	"testing"
	"time"

	"presage/cmd/bench-ingest/wire/wiretest"
)

// Each connection is good for its CONNECT and 9 samples, and the one after is
// swallowed: 15 samples of each of 3 vehicles need a second connection of it.
func TestVehiclesRepeatWhatALostConnectionSwallowed(t *testing.T) {
	t.Parallel()
	url, distinct := wiretest.Broker(t, 10)
	f, err := connect(t.Context(), url, 3, 1000, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	if err := f.drive(t.Context(), 15, 2*time.Millisecond, nil); err != nil {
		t.Fatal(err)
	}
	if err := f.settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	waits, _ := f.lags()
	if f.sent.Load() != 45 || f.acked.Load() != 45 || distinct() != 45 || len(waits) != 45 {
		t.Errorf("%d sent, %d acknowledged, %d distinct ones arrived", f.sent.Load(), f.acked.Load(), distinct())
	}
	if n := f.reconnects.Load(); n < 3 {
		t.Errorf("%d reconnects, want one of each vehicle at least", n)
	}
}

func TestAFleetStopsWhileItsBrokerIsAway(t *testing.T) {
	t.Parallel()
	url, distinct := wiretest.Broker(t, 1) // the CONNECT alone
	f, err := connect(t.Context(), url, 3, 1000, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.drive(t.Context(), 2, time.Millisecond, nil); err != nil {
		t.Fatal(err)
	}
	f.close() // it must return
	if f.sent.Load() != 6 || f.acked.Load() != 0 || distinct() != 0 {
		t.Errorf("%d sent, %d acknowledged, %d arrived", f.sent.Load(), f.acked.Load(), distinct())
	}
}

func TestAFleetThatCannotConnect(t *testing.T) {
	t.Parallel()
	if _, err := connect(t.Context(), "tcp://127.0.0.1:1", 3, 1000, time.Second); err == nil {
		t.Error("no error")
	}
}
