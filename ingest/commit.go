package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"presage"
)

// commitAll makes batches durable, one after the other.
func (p *Pipeline) commitAll(ctx context.Context, in <-chan *batch) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case b := <-in:
			if err := p.commit(ctx, b); err != nil {
				return err
			}
		}
	}
}

// commit makes b durable: telemetry first, then what the relational store
// keeps, then the acknowledgements in the order of submission. It returns an
// error only when ctx ends; nothing of b is acknowledged then.
func (p *Pipeline) commit(ctx context.Context, b *batch) error {
	defer p.creditOutage()()
	p.limit(b)
	if p.cfg.Unknown != UnknownRegister {
		if err := p.retry(ctx, "fleet", func() error { return p.turnAway(ctx, b) }); err != nil {
			return err
		}
	}
	if err := p.writeTelemetry(ctx, b); err != nil {
		return err
	}
	c := gather(b)
	steps := []struct {
		store string
		empty bool
		do    func() error
	}{
		{"dirty", len(c.days) == 0, func() error { return p.deps.Dirty.MarkDirty(ctx, c.days) }},
		{"fleet", len(c.seen) == 0, func() error { return p.deps.Fleet.TouchVehicles(ctx, c.seen) }},
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
		if err := p.retry(ctx, s.store, s.do); err != nil {
			return err
		}
	}
	p.acknowledge(b, c)
	return nil
}

// retry repeats do until it succeeds or ctx ends, with growing waits, and
// keeps Ready informed.
func (p *Pipeline) retry(ctx context.Context, store string, do func() error) error {
	wait := p.cfg.RetryMin
	for {
		err := do()
		if err == nil {
			p.hold(nil)
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("write %s: %w", store, ctx.Err())
		}
		p.metrics.storeErrors.WithLabelValues(store).Inc()
		p.hold(fmt.Errorf("write %s: %w", store, err))
		p.log.WarnContext(ctx, "ingest holds: nothing is acknowledged until the store recovers",
			slog.String("store", store), slog.Any("error", err), slog.Duration("retry_in", wait))
		t := time.NewTimer(p.jitter(wait))
		select {
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("write %s: %w", store, ctx.Err())
		case <-t.C:
		}
		wait = min(2*wait, p.cfg.RetryMax)
	}
}

// jitter spreads wait over its upper half.
func (p *Pipeline) jitter(wait time.Duration) time.Duration {
	if p.deps.Rand == nil || wait < 2 {
		return wait
	}
	return wait/2 + time.Duration(p.deps.Rand.Int64N(int64(wait/2)))
}

// writeTelemetry writes the batch's samples; those that the store refuses for
// good become faults of their messages.
func (p *Pipeline) writeTelemetry(ctx context.Context, b *batch) error {
	return p.retry(ctx, "telemetry", func() error {
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
	for _, it := range b.items {
		for _, s := range it.samples {
			days[presage.VehicleDay{VIN: s.VIN, Day: presage.DayOf(s.Time)}] = struct{}{}
			c.see(s.VIN, s.Time)
			c.samples++
			c.readings += len(s.Readings)
		}
		for _, e := range it.events {
			c.see(e.VIN, e.Time)
		}
		c.events = append(c.events, it.events...)
		if it.redrive == nil {
			c.letters = append(c.letters, deadLetters(it)...)
		}
	}
	c.days = slices.SortedFunc(maps.Keys(days), func(a, b presage.VehicleDay) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Day, b.Day))
	})
	return c
}

func (c *changes) see(vin presage.VIN, at time.Time) {
	if last, ok := c.seen[vin]; !ok || at.After(last) {
		c.seen[vin] = at
	}
}

// acknowledge tells everybody who waits, in the order of submission.
func (p *Pipeline) acknowledge(b *batch, c changes) {
	for _, l := range c.letters {
		p.metrics.deadLetters.WithLabelValues(l.Reason).Inc()
	}
	p.metrics.samples.Add(float64(c.samples))
	p.metrics.readings.Add(float64(c.readings))
	p.metrics.events.Add(float64(len(c.events)))
	p.metrics.batches.Inc()
	p.metrics.batchSize.Observe(float64(len(b.items)))
	if p.deps.Now != nil {
		now := p.deps.Now()
		for _, it := range b.items {
			if it.mark == nil && it.redrive == nil {
				p.metrics.lag.Observe(max(0, now.Sub(it.msg.Received).Seconds()))
			}
		}
	}
	for _, it := range b.items {
		p.bytes.Release(it.weight)
		p.metrics.queued.Dec()
		p.metrics.queuedBytes.Sub(float64(it.weight))
		switch {
		case it.mark != nil:
			close(it.mark)
		case it.redrive != nil:
			it.redrive <- it.faults
		case it.msg.Ack != nil:
			it.msg.Ack()
		}
	}
}
