//go:build integration

package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"presage/internal/procs"
)

// The short form of make chaos-outreach, both databases one after the other.
func TestChaos(t *testing.T) {
	t.Parallel()
	if _, err := procs.FindPostgres(); err != nil {
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	program := built(t)
	o := options{
		Program: program, Seed: uint64(time.Now().UnixNano()), Bookers: 100, Slots: 10, Storm: 6 * time.Second,
		Customers: 30, KillEvery: 10 * time.Second,
		Messages: 60, Kills: 6, Due: 320, Limit: 5 * time.Minute,
	}
	t.Logf("random seed %d", o.Seed)
	var results []result
	for _, combination := range combinations() {
		got, err := run(t.Context(), combination, o, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatalf("%s: %v", combination, err)
		}
		for _, fault := range got.faults() {
			t.Error(fault)
		}
		if got.Storm.Moved == 0 || got.Storm.Cancelled == 0 || got.Storm.Refused == 0 || got.Storm.Kills == 0 {
			t.Errorf("%s: a storm without wind: %+v", combination, got.Storm)
		}
		results = append(results, got)
	}
	var table bytes.Buffer
	if err := report(&table, results); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", &table)
}

// built is the program, of these sources.
func built(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "presage")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "presage/cmd/presage")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}
