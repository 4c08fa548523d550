package main

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"presage/ingest"
)

// atFirstUse are metrics whose series appear with the first of what they count,
// each named by a test of its own package.
func atFirstUse() []string {
	return []string{
		"presage_ingest_store_errors_total", "presage_watch_transitions_total", "presage_spool_bytes",
		"presage_spool_max_bytes", "presage_gbt32960_frames_total",
	}
}

// Every metric that the Grafana dashboard draws is one that the service has.
func TestTheDashboardDrawsWhatIsThere(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../deploy/grafana/presage.json")
	if err != nil || !json.Valid(text) {
		t.Fatalf("the dashboard is not JSON (%v)", err)
	}
	s := serve(t, "--data", t.TempDir(), "--set", "gbt32960.addr=127.0.0.1:0")
	vin := car(0)
	if err := publishOnce(t, s, vin, ingest.TelemetryTopic(vin), `{"signals":{"Vehicle.Speed":1}}`); err != nil {
		t.Fatal(err)
	} // a dead letter: no time
	s.eventually("the letter is counted", func() bool {
		return strings.Contains(fetchPage(t, s.url+"/metrics"), `presage_ingest_dead_letters_total{`)
	}, func() string { return "" })
	has := fetchPage(t, s.url+"/metrics")
	names := regexp.MustCompile(`\b(presage|process|go)_[a-z0-9_]+`).FindAllString(string(text), -1)
	slices.Sort(names)
	names = slices.Compact(names)
	if len(names) < 20 {
		t.Fatalf("the dashboard draws %d metrics only: %v", len(names), names)
	}
	for _, name := range names {
		if !strings.Contains(has, "\n"+name+" ") && !strings.Contains(has, "\n"+name+"{") &&
			!strings.Contains(has, "# TYPE "+name+" ") && !slices.Contains(atFirstUse(), name) {
			t.Errorf("the dashboard draws %s, which the service does not have", name)
		}
	}
}
