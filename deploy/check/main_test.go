package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheManifests(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := check(&out, ".."); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), "StatefulSet presage,"); got != 3 {
		t.Errorf("the service stands in %d of 3 overlays:\n%s", got, &out)
	}
}

// Each fault is one that the YAML itself allows.
func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, old, new, want string }{
		{"kubernetes/base/scaling.yaml", "maxUnavailable", "maxUnavaliable", `unknown field "spec.maxUnavaliable"`},
		{"kubernetes/base/scaling.yaml", "maxReplicas: 12", "maxReplicas: many", "maxReplicas"},
		{"kubernetes/base/scaling.yaml", "autoscaling/v2", "autoscaling/v9", "no kind"},
		{"kubernetes/broker/no-door.yaml", "presage-mqtt", "presage-gone", "no matches"},
		{"kubernetes/nats/nats.yaml", "serviceName", "servicename", `unknown field "spec.servicename"`},
		{"compose.yaml", "environment:", "enviroment:", "enviroment"},
	} {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS("..")); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, c.file)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		broken := strings.Replace(string(text), c.old, c.new, 1)
		if broken == string(text) {
			t.Fatalf("%s holds no %q", c.file, c.old)
		}
		if err := os.WriteFile(file, []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := check(&bytes.Buffer{}, dir); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %q: %v, want %q in it", c.file, c.new, err, c.want)
		}
	}
}
