package config

import (
	"reflect"
	"slices"
	"strings"
)

// A field is one key of the configuration and where its value lives.
type field struct {
	key   string // "influx.url"
	env   string // "PRESAGE_INFLUX_URL"
	value reflect.Value
}

// fields walks c in the order of its declaration. The values are settable and
// belong to c.
func fields(c *Config) []field { return walk(reflect.ValueOf(c).Elem(), "") }

func walk(v reflect.Value, prefix string) []field {
	var out []field
	for i := range v.NumField() {
		key := prefix + v.Type().Field(i).Tag.Get("yaml")
		if f := v.Field(i); f.Kind() == reflect.Struct {
			out = append(out, walk(f, key+".")...)
		} else {
			out = append(out, field{key: key, env: envName(key), value: f})
		}
	}
	return out
}

const envPrefix = "PRESAGE_"

func envName(key string) string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// toolVariables belong to the Makefile and the tests, not to the service.
func toolVariable(name string) bool {
	return slices.Contains([]string{
		"PRESAGE_DATA", "PRESAGE_INTEGRATION", "PRESAGE_INFLUXD", "PRESAGE_INFLUXD2", "PRESAGE_MQTT_CLIENTS",
		"PRESAGE_NATS_SERVER",
	}, name)
}

// unknown says that name is not a key, and which of the known ones was likely meant.
func unknown(name string, known []string) string {
	if nearest := closest(name, known); nearest != "" {
		return "unknown key; did you mean " + nearest + "?"
	}
	return "unknown key; `presage config` lists the known ones"
}

// closest returns the known name with the fewest edits to name, "" when even
// that one differs in more than half of its letters. A name that is the last
// part of a known key ("url") is not guessed at: several end alike.
func closest(name string, known []string) string {
	best, edits := "", 1<<30
	for _, k := range known {
		if e := distance(strings.ToLower(name), strings.ToLower(k)); e < edits {
			best, edits = k, e
		}
	}
	if 2*edits > len(best) {
		return ""
	}
	return best
}

// distance counts the insertions, deletions and substitutions from a to b (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
