package mapped

import (
	"fmt"
	"strings"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// Mapping is an ingest.Format made of a YAML file. It keeps nothing between
// messages and is not changed after Parse.
type Mapping struct {
	name    string
	topics  []pattern
	devices map[string]presage.VIN
	when    when
	samples path // nil: the document
	skip    []path
	prefix  string // "" drops what is not named
	targets []target
	named   map[string]bool // paths that are not kept under the prefix
}

// target is one value and what becomes of it.
type target struct {
	text    string // the path as it is written
	from    path
	row     fieldtable.Row
	invalid map[string]bool // values that mean "none", as text
}

// Name implements ingest.Format.
func (m *Mapping) Name() string { return m.name }

// Topics are the filters that a vehicle's messages match, with {vin} for it.
func (m *Mapping) Topics() []string {
	out := make([]string, len(m.topics))
	for i, p := range m.topics {
		out[i] = p.template()
	}
	return out
}

// Devices are the vehicles that have another name on the topic.
func (m *Mapping) Devices() map[string]presage.VIN { return m.devices }

// Matches implements ingest.Format.
func (m *Mapping) Matches(topic string) bool {
	_, _, ok := m.place(topic)
	return ok
}

func (m *Mapping) place(topic string) (who, field string, ok bool) {
	for _, p := range m.topics {
		if who, field, ok = p.match(topic); ok {
			return who, field, true
		}
	}
	return "", "", false
}

// vehicle is the VIN of a topic's level: by the table of devices, else as it is.
func (m *Mapping) vehicle(who string) (presage.VIN, error) {
	if vin, ok := m.devices[strings.ToUpper(who)]; ok {
		return vin, nil
	}
	vin, err := presage.ParseVIN(who)
	if err != nil && len(m.devices) > 0 {
		return "", refuse(ingest.ReasonWrongVIN, "device %.40q is neither in the mapping's devices nor a VIN", who)
	}
	if err != nil {
		return "", refuse(ingest.ReasonWrongVIN, "%v", err)
	}
	return vin, nil
}

func refuse(reason, detail string, args ...any) error {
	return &ingest.RefusedError{Reason: reason, Detail: fmt.Sprintf(detail, args...)}
}
