package config

import (
	"strings"

	"presage"
)

// Fault is one thing that is wrong, at one key.
type Fault struct {
	Key     string // "influx.url", or the unknown name as it was written
	From    string // "presage.yaml:12", "PRESAGE_INFLUX_URL", "--set influx.url", "default"
	Problem string // what is wrong and how to mend it; never holds a secret
}

// String gives "influx.url (presage.yaml:12): problem".
func (f Fault) String() string {
	if f.From == "" {
		return f.Key + ": " + f.Problem
	}
	return f.Key + " (" + f.From + "): " + f.Problem
}

// Errors are all that is wrong with a configuration; it is a presage.ErrInvalid.
type Errors []Fault

// Error names every fault, one a line.
func (fs Errors) Error() string {
	lines := make([]string, 0, len(fs)+1)
	lines = append(lines, "the configuration has "+plural(len(fs)))
	for _, f := range fs {
		lines = append(lines, "  "+f.String())
	}
	return strings.Join(lines, "\n")
}

// Unwrap makes errors.Is(err, presage.ErrInvalid) true.
func (fs Errors) Unwrap() error { return presage.ErrInvalid }
