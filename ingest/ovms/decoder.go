package ovms

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// Prefix begins the names of metrics that VSS does not have.
const Prefix = "OVMS."

const topicPrefix = "ovms/"

//go:embed metrics.csv
var metricsCSV string

//nolint:gochecknoglobals // compiled-in table, parsed once and only read
var metrics = sync.OnceValue(func() fieldtable.Table {
	table, err := fieldtable.Parse(metricsCSV)
	if err != nil {
		panic(err) // the table is compiled in: a fault is a programmer's mistake
	}
	return table
})

// Decoder is the ingest.Format of OVMS. It keeps the newest event of a vehicle
// between messages, and nothing else.
type Decoder struct {
	table  fieldtable.Table
	users  map[string]presage.VIN      // whose name is not their VIN
	wheel  map[string][]fieldtable.Row // metric -> what each of its elements is
	events echoes
}

// New returns a decoder.
func New() *Decoder {
	d := &Decoder{table: metrics(), wheel: map[string][]fieldtable.Row{}, events: echoes{}}
	for _, name := range []string{"v.t.pressure", "v.t.temp"} {
		for i := 0; ; i++ {
			row, ok := d.table[fmt.Sprintf("%s[%d]", name, i)]
			if !ok {
				break
			}
			d.wheel[name] = append(d.wheel[name], row)
		}
	}
	return d
}

// For is New for an external broker at which users may have names: each of users
// is NAME=VIN. The broker must hold each user to its own branch. The error of a
// pair that cannot be is an ErrInvalid.
func For(users []string) (*Decoder, error) {
	d := New()
	d.users = make(map[string]presage.VIN, len(users))
	for _, pair := range users {
		name, id, _ := strings.Cut(pair, "=")
		vin, err := presage.ParseVIN(id)
		if err != nil {
			return nil, fmt.Errorf("user %.32q: want NAME=VIN: %w", name, err)
		}
		if _, isVIN := presage.ParseVIN(name); isVIN == nil || name == "" || strings.ContainsAny(name, "/+#\x00") {
			return nil, fmt.Errorf("user %.32q: %w: want a user name that is not a VIN, without / + #", name, presage.ErrInvalid)
		}
		if _, twice := d.users[name]; twice {
			return nil, fmt.Errorf("user %.32q: %w: duplicate user", name, presage.ErrInvalid)
		}
		d.users[name] = vin
	}
	return d, nil
}

// Name implements ingest.Format.
func (*Decoder) Name() string { return "ovms" }

// Topics are the filters that a vehicle's messages match, with {vin} for it.
func (*Decoder) Topics() []string { return []string{topicPrefix + "{vin}/#"} }

// Matches implements ingest.Format.
func (*Decoder) Matches(topic string) bool { return strings.HasPrefix(topic, topicPrefix) }

// Decode implements ingest.Format.
func (d *Decoder) Decode(m ingest.Message) (ingest.Decoded, error) {
	user, rest, _ := strings.Cut(strings.TrimPrefix(m.Topic, topicPrefix), "/")
	vin, known := d.users[user]
	if !known {
		var err error
		if vin, err = presage.ParseVIN(user); err != nil {
			return ingest.Decoded{}, refuse(ingest.ReasonWrongVIN,
				"the user: %v: set server.v3's user to the VIN, or tell whose it is in ingest.ovms_users", err)
		}
	}
	out := ingest.Decoded{VIN: vin}
	id, rest := vehicleID(rest)
	if named, err := presage.ParseVIN(id); err == nil && named != vin {
		return out, refuse(ingest.ReasonForeignVIN, "the vehicle id is another VIN than the user")
	}
	if len(m.Payload) > ingest.MaxForeign {
		return out, refuse(ingest.ReasonTooLarge, "%d bytes, at most %d", len(m.Payload), ingest.MaxForeign)
	}
	err := d.content(&out, rest, m)
	return out, err
}

// vehicleID takes the vehicle's id off the levels below the user. A module whose
// topic prefix was set to ovms/<user>/ has none: its next level is a class. So
// has one whose id is called like a class, but then a class follows.
func vehicleID(levels string) (id, rest string) {
	first, rest, _ := strings.Cut(levels, "/")
	next, _, _ := strings.Cut(rest, "/")
	if isClass(first) && !isClass(next) {
		return "", levels
	}
	if first == "" {
		return "", ""
	}
	return first, rest
}

// isClass tells whether a topic level says what kind of message it is.
func isClass(level string) bool {
	switch level {
	case "metric", "notify", "event", "client", "status", "config":
		return true
	}
	return false
}

// content reads a message by the levels below the vehicle id.
func (d *Decoder) content(out *ingest.Decoded, levels string, m ingest.Message) error {
	class, rest, below := strings.Cut(levels, "/")
	switch {
	case class == "metric" && rest != "":
		return d.metric(out, strings.ReplaceAll(rest, "/", "."), m)
	case class == "notify" && rest != "":
		return notify(out, rest, m)
	case class == "event" && (rest != "" || !below):
		return d.events.read(out, strings.ReplaceAll(rest, "/", "."), m)
	case class == "client" || class == "status" || class == "config":
		out.Dropped++ // what an app asks and hears, and what the module says of itself, is not telemetry
		return nil
	}
	return refuse(ingest.ReasonBadTopic,
		"want ovms/<VIN>/<vehicle id>/metric/..., notify/..., event, event/... or client/...")
}

func refuse(reason, detail string, args ...any) error {
	return &ingest.RefusedError{Reason: reason, Detail: fmt.Sprintf(detail, args...)}
}
