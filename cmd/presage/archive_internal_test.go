package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"presage"
)

// written is a file in a directory of its own.
func written(t *testing.T, name, text string) string {
	t.Helper()
	name = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// What was imported is exported line by line as it was, and the service takes it up.
func TestTelemetryMovesByFile(t *testing.T) {
	t.Parallel()
	var lines []string
	start := time.Now().Add(-48 * time.Hour).Truncate(time.Second)
	for i := range 120 {
		at := start.Add(time.Duration(i) * 20 * time.Minute).UnixMilli()
		lines = append(lines, fmt.Sprintf(`telemetry,vin=%s Vehicle.Speed=%d,Vehicle.TraveledDistance=%d,Vendor.Mode="eco, \"2\"" %d`,
			realSeat, 30+i%40, 10_000+9*i, at))
	}
	text := strings.Join(lines, "\n") + "\n"
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "out.lp.gz")
	if got := command(t, "import", "--data", data, written(t, "telemetry.lp", "# from elsewhere\n"+text)); got != "120 rows of 1 vehicles stored\n" {
		t.Errorf("import printed %q", got)
	}
	command(t, "export", "--data", data, "--out", out)
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	back, err := io.ReadAll(z)
	if err != nil || string(back) != text {
		t.Errorf("the export differs (%v):\n%.400s\nwant\n%.400s", err, back, text)
	}
	s := serve(t, "--data", data)
	if got := until(s, "/v1/vehicles?q="+string(realSeat), "the imported vehicle is registered",
		func(v presage.Vehicle) bool { return v.VIN == realSeat }); got.LastSeen.UnixMilli() != start.Add(119*20*time.Minute).UnixMilli() {
		t.Errorf("last seen %v", got.LastSeen)
	}
	prognosed(s, realSeat)
}

// A file with faults is refused whole, each fault with its line.
func TestAFaultyFileIsNotImported(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	good := fmt.Sprintf("telemetry,vin=%s Vehicle.Speed=1 %d\n", realSeat, time.Now().Add(-time.Hour).UnixMilli())
	future := fmt.Sprintf("telemetry,vin=%s Vehicle.Speed=1 %d\n", realSeat, time.Now().Add(time.Hour).UnixMilli())
	err := run(t.Context(), []string{"import", "--data", data, written(t, "telemetry.lp", good+"nonsense\n"+future)}, nil, newTerminal(), io.Discard)
	for _, part := range []string{"nothing was imported", "telemetry.lp: line 2", "row 3", "lies in the future"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not say %q", err, part)
		}
	}
	out := filepath.Join(t.TempDir(), "out.lp")
	if got := command(t, "export", "--data", data, "--out", out); !strings.HasPrefix(got, "0 rows of 0 vehicles") {
		t.Errorf("export printed %q", got)
	}
	err = run(t.Context(), []string{"export", "--data", data, "--out", out}, nil, newTerminal(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("an export over an existing file: %v", err)
	}
	err = run(t.Context(), []string{"export", "--data", data, "--out", out + "2", "--vin", "X", "--from", "monday"},
		nil, newTerminal(), io.Discard)
	for _, part := range []string{"--vin", "--from"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%v does not name %s", err, part)
		}
	}
}
