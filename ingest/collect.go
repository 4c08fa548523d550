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
	stuck   int64  // the newest time of the first of rest, when that waits for the clock; 0 otherwise
	waits   batch  // stands for it in Ready
	waited  int    // looks at the clock since vehicles agreed with it
}

// run starts batches: when one is full, or has lingered and no other is on its
// way. While the stores are busy it goes on collecting, so that batches get
// larger, and the next writer starts only with a full one.
func (c *collector) run(ctx context.Context, start func(*batch)) error {
	linger := time.NewTimer(c.p.cfg.Linger)
	defer linger.Stop()
	for {
		if err := c.more(ctx); err != nil {
			return err
		}
		if err := c.awaitClock(ctx); err != nil {
			return err
		}
		b, _ := c.p.memory.Get().(*batch)
		c.decoder.arena = b.arena
		if c.take(b); len(b.items) == 0 { // it waits for the clock
			b.recycle()
			c.p.memory.Put(b)
			continue
		}
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
	for len(c.rest) > 0 && !b.full(c.p.cfg) { // a message that waits fills b
		c.take(b)
	}
}

// take decodes the next message and adds it to b, by its size after gunzip: a
// small message may unfold to a large one, and what is decoded must stay bounded.
// A message that waits for the clock stays where it is, and b is as good as full.
func (c *collector) take(b *batch) {
	it := &c.rest[0]
	if it.mark != nil || it.probes() {
		c.rest = c.rest[1:]
		b.items = append(b.items, it)
		b.flush = b.flush || it.mark != nil
		b.probe = b.probe || it.mark == nil
		return
	}
	c.decoder.size = 0
	kind := c.judge(it)
	if c.stuck != 0 {
		b.flush = true
		return
	}
	c.rest = c.rest[1:]
	b.items = append(b.items, it)
	b.kinds[kind]++
	b.payload += len(it.msg.Payload)
	b.unknown += c.decoder.unknown
	if c.decoder.mended {
		b.mended++
	}
	b.bytes += max(it.weight, int64(c.decoder.size))
}

// decode turns the message into samples, events and faults, as they are judged
// when the clock shows at.
func (c *collector) decode(it *item, at time.Time) (kind string) {
	var err error
	kind = "other"
	c.decoder.unknown, c.decoder.mended, c.decoder.latest = 0, false, 0
	it.samples, it.events, it.faults = nil, nil, nil
	if n := len(it.msg.Topic); n > longestTopic {
		err = refuse(ReasonBadTopic, fmt.Sprintf("%d bytes, at most %d", n, longestTopic))
	} else if f := c.p.formatOf(it.msg.Topic); f != nil {
		if kind, err = f.Name(), c.tooLarge(it); err == nil {
			c.decoder.size, c.decoder.latest, err = c.p.decodeForeign(f, it, at)
			it.unknown = true
		}
	} else if it.vin, it.kind, err = c.decoder.topic(it.msg.Topic); err == nil {
		if kind, err = string(it.kind), c.tooLarge(it); err == nil {
			err = c.decodeNative(it, at)
			it.unknown = c.decoder.unknown > 0
		}
	}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		it.samples, it.events = nil, nil
		it.faults = []Fault{{Reason: refused.Reason, Detail: refused.Detail, Count: 1}}
	}
	return kind
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
func (c *collector) decodeNative(it *item, at time.Time) (err error) {
	if it.kind == topicEvent {
		it.events = make([]presage.Event, 1)
		it.events[0], err = c.decoder.event(it.vin, it.msg.Payload, at)
		return err
	}
	it.samples, it.faults, err = c.decoder.telemetry(it.vin, it.msg.Payload, at)
	it.odd = c.decoder.odd
	return err
}
