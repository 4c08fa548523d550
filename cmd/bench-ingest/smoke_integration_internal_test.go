//go:build integration

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"presage/cmd/bench-ingest/traffic"
	"presage/internal/procs"
)

// TestMain lets this test binary be the bare subscriber, which a run starts as
// another process of the same program.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args[1:min(2, len(os.Args))], "bare") {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// presageBinary builds the service, or skips without the servers it is measured with.
func presageBinary(t *testing.T) string {
	t.Helper()
	_, noBroker := procs.FindMosquitto()
	_, noStore := procs.FindInflux()
	for _, err := range []error{noBroker, noStore} {
		if err != nil && os.Getenv("PRESAGE_INTEGRATION") == "1" {
			t.Fatal(err)
		} else if err != nil {
			t.Skip(err)
		}
	}
	binary := filepath.Join(t.TempDir(), "presage")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "presage/cmd/presage").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// The whole way with few messages: figures are not looked at, rows are.
func TestSmoke(t *testing.T) {
	t.Parallel()
	binary := presageBinary(t)
	for name, test := range map[string]func(*testing.T, string){"compare": smokeCompare, "load": smokeLoad} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, binary)
		})
	}
}

func smokeCompare(t *testing.T, binary string) {
	t.Helper()
	var r report
	smoke(t, &r, "compare", "--presage-bin", binary, "--messages", "500", "--batches", "50", "--embedded", "500",
		"--clients", "20x5,50x1", "--vehicles", "20", "--rounds", "1", "--feeds", "held")
	if len(r.Runs) != 7 { // bare and Presage, single and batches; of the embedded door batches of the first crowd
		t.Fatalf("%d runs", len(r.Runs))
	}
	for _, run := range r.Runs {
		if run.missing() != 0 || run.Consumer != bare && run.Fields != traffic.Signals || run.Stored <= 0 || run.Peak <= 0 {
			t.Errorf("%+v", run)
		}
	}
}

func smokeLoad(t *testing.T, binary string) {
	t.Helper()
	var all []loadResult
	smoke(t, &all, "load", "--presage-bin", binary, "--vehicles", "30", "--every", "500ms", "--duration", "2s")
	if len(all) != 2 {
		t.Fatalf("%d back ends", len(all))
	}
	for _, r := range all {
		// 30 vehicles, four turns each.
		if r.Sent != 120 || r.Acked != 120 || r.Stored != 120 || r.Unseen != 0 || r.Probes == 0 || r.Letters != 0 {
			t.Errorf("%+v", r)
		}
	}
}

// smoke runs the program and reads the JSON it wrote.
func smoke(t *testing.T, into any, args ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "out.json")
	var out, progress strings.Builder
	if err := run(t.Context(), append(args, "--out", file), &out, &progress); err != nil {
		t.Fatalf("%v\n%s%s", err, &progress, &out)
	}
	t.Log("\n" + out.String())
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}
