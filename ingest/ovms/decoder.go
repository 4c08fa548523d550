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

// Decoder is the ingest.Format of OVMS. It keeps nothing between messages.
type Decoder struct {
	table fieldtable.Table
	wheel map[string][]fieldtable.Row // metric -> what each of its elements is
}

// New returns a decoder.
func New() *Decoder {
	d := &Decoder{table: metrics(), wheel: map[string][]fieldtable.Row{}}
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

// Name implements ingest.Format.
func (*Decoder) Name() string { return "ovms" }

// Topics are the filters that a vehicle's messages match, with {vin} for it.
func (*Decoder) Topics() []string { return []string{topicPrefix + "{vin}/#"} }

// Matches implements ingest.Format.
func (*Decoder) Matches(topic string) bool { return strings.HasPrefix(topic, topicPrefix) }

// Decode implements ingest.Format.
func (d *Decoder) Decode(m ingest.Message) (ingest.Decoded, error) {
	user, rest, _ := strings.Cut(strings.TrimPrefix(m.Topic, topicPrefix), "/")
	vin, err := presage.ParseVIN(user)
	if err != nil {
		return ingest.Decoded{}, refuse(ingest.ReasonWrongVIN, "the user: %v: set server.v3's user to the VIN", err)
	}
	out := ingest.Decoded{VIN: vin}
	id, rest, _ := strings.Cut(rest, "/")
	if named, err := presage.ParseVIN(id); err == nil && named != vin {
		return out, refuse(ingest.ReasonForeignVIN, "the vehicle id is another VIN than the user")
	}
	if len(m.Payload) > ingest.MaxPayload {
		return out, refuse(ingest.ReasonTooLarge, "%d bytes, at most %d", len(m.Payload), ingest.MaxPayload)
	}
	if id == "" {
		rest = ""
	}
	err = d.content(&out, rest, m)
	return out, err
}

// content reads a message by the levels below the vehicle id.
func (d *Decoder) content(out *ingest.Decoded, levels string, m ingest.Message) error {
	class, rest, _ := strings.Cut(levels, "/")
	switch {
	case class == "metric" && rest != "":
		return d.metric(out, strings.ReplaceAll(rest, "/", "."), m)
	case class == "notify" && rest != "":
		return notify(out, rest, m)
	case class == "event" && rest == "":
		return moduleEvent(out, m)
	case class == "client":
		return nil // what an app asks and hears is no telemetry
	}
	return refuse(ingest.ReasonBadTopic, "want ovms/<VIN>/<vehicle id>/metric/..., notify/..., event or client/...")
}

func refuse(reason, detail string, args ...any) error {
	return &ingest.RefusedError{Reason: reason, Detail: fmt.Sprintf(detail, args...)}
}
