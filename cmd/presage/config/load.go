package config

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/v2"
)

// Effective is a configuration that is in effect, with where each value came from.
type Effective struct {
	Config
	from map[string]string // key -> "presage.yaml:12", "PRESAGE_HTTP_ADDR", "--set http.addr"; no entry is a default
}

// From tells where the value of key came from: "default", "FILE:LINE", the
// variable's name or the flag.
func (e *Effective) From(key string) string {
	if from, ok := e.from[key]; ok {
		return from
	}
	return fromDefault
}

const fromDefault = "default"

// Load merges the layers: defaults, YAML files in order, env ("NAME=value";
// names without PRESAGE_ and the variables of tools are passed over) and flags
// (key -> text), and validates the outcome. The error is Errors, with every
// fault of every layer, and then there is no configuration.
func Load(ctx context.Context, files, env []string, flags map[string]string) (*Effective, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("load the configuration: %w", err)
	}
	l := loader{merged: koanf.New("."), effective: &Effective{Config: Default(), from: map[string]string{}}}
	for _, f := range fields(&l.effective.Config) {
		l.known = append(l.known, f)
		l.names = append(l.names, f.key)
	}
	for _, path := range files {
		l.file(path)
	}
	l.environment(env)
	for _, key := range slices.Sorted(maps.Keys(flags)) {
		l.put(key, flags[key], "--set "+key)
	}
	l.settle()
	l.faults = append(l.faults, l.effective.faults()...)
	if len(l.faults) > 0 {
		return nil, l.faults
	}
	return l.effective, nil
}

type loader struct {
	merged    *koanf.Koanf
	known     []field
	names     []string
	effective *Effective
	faults    Errors
}

func (l *loader) fault(key, from, problem string) {
	l.faults = append(l.faults, Fault{Key: key, From: from, Problem: problem})
}

// document is the content of a YAML file as a koanf provider.
type document []byte

func (d document) ReadBytes() ([]byte, error)    { return d, nil }
func (d document) Read() (map[string]any, error) { return yaml.Parser().Unmarshal(d) }

func (l *loader) file(path string) {
	content, err := os.ReadFile(path)
	if err != nil {
		if reason, ok := errors.AsType[*fs.PathError](err); ok {
			err = reason.Err
		}
		l.fault(path, "", "cannot be read: "+err.Error())
		return
	}
	layer := koanf.New(".")
	if err := layer.Load(document(content), yaml.Parser()); err != nil {
		l.fault(path, "", "is not YAML of keys and values: "+syntax(err))
		return
	}
	lines := keyLines(content)
	for _, key := range slices.SortedFunc(maps.Keys(layer.All()), func(a, b string) int { return lines[a] - lines[b] }) {
		from := path
		if line := lines[key]; line > 0 {
			from += ":" + strconv.Itoa(line)
		}
		if value := layer.Get(key); value != nil { // "key:" without a value says nothing
			l.put(key, value, from)
		}
	}
}

func (l *loader) environment(env []string) {
	for _, entry := range slices.Sorted(slices.Values(env)) {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || toolVariable(name) {
			continue
		}
		i := slices.IndexFunc(l.known, func(f field) bool { return f.env == name })
		if i < 0 {
			names := make([]string, 0, len(l.known))
			for _, f := range l.known {
				names = append(names, f.env)
			}
			l.fault(name, "environment", unknown(name, names))
			continue
		}
		l.put(l.known[i].key, value, name)
	}
}

// put overlays one value on the layers below.
func (l *loader) put(key string, value any, from string) {
	if id, ok := strings.CutPrefix(key, learnedKey+"."); ok && !strings.Contains(id, ".") {
		l.learned(id, value, from)
		return
	}
	if !slices.Contains(l.names, key) {
		if slices.ContainsFunc(l.names, func(k string) bool { return strings.HasPrefix(k, key+".") }) {
			l.fault(key, from, "is a section: want its keys below it, such as "+firstOf(l.names, key+"."))
		} else {
			l.fault(key, from, unknown(key, l.names))
		}
		return
	}
	if err := l.merged.Set(key, value); err != nil {
		l.fault(key, from, err.Error())
		return
	}
	l.effective.from[key] = from
}

// learned overlays one component's file; those of the layers below stay.
func (l *loader) learned(id string, value any, from string) {
	if _, section := l.merged.Get(learnedKey).(map[string]any); !section {
		l.merged.Delete(learnedKey) // a text of a layer below
	}
	if err := l.merged.Set(learnedKey+"."+id, value); err != nil {
		l.fault(learnedKey, from, err.Error())
		return
	}
	l.effective.from[learnedKey] = from
}

// settle reads the merged layers into the configuration and fills what
// depends on other keys.
func (l *loader) settle() {
	for _, f := range l.known {
		if !l.merged.Exists(f.key) {
			continue
		}
		if err := assign(f.value, l.merged.Get(f.key)); err != nil {
			l.fault(f.key, l.effective.From(f.key), err.Error())
		}
	}
	l.depending(&l.effective.Config)
}

// depending fills what was not said and depends on other keys.
func (l *loader) depending(c *Config) {
	unsaid := func(key string) bool { return !l.merged.Exists(key) }
	if unsaid("mqtt.open") {
		c.MQTT.Open = loopback(c.MQTT.Addr)
	}
	if unsaid("ingest.linger") && c.MQTT.Broker != "" {
		c.Ingest.Linger = brokerLinger
	}
	if unsaid("ingest.rate_per_vehicle") && (c.MQTT.Broker != "" || !c.MQTT.Open) {
		c.Ingest.RatePerVehicle = 50
	}
	if unsaid("ingest.spool") && c.Influx.URL != "" && c.MQTT.Broker == "" {
		c.Ingest.Spool = defaultSpool // nobody else keeps what vehicles send while InfluxDB is away
	}
}

// defaultSpool holds hours of a large fleet and fits on a common disk.
const defaultSpool = 10 << 30

func firstOf(names []string, prefix string) string {
	i := slices.IndexFunc(names, func(k string) bool { return strings.HasPrefix(k, prefix) })
	return names[i]
}
