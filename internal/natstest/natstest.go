// Package natstest starts a real NATS cluster for a test: three nodes on loopback,
// with JetStream and MQTT gateways, gone when the test ends.
package natstest

import (
	"os"
	"testing"
)

// Start returns a cluster that is ready. settings are more lines of each node's
// configuration. Without a nats-server the test is skipped, or fails when
// PRESAGE_INTEGRATION is set.
func Start(tb testing.TB, settings ...string) *Cluster {
	tb.Helper()
	if _, err := find(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	cluster, err := launchAll(tb.Context(), tb.TempDir(), settings...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(cluster.Stop)
	return cluster
}
