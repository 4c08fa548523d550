package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The commands of docs/dealer.md, as they stand there, one after the other.
func TestDocumentedDealer(t *testing.T) {
	t.Parallel()
	runDocumented(t, "../../docs/dealer.md", []string{
		"dry run: would be 5 created", "5 created, 0 updated; 0 unchanged", `"updated":1`, `"unchanged":2`, "", `"secrets":1`,
		`"id":"dms-1"`, `"items":[]`, "bookings.csv written", `"items":[]`, `"source":"dms-1"`, `"shown":"VSS**********0002"`,
	})
}

// runDocumented runs each command of a document against a service of its own; wants are
// what they print.
func runDocumented(t *testing.T, document string, wants []string) {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl here")
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile(`(?m)^    [a-z].*\n(?:^    .*\n)*`).FindAllString(string(text), -1)
	if len(commands) != len(wants) {
		t.Fatalf("%d commands, want %d", len(commands), len(wants))
	}
	dir := t.TempDir()
	s := serve(t, "--data", filepath.Join(dir, "data"))
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program := fmt.Sprintf("#!/bin/sh\n%s=1 exec %q \"$@\"\n", asPresage, binary)
	if err := os.WriteFile(filepath.Join(dir, "presage"), []byte(program), 0o700); err != nil {
		t.Fatal(err)
	}
	key := strings.TrimSpace(printed(t, "key", "--data", filepath.Join(dir, "data")))
	run := func(script string) string {
		c := exec.CommandContext(t.Context(), "sh", "-c", script)
		c.Dir = "../.."
		c.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "PRESAGE="+s.url, "KEY="+key, "SECRETS="+dir,
			"RECEIVER=http://"+freeAddr(t)+"/presage")
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", script, err, out)
		}
		return string(out)
	}
	run(`curl -sS -X PUT -H "Authorization: Bearer $KEY" -H 'Content-Type: application/json' "$PRESAGE/v1/fleet" -d @docs/fleet.json`)
	for i, command := range commands {
		if got := run(strings.ReplaceAll(command, "\n    ", "\n")); !strings.Contains(got, wants[i]) {
			t.Errorf("%s says\n%s\nwant %s", command, got, wants[i])
		}
	}
}
