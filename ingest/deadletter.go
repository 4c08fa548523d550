package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"presage"
)

// headBytes is what is kept of a payload that is too large.
const headBytes = 4 << 10

// detailBytes bounds a letter's detail: it may hold a name that a client chose,
// or what a server answered.
const detailBytes = 512

// bounded is detail, cut to detailBytes.
func bounded(detail string) string {
	if len(detail) > detailBytes {
		detail = detail[:detailBytes] + "..."
	}
	return strings.ToValidUTF8(detail, "")
}

// deadLetters turns an item's faults into letters.
func deadLetters(it *item) []presage.DeadLetter {
	letters := make([]presage.DeadLetter, 0, len(it.faults))
	for _, f := range it.faults {
		l := presage.DeadLetter{
			VIN: it.vin, Received: it.msg.Arrival(), Topic: it.msg.Topic, Payload: it.msg.Payload,
			Reason: f.Reason, Detail: bounded(f.Detail),
		}
		if f.Count > 1 {
			l.Detail += fmt.Sprintf(" (and %d more)", f.Count-1)
		}
		switch {
		case f.Payload != nil:
			l.Payload = f.Payload
			// Written by document, whatever format the message had.
			if f.Reason == ReasonStoreRejected || f.Reason == ReasonTooManyNames || f.Reason == ReasonSuspectUnit {
				l.Topic = TelemetryTopic(it.vin)
			}
		case f.Reason == ReasonTooLarge && len(l.Payload) > headBytes:
			l.Detail += fmt.Sprintf("; only the first %d bytes are kept", headBytes)
			l.Payload = append([]byte(nil), l.Payload[:headBytes]...)
		}
		letters = append(letters, l)
	}
	return letters
}

// instant names a sample.
type instant struct {
	vin presage.VIN
	ms  int64
}

// dropRejected moves the readings that the store refuses from b's items to
// their faults, each with its own reason. It returns false when none of them is
// in b: trying again would never end.
func dropRejected(b *batch, rejected *presage.RejectedError) bool {
	refused := make(map[instant]map[string]string, len(rejected.Samples))
	for i, s := range rejected.Samples {
		at := instant{s.VIN, s.Time.UnixMilli()}
		if refused[at] == nil {
			refused[at] = map[string]string{}
		}
		for _, r := range s.Readings {
			refused[at][r.Signal] = rejected.ReasonOf(i)
		}
	}
	dropped := false
	for _, it := range b.items {
		var kept []presage.Sample
		var out refusals
		for _, s := range it.samples {
			if good := out.split(s, refused[instant{s.VIN, s.Time.UnixMilli()}]); len(good.Readings) > 0 {
				kept = append(kept, good)
			}
		}
		if len(out) == 0 {
			continue
		}
		dropped = true
		it.samples = kept
		for _, r := range out {
			it.faults = append(it.faults, Fault{
				Reason: ReasonStoreRejected, Detail: r.detail, Count: len(r.samples), Payload: document(r.samples),
			})
		}
	}
	return dropped
}

// document writes samples as a native payload.
func document(samples []presage.Sample) []byte {
	type sample struct {
		TS      int64                    `json:"ts"`
		Signals map[string]presage.Value `json:"signals"`
	}
	doc := struct {
		Samples []sample `json:"samples"`
	}{}
	for _, s := range samples {
		row := sample{TS: s.Time.UnixMilli(), Signals: make(map[string]presage.Value, len(s.Readings))}
		for _, r := range s.Readings {
			row.Signals[r.Signal] = r.Value
		}
		doc.Samples = append(doc.Samples, row)
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil // not finite: cannot come out of the decoder; the whole message is kept instead
	}
	return text
}

// knownVehicles remembers who is registered, to ask about each vehicle once.
type knownVehicles map[presage.VIN]struct{}

// turnAway makes dead letters of what vehicles say that the fleet does not know.
func (p *Pipeline) turnAway(ctx context.Context, b *batch) error {
	p.knowing.Lock()
	defer p.knowing.Unlock()
	strangers := map[presage.VIN]bool{}
	for _, it := range b.items {
		if it.vin == "" || len(it.samples)+len(it.events) == 0 {
			continue
		}
		stranger, asked := strangers[it.vin]
		if _, known := p.known[it.vin]; !known && !asked {
			var err error
			if stranger, err = p.stranger(ctx, it.vin); err != nil {
				return err
			}
			if strangers[it.vin] = stranger; !stranger {
				p.known[presage.VIN(strings.Clone(string(it.vin)))] = struct{}{}
			}
		}
		if stranger {
			it.samples, it.events = nil, nil
			it.faults = []Fault{{
				Reason: ReasonUnknownVehicle, Count: 1,
				Detail: p.unknownVehicleDetail(),
			}}
		}
	}
	return nil
}
