package ovms

import (
	"strings"
	"time"

	"presage"
	"presage/ingest"
)

const (
	// echoWithin is how far apart the two messages of one event arrive.
	echoWithin = 5 * time.Second
	// maxEchoes bounds the vehicles whose newest event is remembered, some 150
	// bytes each; beyond it all are forgotten, which costs each an event that is
	// there twice.
	maxEchoes = 20_000
)

// echoes are the newest events of vehicles. A module that publishes each event
// under event and under event/... tells of one event twice.
type echoes map[presage.VIN]echo

// echo is an event and the form in which it came.
type echo struct {
	name   string
	at     time.Time
	legacy bool // under event alone
}

// read reads an event of the module: below is its name when the topic holds it,
// else the payload does. What a module tells of itself (ticker.*, system.*,
// network.*, ...) is passed over.
func (e echoes) read(out *ingest.Decoded, below string, m ingest.Message) error {
	name, legacy := below, below == ""
	if legacy {
		name = strings.TrimSpace(string(m.Payload[:min(len(m.Payload), maxCode+2)]))
	}
	if m.Retained || !strings.HasPrefix(name, "vehicle.") {
		out.Dropped++
		return nil
	}
	at := m.Arrival()
	last, known := e[out.VIN]
	if known && last.name == name && last.legacy != legacy && at.Sub(last.at).Abs() <= echoWithin {
		delete(e, out.VIN) // the next one is an event of its own
		out.Dropped++
		return nil
	}
	if err := put(out, at, TypeOwn, name, nil); err != nil {
		return err
	}
	if !known && len(e) >= maxEchoes {
		clear(e)
	}
	e[presage.VIN(strings.Clone(string(out.VIN)))] = echo{name: strings.Clone(name), at: at, legacy: legacy}
	return nil
}

// Forget says that the last message of vin was turned away after all: the event
// in it was told to nobody.
func (d *Decoder) Forget(vin presage.VIN) { delete(d.events, vin) }
