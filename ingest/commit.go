package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"presage"
)

// write makes b's telemetry durable. It works beside others of its kind.
func (p *Pipeline) write(ctx context.Context, b *batch) error {
	err := p.awaitRoom(ctx, b)
	if err == nil {
		err = p.turnAwayAll(ctx, b)
	}
	if err == nil {
		err = p.admitNames(ctx, b)
	}
	if err == nil {
		err = p.writeTelemetry(ctx, b)
	}
	b.written <- err
	return err
}

// awaitRoom holds b while the disk has no room for any of the stores.
func (p *Pipeline) awaitRoom(ctx context.Context, b *batch) error {
	if p.deps.Room == nil {
		return nil
	}
	return p.retry(ctx, b, "disk", p.deps.Room)
}

func (p *Pipeline) turnAwayAll(ctx context.Context, b *batch) error {
	if !p.bounded() {
		return nil
	}
	return p.retry(ctx, b, "fleet", func() error { return p.turnAway(ctx, b) })
}

// finishAll finishes batches one after the other, in the order of submission,
// in whatever order their telemetry was written.
func (p *Pipeline) finishAll(ctx context.Context, inOrder <-chan *batch) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case b := <-inOrder:
			if err := <-b.written; err != nil { // every writer answers, by the end of ctx at the latest
				return err
			}
			last := b.flush || len(p.in) == 0 && len(inOrder) == 0
			if err := p.finish(ctx, b, last); err != nil {
				return err
			}
			p.creditOutage(b.began)
			p.finished <- struct{}{}
			b.recycle()
			p.memory.Put(b)
		}
	}
}

// finish makes durable what the relational store keeps of b, whose telemetry
// is, and then acknowledges all of b in the order of submission. It returns an
// error only when ctx ends; nothing of b is acknowledged then. last says that
// no batch follows soon.
func (p *Pipeline) finish(ctx context.Context, b *batch, last bool) error {
	c := gather(b)
	steps := []struct {
		store string
		empty bool
		do    func() error
	}{
		{"dirty", len(c.days) == 0, func() error { return p.deps.Dirty.MarkDirty(ctx, c.days) }},
		{"fleet", !p.lastSeen.due(c.seen, last, p.deps.Now), func() error {
			return p.lastSeen.write(ctx, p.deps.Fleet)
		}},
		{"events", len(c.events) == 0, func() error { return p.deps.Events.PutEvents(ctx, c.events) }},
		{"watch", p.deps.Watcher == nil || c.samples+len(c.events) == 0, func() error {
			return p.deps.Watcher.Observe(ctx, b.samples(), c.events)
		}},
		{"dead_letters", len(c.letters) == 0, func() error { return p.deps.DeadLetters.PutDeadLetters(ctx, c.letters) }},
	}
	for _, s := range steps {
		if s.empty {
			continue
		}
		if err := p.retry(ctx, b, s.store, s.do); err != nil {
			return err
		}
	}
	p.acknowledge(b, c)
	return nil
}

// retry repeats do until it succeeds or ctx ends, with growing waits, and
// keeps Ready informed of what holds b.
func (p *Pipeline) retry(ctx context.Context, b *batch, store string, do func() error) error {
	wait, held := p.cfg.RetryMin, false
	for {
		err := do()
		if err == nil {
			if held {
				p.hold(b, nil)
			}
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("write %s: %w", store, ctx.Err())
		}
		held = true
		p.metrics.storeErrors.WithLabelValues(store, kindOf(err)).Inc()
		p.hold(b, fmt.Errorf("write %s: %w", store, err))
		pause := p.pause(wait, err)
		p.log.WarnContext(ctx, "ingest holds: nothing is acknowledged until the store recovers",
			slog.String("store", store), slog.Any("error", err), slog.Duration("retry_in", pause))
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("write %s: %w", store, ctx.Err())
		case <-t.C:
		}
		wait = min(2*wait, p.cfg.RetryMax)
	}
}

