package tesla

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

// Prefix begins the names of fields that VSS does not have.
const Prefix = "Tesla."

// DefaultBase is the topic_base of the dispatcher's own example configuration.
const DefaultBase = "telemetry"

//go:embed fields.csv
var fieldsCSV string

//nolint:gochecknoglobals // compiled-in table, parsed once and only read
var fields = sync.OnceValue(func() fieldtable.Table {
	table, err := fieldtable.Parse(fieldsCSV)
	if err != nil {
		panic(err) // the table is compiled in: a fault is a programmer's mistake
	}
	return table
})

// Decoder is the ingest.Format of the dispatcher's topics below one base. It
// keeps nothing between messages.
type Decoder struct {
	base  string
	table fieldtable.Table
	flags map[string][]string // field -> its members that are false when left out
}

// New reads topics below base, the dispatcher's "topic_base": one level or
// more. The error of a base that cannot be is an ErrInvalid.
func New(base string) (*Decoder, error) {
	if err := checkBase(base); err != nil {
		return nil, err
	}
	d := &Decoder{base: base, table: fields(), flags: map[string][]string{}}
	for name, row := range d.table {
		if field, member, ok := strings.Cut(name, "."); ok && row.Flag {
			d.flags[field] = append(d.flags[field], member)
		}
	}
	return d, nil
}

// checkBase refuses what is not a topic, and what is another format's.
func checkBase(base string) error {
	first, _, _ := strings.Cut(base, "/")
	switch {
	case base == "" || strings.HasPrefix(base, "/") || strings.HasSuffix(base, "/") || strings.Contains(base, "//"):
		return fmt.Errorf("%w topic base %q: want levels between slashes, such as telemetry", presage.ErrInvalid, base)
	case strings.ContainsAny(base, "+#.*>{} \t\r\n\x00\x7f") || strings.HasPrefix(base, "$"):
		return fmt.Errorf("%w topic base %q: want letters, digits, - and _ between slashes", presage.ErrInvalid, base)
	case first == "presage" || first == "ovms" || first == "gbt32960":
		return fmt.Errorf("%w topic base %q: %s/ is another format's", presage.ErrInvalid, base, first)
	}
	return nil
}

// Name implements ingest.Format.
func (*Decoder) Name() string { return "tesla" }

// Topics are the filters that a vehicle's messages match, with {vin} for it.
func (d *Decoder) Topics() []string { return []string{d.base + "/{vin}/#"} }

// Matches implements ingest.Format.
func (d *Decoder) Matches(topic string) bool {
	return len(topic) > len(d.base) && topic[len(d.base)] == '/' && topic[:len(d.base)] == d.base
}

// Decode implements ingest.Format.
func (d *Decoder) Decode(m ingest.Message) (ingest.Decoded, error) {
	if !d.Matches(m.Topic) {
		return ingest.Decoded{}, badTopic()
	}
	levels := strings.SplitN(m.Topic[len(d.base)+1:], "/", 5)
	vin, err := presage.ParseVIN(levels[0])
	if err != nil {
		return ingest.Decoded{}, &ingest.RefusedError{Reason: ingest.ReasonWrongVIN, Detail: err.Error()}
	}
	out := ingest.Decoded{VIN: vin}
	if len(m.Payload) > ingest.MaxForeign {
		return out, refuse(ingest.ReasonTooLarge, "%d bytes, at most %d", len(m.Payload), ingest.MaxForeign)
	}
	err = d.content(&out, levels[1:], m)
	return out, err
}

// content reads a message by the levels below the VIN.
func (d *Decoder) content(out *ingest.Decoded, what []string, m ingest.Message) error {
	switch len(what) {
	case 1:
		if what[0] == "connectivity" {
			return connectivity(out, m)
		}
	case 2:
		if what[0] == "v" && what[1] != "" {
			return d.field(out, what[1], m)
		}
		if what[0] == "errors" {
			return clientError(out, what[1], m)
		}
	case 3:
		if what[0] == "alerts" && (what[2] == "current" || what[2] == "history") {
			return alerts(out, what[1], what[2] == "history", m)
		}
	}
	return badTopic()
}

func badTopic() error {
	return refuse(ingest.ReasonBadTopic,
		"want <base>/<VIN>/v/<field>, alerts/<name>/current|history, errors/<name> or connectivity")
}

func refuse(reason, detail string, args ...any) error {
	return &ingest.RefusedError{Reason: reason, Detail: fmt.Sprintf(detail, args...)}
}
