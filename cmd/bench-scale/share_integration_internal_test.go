//go:build integration

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Processes that share a night judge each vehicle once, however many they are.
func TestNightsAreShared(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "bench-scale")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program, "--vehicles", "200", "--days", "10", "--share", "1,2,3")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err, string(out))
	}
	t.Log(string(out))
	rows := regexp.MustCompile(`(?m)^\| [123] .*\| 0 +\|$`).FindAllString(string(out), -1)
	if len(rows) != 3 || strings.Count(string(out), "\n") != 5 {
		t.Errorf("want three nights without a vehicle judged twice or not:\n%s", out)
	}
}
