//go:build integration

package main

import (
	"bytes"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"presage/internal/procs"
)

// The short form of make chaos-ingest: everything inside presage, and the same
// with Mosquitto and InfluxDB, where the writes are held during a kill.
func TestChaos(t *testing.T) {
	t.Parallel()
	needServers(t)
	program := filepath.Join(t.TempDir(), "presage")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "presage/cmd/presage")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	for _, short := range []struct {
		name  string
		kills int
		acts  []act // that the plan must hold
	}{
		{"embedded", 3, []act{killPresage, outage}},
		{"mosquitto-influx-spared", 3, []act{killPresage, killHeld, killStore, outage}},
	} {
		t.Run(short.name, func(t *testing.T) {
			t.Parallel()
			list, err := chosen([]string{short.name})
			if err != nil {
				t.Fatal(err)
			}
			seed := uint64(time.Now().UnixNano())
			t.Logf("random seed %d", seed)
			got, err := run(t.Context(), list[0], settings{
				Seed: seed, Kills: short.kills, Outage: 4 * time.Second, Rate: 200, Vehicles: 4, Limit: 10 * time.Minute,
				Program: program, Log: slog.New(slog.DiscardHandler),
			})
			if err != nil {
				t.Fatal(err)
			}
			var table bytes.Buffer
			if err := report(&table, []result{got}); err != nil {
				t.Fatal(err)
			}
			t.Logf("\n%s", &table)
			for _, fault := range got.faults() {
				t.Error(fault)
			}
			// The broker inside presage is Presage's, and Mosquitto was left alone.
			if got.Missing != 0 || got.Acknowledged != got.Published || got.Published == 0 ||
				got.Rows != got.AckedSamples || got.Letters != got.AckedBad {
				t.Errorf("%+v", got.tally)
			}
			for _, want := range short.acts {
				if !slices.ContainsFunc(got.Recoveries, func(r recovery) bool { return r.Act == want }) {
					t.Errorf("nobody did: %s", want)
				}
			}
		})
	}
}

func needServers(t *testing.T) {
	t.Helper()
	_, noBroker := procs.FindMosquitto()
	_, noStore := procs.FindInflux()
	for _, err := range []error{noBroker, noStore} {
		if err == nil {
			continue
		}
		if os.Getenv("PRESAGE_INTEGRATION") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
}
