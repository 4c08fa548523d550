package httpdoor

import (
	"bytes"
	"cmp"
	"encoding/json"

	"presage/ingest"
)

// envelope is what is looked at of a native document: the rest is ingest's.
type envelope struct {
	VIN     *string           `json:"vin"`
	Samples []json.RawMessage `json:"samples"`
	TS      json.RawMessage   `json:"ts"`
	Signals json.RawMessage   `json:"signals"`
}

func (e envelope) vin() string {
	if e.VIN == nil {
		return ""
	}
	return *e.VIN
}

// batch tells whether all of it is samples that may stand in other documents.
func (e envelope) batch() bool { return len(e.Samples) > 0 && e.TS == nil && e.Signals == nil }

//nolint:gochecknoglobals // a byte order mark, never changed
var mark = []byte("\xef\xbb\xbf")

// json reads a body that is one native document.
func (l *load) json() parts {
	var g gathering
	var p parts
	body := bytes.TrimSpace(bytes.TrimPrefix(l.body, mark))
	if len(body) == 0 {
		return parts{refused: unprocessable("the body is empty")}
	}
	l.document(&g, &p.refusals, body, 1)
	p.list = g.parts()
	return p.orRefused()
}

// lines reads a body of one native document a line, mostly one sample each.
func (l *load) lines() parts {
	var g gathering
	var p parts
	line := 0
	for text := range bytes.Lines(bytes.TrimPrefix(l.body, mark)) {
		line++
		if text = bytes.TrimSpace(text); len(text) > 0 {
			l.document(&g, &p.refusals, text, line)
		}
	}
	p.list = g.parts()
	return p.orRefused()
}

// orRefused is p, or the answer when there is nothing to hand on.
func (p parts) orRefused() parts {
	if len(p.list) > 0 {
		return p
	}
	a := &answer{refusals: p.refusals}
	return parts{refused: a.settle()}
}

// document adds a native document. What is well-formed is gathered by vehicle;
// the rest goes on as it is, so that the pipeline saves what is good in it and
// keeps a letter of what is not.
func (l *load) document(g *gathering, bad *refusals, text []byte, line int) {
	var e envelope
	malformed := json.Unmarshal(text, &e) != nil
	own := e.vin()
	if malformed {
		own = vinOf(text)
	}
	if !malformed && e.batch() {
		l.samples(g, bad, e, line)
		return
	}
	vin, reason, detail := l.vehicle(own)
	switch {
	case reason != "":
		bad.add(line, reason, detail)
	case malformed || len(e.Samples) > 0:
		g.alone(vin, text)
	default:
		g.add(vin, text)
	}
}

// samples adds those of a batch, each under its own VIN or the batch's.
func (l *load) samples(g *gathering, bad *refusals, batch envelope, line int) {
	for _, sample := range batch.Samples {
		var e envelope
		if json.Unmarshal(sample, &e) != nil || len(e.Samples) > 0 {
			bad.add(line, ingest.ReasonMalformed, `an element of "samples": want {"ts":...,"signals":{...}}`)
			continue
		}
		vin, reason, detail := l.vehicle(cmp.Or(e.vin(), batch.vin()))
		if reason != "" {
			bad.add(line, reason, detail)
			continue
		}
		g.add(vin, sample)
	}
}
