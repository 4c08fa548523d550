package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"presage"
)

// documented are the commands of a section of docs/formats.md, each with its
// continued lines; "" is what stands above the first section.
func documented(t *testing.T, section string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	if section != "" {
		var found bool
		if _, rest, found = strings.Cut(rest, "\n## "+section+"\n"); !found {
			t.Fatalf("no section %s", section)
		}
	}
	body, _, _ := strings.Cut(rest, "\n## ")
	var out []string
	for _, block := range regexp.MustCompile(`(?m)(?:^    .*\n)+`).FindAllString(body, -1) {
		out = append(out, strings.ReplaceAll(block, "\n    ", "\n"))
	}
	return out
}

// The commands that docs/formats.md shows for HTTP, as they stand there.
func TestDocumentedCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("no curl here")
	}
	const account = "fleet:sixteen characters"
	dir := t.TempDir()
	s := serve(t, "--data", filepath.Join(dir, "data"), "--set",
		`mqtt.gateways=[{"username":"fleet","password":"sixteen characters","topics":["telemetry/#"]}]`)
	secrets := filepath.Join(dir, "secrets.csv")
	printed(t, "vehicles", "provision", "--url", s.url, "--out", secrets, string(car(1)))
	run := func(vin presage.VIN, secret, script string) string {
		c := exec.CommandContext(t.Context(), "sh", "-c", script)
		c.Env = append(os.Environ(), "PRESAGE="+s.url, "VIN="+string(vin), "SECRET="+secret, "GATEWAY="+account)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v", script, err)
		}
		return string(out)
	}
	commands := documented(t, "HTTP")
	if len(commands) != 3 {
		t.Fatalf("%d commands", len(commands))
	}
	secret := secretsIn(t, secrets)[car(1)].Reveal()
	for i, want := range []string{`{"stored":1}`, `{"stored":2}`, `{"stored":1}`} {
		if got := run(car(1), secret, commands[i]); !strings.Contains(got, want) {
			t.Errorf("%s answers %s, want %s", commands[i], got, want)
		}
	}
	if got := run(car(1), "wrong", commands[0]); !strings.Contains(got, `"status":401`) {
		t.Errorf("a wrong secret: %s", got)
	}
	if n := metric(s, "presage_ingest_samples_total"); n != 4 {
		t.Errorf("%g samples stored", n)
	}
	until(s, "/v1/vehicles?limit=500", "heard", func(v presage.Vehicle) bool { return v.VIN == car(1) && !v.LastSeen.IsZero() })
}
