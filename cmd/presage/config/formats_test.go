package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/cmd/presage/config"
)

const gatewayYAML = `mqtt:
  gateways:
    - username: fleet-telemetry
      password: sixteen characters
      topics: ["telemetry/#"]
ingest:
  formats: [tesla, ovms]
  tesla_base: telemetry
`

func TestGatewaysComeFromAFileOrAVariable(t *testing.T) {
	t.Parallel()
	want := config.Gateways{{Username: "fleet-telemetry", Password: "sixteen characters", Topics: []string{"telemetry/#"}}}
	fromFile, err := config.Load(t.Context(), []string{file(t, "a.yaml", gatewayYAML)}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	fromEnv, err := config.Load(t.Context(), nil, []string{
		`PRESAGE_MQTT_GATEWAYS=[{"username":"fleet-telemetry","password":"sixteen characters","topics":["telemetry/#"]}]`,
		"PRESAGE_INGEST_FORMATS=tesla, ovms",
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*config.Effective{fromFile, fromEnv} {
		if diff := cmp.Diff(want, e.MQTT.Gateways); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"tesla", "ovms"}, e.Ingest.Formats); diff != "" {
			t.Error(diff)
		}
	}
	text := printed(t, fromFile)
	line := `  gateways: [{"username":"fleet-telemetry","password":"***","topics":["telemetry/#"]}] # `
	if !strings.Contains(text, line) || strings.Contains(text, "sixteen") {
		t.Errorf("printed:\n%s", text)
	}
	if _, err := config.Load(t.Context(), []string{file(t, "b.yaml", text)}, nil, nil); err == nil ||
		!strings.Contains(err.Error(), "masked form") {
		t.Errorf("the masked password was taken: %v", err)
	}
}

func TestFormatFaultsAreNamed(t *testing.T) {
	t.Parallel()
	const good = `{username: g, password: sixteen characters, topics: [a/#]}`
	for name, tt := range map[string]struct{ yaml, want string }{
		"unknown format": {"ingest: {formats: [tesla, teslamate]}", `ingest.formats (f.yaml:1): "teslamate": want tesla or ovms`},
		"twice":          {"ingest: {formats: [ovms, ovms]}", `duplicate format "ovms"`},
		"base":           {"ingest: {tesla_base: presage/v1}", "ingest.tesla_base"},
		"external": {
			"mqtt: {broker: 'tcp://h:1883', gateways: [" + good + "]}", "mqtt.gateways (f.yaml:1): set while mqtt.broker is",
		},
		"no list":      {"mqtt: {gateways: hunter2}", "want a list of {username"},
		"other key":    {"mqtt: {gateways: [{username: g, secret: hunter2}]}", "no other keys"},
		"short":        {"mqtt: {gateways: [{username: g, password: hunter2, topics: [a/#]}]}", "account 1: invalid password"},
		"filter":       {"mqtt: {gateways: [{username: g, password: sixteen characters, topics: ['#']}]}", `filter "#"`},
		"same account": {"mqtt: {gateways: [" + good + ", " + good + "]}", "account 2: duplicate user name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := file(t, "f.yaml", tt.yaml)
			_, err := config.Load(t.Context(), []string{path}, nil, nil)
			if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), path, "f.yaml"), tt.want) ||
				strings.Contains(err.Error(), "hunter2") {
				t.Errorf("want %q: %v", tt.want, err)
			}
		})
	}
}

// A mapping's faults are told at start, with its own file and line.
func TestMappingFaultsAreNamed(t *testing.T) {
	t.Parallel()
	good := file(t, "good.yaml", "name: mine\ntopics: ['mine/{vin}']\nsignals: {v: Vehicle.Speed}\n")
	bad := file(t, "bad.yaml", "name: mine\ntopics: ['mine/{vin}']\nsignals: {v: Vehicle.Sped}\n")
	for name, tt := range map[string]struct{ list, want string }{
		"a fault":  {bad, "bad.yaml:3: signals.v:"},
		"no file":  {"none.yaml", "none.yaml: cannot be read: no such file"},
		"the name": {good + "," + good, `name "mine" is`},
	} {
		_, err := config.Load(t.Context(), nil, nil, map[string]string{"ingest.mappings": tt.list})
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "ingest.mappings") {
			t.Errorf("%s: want %q: %v", name, tt.want, err)
		}
	}
	e, err := config.Load(t.Context(), nil, nil, map[string]string{"ingest.mappings": good, "ingest.formats": "wican,tesla"})
	if err != nil {
		t.Fatal(err)
	}
	mappings, err := e.Ingest.Mapped()
	if err != nil || len(mappings) != 2 || mappings[0].Name() != "wican" || mappings[1].Name() != "mine" {
		t.Errorf("%v %v", mappings, err)
	}
}
