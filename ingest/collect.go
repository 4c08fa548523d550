package ingest

import (
	"context"
	"errors"
	"time"

	"presage"
)

// batch is what is made durable and acknowledged together.
type batch struct {
	items []*item
	bytes int64
	flush bool // somebody waits: do not linger
}

func (b *batch) full(c Config) bool {
	return b.flush || len(b.items) >= c.BatchMessages || b.bytes >= c.BatchBytes
}

// samples are all that is in b.
func (b *batch) samples() []presage.Sample {
	var all []presage.Sample
	for _, it := range b.items {
		all = append(all, it.samples...)
	}
	return all
}

// collect decodes what was submitted and hands over batches: at once when one
// is full, after Linger otherwise, and while the store is busy it goes on
// collecting.
func (p *Pipeline) collect(ctx context.Context, out chan<- *batch) error {
	d := newDecoder()
	linger := time.NewTimer(p.cfg.Linger)
	defer linger.Stop()
	for {
		b := &batch{}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case it := <-p.in:
			p.take(d, b, it)
		}
		linger.Reset(p.cfg.Linger)
		if err := p.fill(ctx, d, b, linger.C); err != nil {
			return err
		}
		if err := p.handOver(ctx, d, b, out); err != nil {
			return err
		}
	}
}

// fill collects until b is full or has lingered.
func (p *Pipeline) fill(ctx context.Context, d *decoder, b *batch, lingered <-chan time.Time) error {
	for !b.full(p.cfg) {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-lingered:
			return nil
		case it := <-p.in:
			p.take(d, b, it)
		}
	}
	return nil
}

// handOver passes b on, and lets it grow while nobody takes it.
func (p *Pipeline) handOver(ctx context.Context, d *decoder, b *batch, out chan<- *batch) error {
	for {
		in := p.in
		if b.full(p.cfg) {
			in = nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case out <- b:
			return nil
		case it := <-in:
			p.take(d, b, it)
		}
	}
}

// take decodes it and adds it to b, by its size after gunzip: a small message
// may unfold to a large one, and what is decoded must stay bounded.
func (p *Pipeline) take(d *decoder, b *batch, it *item) {
	b.items = append(b.items, it)
	if it.mark != nil {
		b.flush = true
		return
	}
	d.size = 0
	p.decode(d, it)
	b.bytes += max(it.weight, int64(d.size))
}

// decode turns the message into samples, events and faults.
func (p *Pipeline) decode(d *decoder, it *item) {
	p.metrics.bytes.Add(float64(len(it.msg.Payload)))
	var err error
	kind := "other"
	if f := p.formatOf(it.msg.Topic); f != nil {
		kind, err = f.Name(), p.decodeForeign(f, it)
	} else if it.vin, it.kind, err = parseTopic(it.msg.Topic); err == nil {
		kind, err = string(it.kind), p.decodeNative(d, it)
	}
	p.metrics.messages.WithLabelValues(kind).Inc()
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		it.samples, it.events = nil, nil
		it.faults = []Fault{{Reason: refused.Reason, Detail: refused.Detail, Count: 1}}
	}
}

// decodeNative reads a message of the contract's own format into it.
func (p *Pipeline) decodeNative(d *decoder, it *item) (err error) {
	if it.kind == topicEvent {
		it.events = make([]presage.Event, 1)
		it.events[0], err = d.event(it.vin, it.msg.Payload, it.msg.Received)
		return err
	}
	it.samples, it.faults, err = d.telemetry(it.vin, it.msg.Payload, it.msg.Received)
	p.metrics.unknown.Add(float64(d.unknown))
	return err
}
