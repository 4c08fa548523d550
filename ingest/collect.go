package ingest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
)

// collector decodes what was submitted and puts batches together.
type collector struct {
	p       *Pipeline
	decoder *decoder
	rest    []item // taken from the queue and in no batch yet
	flying  int    // batches on their way
}

// run starts batches: when one is full, or has lingered and no other is on its
// way. While the stores are busy it goes on collecting, so that batches get
// larger, and the next writer starts only with a full one.
func (c *collector) run(ctx context.Context, start func(*batch)) error {
	linger := time.NewTimer(c.p.cfg.Linger)
	defer linger.Stop()
	for {
		b, _ := c.p.memory.Get().(*batch)
		c.decoder.arena = b.arena
		if err := c.more(ctx); err != nil {
			return err
		}
		c.take(b)
		linger.Reset(c.p.cfg.Linger)
		if err := c.fill(ctx, b, linger.C); err != nil {
			return err
		}
		if err := c.handOver(ctx, b, start); err != nil {
			return err
		}
	}
}

// more waits until there is something to take.
func (c *collector) more(ctx context.Context) error {
	if len(c.rest) > 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case c.rest = <-c.p.in:
		return nil
	}
}

// fill collects until b is full or has lingered.
func (c *collector) fill(ctx context.Context, b *batch, lingered <-chan time.Time) error {
	for {
		c.drain(b)
		if b.full(c.p.cfg) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-lingered:
			return nil
		case c.rest = <-c.p.in:
		}
	}
}

// handOver starts b: at once if no other is on its way, as a further one if it
// is full and there is a writer left. Until then it grows.
func (c *collector) handOver(ctx context.Context, b *batch, start func(*batch)) error {
	for {
		full := b.full(c.p.cfg)
		c.land()
		if c.flying == 0 || full && c.flying < c.p.cfg.Writers {
			c.flying++
			c.p.metrics.begin(b, c.flying)
			c.p.limit(b)
			c.p.tellUnits(b)
			start(b)
			return nil
		}
		in := c.p.in
		if full {
			in = nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.p.finished:
			c.flying--
		case c.rest = <-in:
			c.drain(b)
		}
	}
}

// land counts the batches that have become durable meanwhile.
func (c *collector) land() {
	for {
		select {
		case <-c.p.finished:
			c.flying--
		default:
			return
		}
	}
}

// drain moves the rest into b, as far as it takes it.
func (c *collector) drain(b *batch) {
	for len(c.rest) > 0 && !b.full(c.p.cfg) {
		c.take(b)
	}
}

// take decodes the next message and adds it to b, by its size after gunzip: a
// small message may unfold to a large one, and what is decoded must stay bounded.
func (c *collector) take(b *batch) {
	it := &c.rest[0]
	c.rest = c.rest[1:]
	b.items = append(b.items, it)
	if it.mark != nil {
		b.flush = true
		return
	}
	if it.probes() {
		b.probe = true
		return
	}
	c.decoder.size = 0
	c.decode(b, it)
	b.bytes += max(it.weight, int64(c.decoder.size))
}

// decode turns the message into samples, events and faults.
func (c *collector) decode(b *batch, it *item) {
	b.payload += len(it.msg.Payload)
	var err error
	kind := "other"
	if n := len(it.msg.Topic); n > longestTopic {
		err = refuse(ReasonBadTopic, fmt.Sprintf("%d bytes, at most %d", n, longestTopic))
	} else if f := c.p.formatOf(it.msg.Topic); f != nil {
		if kind, err = f.Name(), c.tooLarge(it); err == nil {
			c.decoder.size, err = c.p.decodeForeign(f, it)
			it.unknown = true
		}
	} else if it.vin, it.kind, err = c.decoder.topic(it.msg.Topic); err == nil {
		if kind, err = string(it.kind), c.tooLarge(it); err == nil {
			err = c.decodeNative(it)
			it.unknown = c.decoder.unknown > 0
		}
		b.unknown += c.decoder.unknown
		if c.decoder.mended {
			b.mended++
		}
	}
	b.kinds[kind]++
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		it.samples, it.events = nil, nil
		it.faults = []Fault{{Reason: refused.Reason, Detail: refused.Detail, Count: 1}}
	}
}

// tooLarge refuses what is above the limit, whichever format it has.
func (c *collector) tooLarge(it *item) error {
	size := max(it.msg.Size, int64(len(it.msg.Payload)))
	if limit := c.p.cfg.MaxPayload; it.msg.Size > 0 || size > int64(limit) {
		return refuse(ReasonTooLarge, fmt.Sprintf("%d bytes, at most %d: %s", size, limit, tooLargeHint))
	}
	return nil
}

// decodeNative reads a message of the contract's own format into it.
func (c *collector) decodeNative(it *item) (err error) {
	if it.kind == topicEvent {
		it.events = make([]presage.Event, 1)
		it.events[0], err = c.decoder.event(it.vin, it.msg.Payload, it.msg.Received)
		return err
	}
	it.samples, it.faults, err = c.decoder.telemetry(it.vin, it.msg.Payload, it.msg.Received)
	it.odd = c.decoder.odd
	return err
}
