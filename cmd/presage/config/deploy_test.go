package config_test

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"presage/cmd/presage/config"
)

const deploy = "../../../deploy"

// secrets stand in for what a deployment's secret store holds.
func secrets() map[string]string {
	return map[string]string{
		"PRESAGE_HTTP_ADMIN_KEY": "k7w2m9x4c6v8b3n5z2q7r4t6", "PRESAGE_INFLUX_TOKEN": "a-token",
		"PRESAGE_DATABASE_URL": "postgres://presage:x@postgres/presage?sslmode=disable", "PRESAGE_MQTT_CLIENT_ID": "presage-0",
	}
}

// documents reads all documents of a YAML file.
func documents(t *testing.T, name string) (out []map[string]any) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(deploy, name))
	if err != nil {
		t.Fatal(err)
	}
	for d := yaml.NewDecoder(bytes.NewReader(content)); ; {
		var one map[string]any
		switch err := d.Decode(&one); {
		case errors.Is(err, io.EOF):
			return out
		case err != nil:
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, one)
	}
}

// at follows keys into a document; a number in brackets is a place in a list.
func at(t *testing.T, of any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch key := step.(type) {
		case string:
			m, _ := of.(map[string]any)
			of = m[key]
		case int:
			l, _ := of.([]any)
			if key >= len(l) {
				t.Fatalf("%v: no place %d", path, key)
			}
			of = l[key]
		}
	}
	if of == nil {
		t.Fatalf("%v: nothing there", path)
	}
	return of
}

func variables(t *testing.T, of any) map[string]string {
	t.Helper()
	out := map[string]string{}
	m, ok := of.(map[string]any)
	if !ok {
		t.Fatalf("%T, want names and texts", of)
	}
	for name, value := range m {
		text, ok := value.(string)
		if !ok {
			t.Errorf("%s: %v is no text: put it in quotes", name, value)
		}
		if strings.HasPrefix(name, "PRESAGE_") {
			out[name] = text
		}
	}
	return out
}

// starts wants the settings to be a configuration without a fault.
func starts(t *testing.T, settings ...map[string]string) *config.Effective {
	t.Helper()
	all := map[string]string{}
	for _, s := range settings {
		maps.Copy(all, s)
	}
	var env []string
	for name, value := range all {
		env = append(env, name+"="+value)
	}
	e, err := config.Load(t.Context(), nil, env, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Every variable of the manifests is a key, and together they start the service.
func TestKubernetesSettings(t *testing.T) {
	t.Parallel()
	base := variables(t, at(t, documents(t, "kubernetes/base/config.yaml")[0], "data"))
	if e := starts(t, base, secrets()); e.MQTT.Open || e.Drain == 0 {
		t.Errorf("open %v, drain %v", e.MQTT.Open, e.Drain)
	}
	broker := variables(t, at(t, documents(t, "kubernetes/broker/config.yaml")[0], "data"))
	if e := starts(t, base, broker, secrets()); e.MQTT.Share != "presage" {
		t.Errorf("share %q", e.MQTT.Share)
	}
	nats := variables(t, at(t, documents(t, "kubernetes/nats/config.yaml")[0], "data"))
	if e := starts(t, base, nats, secrets()); len(e.MQTT.Nodes()) != 3 {
		t.Errorf("nodes %q", e.MQTT.Nodes())
	}

	set := documents(t, "kubernetes/base/presage.yaml")[0]
	pod := at(t, set, "spec", "template", "spec")
	box := at(t, pod, "containers", 0)
	list, _ := at(t, box, "env").([]any)
	given := map[string]bool{}
	for i := range list {
		name, _ := at(t, list, i, "name").(string)
		given[name] = true
	}
	for name := range secrets() {
		if !given[name] {
			t.Errorf("the container lacks %s", name)
		}
	}
	if len(given) != len(secrets()) {
		t.Errorf("the container's variables are %v", given)
	}
	grace, _ := at(t, pod, "terminationGracePeriodSeconds").(int)
	if drain := starts(t, base, secrets()).Drain; float64(grace) < drain.Seconds()+30 {
		t.Errorf("killed after %d s: it drains %v and then writes what it holds", grace, drain)
	}
	for _, path := range [][]any{
		{"startupProbe", "httpGet", "path"},
		{"livenessProbe", "httpGet", "path"},
		{"readinessProbe", "httpGet", "path"},
		{"resources", "requests", "cpu"},
		{"resources", "limits", "memory"},
	} {
		at(t, box, path...)
	}
	if at(t, box, "securityContext", "readOnlyRootFilesystem") != true || at(t, pod, "securityContext", "runAsNonRoot") != true {
		t.Error("the container may write or is root")
	}
}

// What kustomize names is there, and what is there is named.
func TestKustomizations(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"base", "broker", "nats"} {
		k := documents(t, filepath.Join("kubernetes", dir, "kustomization.yaml"))[0]
		named := map[string]bool{"kustomization.yaml": true, "secret.example.yaml": true}
		list, _ := at(t, k, "resources").([]any)
		for i := range list {
			name, _ := list[i].(string)
			named[name] = true
		}
		if patches, ok := k["patches"].([]any); ok {
			for i := range patches {
				name, _ := at(t, patches, i, "path").(string)
				named[name] = true
			}
		}
		for name := range named {
			if _, err := os.Stat(filepath.Join(deploy, "kubernetes", dir, name)); err != nil && name != "secret.example.yaml" {
				t.Error(err)
			}
		}
		files, err := os.ReadDir(filepath.Join(deploy, "kubernetes", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if !named[f.Name()] {
				t.Errorf("%s/%s is in no kustomization", dir, f.Name())
			}
			for _, d := range documents(t, filepath.Join("kubernetes", dir, f.Name())) {
				at(t, d, "apiVersion")
				at(t, d, "kind")
			}
		}
	}
}

func TestComposeSettings(t *testing.T) {
	t.Parallel()
	services := at(t, documents(t, "compose.yaml")[0], "services")
	base := variables(t, at(t, services, "presage", "environment"))
	needed := regexp.MustCompile(`\$\{\w+:\?[^}]+\}`)
	for name, value := range base {
		base[name] = needed.ReplaceAllString(value, "k7w2m9x4c6v8b3n5z2q7r4t6")
	}
	insecure := map[string]string{"PRESAGE_HTTP_INSECURE": "true"} // --insecure
	e := starts(t, base, insecure)
	if e.MQTT.Open || e.Influx.URL == "" || e.Drain == 0 {
		t.Errorf("open %v, influx %q, drain %v", e.MQTT.Open, e.Influx.URL, e.Drain)
	}
	for _, file := range []string{"compose.broker.yaml", "compose.nats.yaml"} {
		clients := map[string]bool{}
		shared := at(t, documents(t, file)[0], "services")
		for _, name := range []string{"presage", "presage-2", "presage-3"} {
			e := starts(t, base, variables(t, at(t, shared, name, "environment")), insecure)
			clients[e.MQTT.ClientID] = true
			if (e.MQTT.Share == "") == (len(e.MQTT.Nodes()) == 0) || e.MQTT.Broker == "" {
				t.Errorf("%s: broker %q, share %q, nodes %q", name, e.MQTT.Broker, e.MQTT.Share, e.MQTT.Nodes())
			}
		}
		if len(clients) != 3 {
			t.Errorf("%s: client IDs %v: want one for each", file, clients)
		}
	}
}
