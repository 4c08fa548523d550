//go:build integration

package main

import (
	"bytes"
	"log/slog"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// The short form of make chaos-ingest CHAOS="--soak 20m". It wants no server
// that is not inside presage; without root the disk is not filled.
func TestSoak(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "presage")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "presage/cmd/presage")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("random seed %d", seed)
	got, err := runSoak(t.Context(), soakSettings{
		settings: settings{
			Seed: seed, Rate: 40, Vehicles: 4, Limit: 10 * time.Minute, Program: program, Log: slog.New(slog.DiscardHandler),
		},
		For: time.Minute, Disk: 1 << 30, Clock: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	var table bytes.Buffer
	if err := reportSoak(&table, got); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", &table)
	for _, fault := range got.faults() {
		t.Error(fault)
	}
	// The fleet repeats until it is acknowledged; the prober gives up when a fault overtakes it.
	if got.Acknowledged+got.GivenUp != got.Published || got.Published == 0 || got.Confirmed == 0 || len(got.Healed) == 0 {
		t.Errorf("%+v", got)
	}
}
