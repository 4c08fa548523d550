package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/ingest"
)

// An operator's own watch rule, laid over the embedded catalogue, is the one
// that is judged by.
func TestAnOperatorsRuleIsWatched(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "catalogue.yaml")
	if err := os.WriteFile(file, []byte(`watch:
  - id: cold_start
    component: battery_12v
    severity: mobility
    name: {zh: 低温启动, en: Cold start}
    tell: {zh: 请先热车。, en: Let it warm up.}
    advise: {zh: 检查机油粘度。, en: Check the oil grade.}
    unit: degC
    signals: [Vehicle.Exterior.AirTemperature]
    when: {below: -30}
    for: 0s
    clear: {when: {above: -20}, for: 1m}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "--data", t.TempDir(), "--set", "catalogue="+file)
	payload := fmt.Sprintf(`{"ts":%d,"signals":{"Vehicle.Exterior.AirTemperature":-40}}`, time.Now().UnixMilli())
	if err := publishOnce(t, s, wearing, ingest.TelemetryTopic(wearing), payload); err != nil {
		t.Fatal(err)
	}
	until(s, "/v1/alerts?vin="+string(wearing), "the rule fires", func(a presage.Alert) bool { return a.Rule == "cold_start" })

	if err := os.WriteFile(file, []byte("watch:\n  - id: cold_start\n    signals: [Nothing]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--mqtt-addr", "127.0.0.1:0"}
	refused(t, nil, append(args, "--set", "catalogue="+file), []string{file, "cold_start"}, nil)
	refused(t, nil, append(args, "--set", "catalogue=/nowhere.yaml"), []string{"catalogue", "/nowhere.yaml"}, nil)
}
