// Package mosquittotest starts a real Mosquitto for a test: on loopback, on a
// free port, with persistence in a temporary directory, gone when the test ends.
package mosquittotest

import (
	"os"
	"testing"

	"presage/internal/procs"
)

// Start returns the broker's URL, tcp://127.0.0.1:PORT. Without a mosquitto
// binary the test is skipped, or fails when PRESAGE_INTEGRATION is set.
func Start(tb testing.TB) string {
	tb.Helper()
	if _, err := procs.FindMosquitto(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	address, err := procs.FreeAddress(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	broker, err := procs.StartMosquitto(tb.Context(), tb.TempDir(), address)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(broker.Kill)
	return "tcp://" + address
}