// pause spreads wait over its upper half. It is what the store asks for, if
// that is longer.
func (p *Pipeline) pause(wait time.Duration, err error) time.Duration {
	var asks interface{ RetryAfter() time.Duration }
	if errors.As(err, &asks) {
		wait = max(wait, min(asks.RetryAfter(), maxRetryAfter))
	}
	if p.deps.Rand == nil || wait < 2 {
		return wait
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return wait/2 + time.Duration(p.deps.Rand.Int64N(int64(wait/2)))
}

// maxRetryAfter bounds what a store may ask for.
const maxRetryAfter = 2 * time.Minute

// kindOf is a word for counting errors: what the store calls it ("4xx", "timeout"), or "other".
func kindOf(err error) string {
	var named interface{ Kind() string }
	switch {
	case errors.As(err, &named):
		return named.Kind()
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "other"
}

// writeTelemetry writes the batch's samples; those that the store refuses for
// good become faults of their messages.
func (p *Pipeline) writeTelemetry(ctx context.Context, b *batch) error {
	prober, tried := p.deps.Store.(Prober)
	return p.retry(ctx, b, "telemetry", func() error {
		if b.probe && tried {
			if err := prober.Probe(ctx); err != nil {
				return err
			}
		}
		for {
			samples := b.samples()
			if len(samples) == 0 {
				return nil
			}
			err := p.deps.Store.Write(ctx, samples)
			rejected, ok := errors.AsType[*presage.RejectedError](err)
			if !ok || !dropRejected(b, rejected) {
				return err
			}
			p.log.WarnContext(ctx, "the telemetry store refuses samples: see dead letters", slog.Any("error", err))
		}
	})
}

// changes is what a batch means for the relational store.
type changes struct {
	days     []presage.VehicleDay
	seen     map[presage.VIN]time.Time
	events   []presage.Event
	letters  []presage.DeadLetter
	samples  int
	readings int
}

func gather(b *batch) changes {
	c := changes{seen: map[presage.VIN]time.Time{}}
	days := map[presage.VehicleDay]struct{}{}
	var last presage.VehicleDay
	for _, it := range b.items {
		for i := range it.samples {
			s := &it.samples[i]
			if day := (presage.VehicleDay{VIN: s.VIN, Day: presage.DayOf(s.Time)}); day != last {
				days[day], last = struct{}{}, day
			}
			c.readings += len(s.Readings)
		}
		c.samples += len(it.samples)
		for vin, at := range newest(it.samples) {
			c.see(vin, at)
		}
		for _, e := range it.events {
			c.see(e.VIN, e.Time)
		}
		c.events = append(c.events, it.events...)
		if it.redrive == nil && len(it.faults) > 0 {
			c.letters = append(c.letters, deadLetters(it)...)
		}
	}
	c.days = slices.SortedFunc(maps.Keys(days), func(a, b presage.VehicleDay) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Day, b.Day))
	})
	return c
}

// newest is the time of the newest sample in each run of one vehicle's.
func newest(samples []presage.Sample) iter.Seq2[presage.VIN, time.Time] {
	return func(yield func(presage.VIN, time.Time) bool) {
		for i := 0; i < len(samples); {
			vin, at := samples[i].VIN, samples[i].Time
			for i++; i < len(samples) && samples[i].VIN == vin; i++ {
				if samples[i].Time.After(at) {
					at = samples[i].Time
				}
			}
			if !yield(vin, at) {
				return
			}
		}
	}
}

func (c *changes) see(vin presage.VIN, at time.Time) {
	if last, ok := c.seen[vin]; !ok || at.After(last) {
		c.seen[vin] = at
	}
}

// acknowledge tells everybody who waits, in the order of submission.
func (p *Pipeline) acknowledge(b *batch, c changes) {
	p.metrics.done(b, c, p.deps.Now)
	weight := int64(0)
	for _, it := range b.items {
		weight += it.weight
	}
	p.bytes.Release(weight)
	p.messages.Release(int64(len(b.items)))
	p.metrics.queued.Sub(float64(len(b.items)))
	p.metrics.queuedBytes.Sub(float64(weight))
	for i := 0; i < len(b.items); {
		it := b.items[i]
		i++
		switch {
		case it.from != nil:
			n := 1
			for ; i < len(b.items) && b.items[i].from == it.from; i++ {
				n++
			}
			it.from.Durable(n)
		case it.mark != nil:
			close(it.mark)
		case it.redrive != nil:
			it.redrive <- it.faults
		case it.msg.Told != nil:
			it.msg.Told(Outcome{Samples: len(it.samples), Events: len(it.events), Faults: it.faults})
		case it.msg.Ack != nil:
			it.msg.Ack()
		}
	}
}
