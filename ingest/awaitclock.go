package ingest

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"presage"
)

// lookAgain is how often a clock that is behind is looked at.
const lookAgain = time.Second

// patience is how often it is looked at before one or two vehicles, which are
// the only ones heard and ahead, are taken to be wrong.
const patience = 3

// judge decodes the message and holds its times against the clock: that of its
// arrival, and if it is in the future of that, the present one, which may have
// been set meanwhile. When it is in the future of both and most vehicles say
// that the clock is behind, it is not judged but waits (stuck).
func (c *collector) judge(it *item) (kind string) {
	kind = c.decode(it, it.msg.Received)
	c.hear(it)
	if !it.future() || c.p.deps.Now == nil {
		return kind
	}
	now := c.p.deps.Now()
	if now.After(it.msg.Received) {
		kind = c.decode(it, now)
	}
	if it.future() && it.redrive == nil && !c.p.cfg.JudgeAlone && c.doubt(now) != nil {
		c.stuck = c.decoder.latest
		return kind
	}
	it.decoded = nil
	return kind
}

// doubt is why times are not judged by now.
func (c *collector) doubt(now time.Time) error {
	alone, err := c.p.fleet.behind(now)
	switch {
	case err != nil:
		return err
	case !alone:
		c.waited = 0
		return nil
	case c.waited < patience:
		const why = "every vehicle heard is ahead of the clock: waiting for others"
		return &presage.PublicError{Words: why, Err: fmt.Errorf("%w: %s", presage.ErrUnavailable, why)}
	}
	return nil
}

// future tells whether some of the message is more than maxAhead ahead.
func (it *item) future() bool {
	return len(it.faults) > 0 && slices.ContainsFunc(it.faults, func(f Fault) bool { return f.Reason == ReasonFutureTime })
}

// hear lets the vehicle vote on the clock.
func (c *collector) hear(it *item) {
	if c.decoder.latest != 0 && it.redrive == nil && !it.msg.Retained {
		c.p.fleet.hear(it.vin, c.decoder.latest, it.msg.Received.UnixMilli())
	}
}

// awaitClock returns when the first of rest may be judged: the clock was set
// right, or most vehicles no longer say that it is behind. Meanwhile it listens
// to what is submitted, as far as the queue goes, and keeps it for later.
func (c *collector) awaitClock(ctx context.Context) error {
	if c.stuck == 0 {
		return nil
	}
	began := c.p.deps.Now()
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for told := false; ; told = true {
		now := c.p.deps.Now()
		err := c.doubt(now)
		if err == nil || c.stuck <= now.Add(maxAhead).UnixMilli() {
			break
		}
		c.p.hold(&c.waits, err)
		if !told {
			c.p.log.WarnContext(ctx, "ingest holds: the service's clock is behind that of most vehicles", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			c.waited++
		case run := <-c.p.in:
			c.rest = append(c.rest, run...)
			c.listen(run)
		}
	}
	c.stuck = 0
	c.p.hold(&c.waits, nil)
	c.p.log.InfoContext(ctx, "ingest goes on: the clock agrees with the vehicles'", slog.Time("was", began),
		slog.Time("is", c.p.deps.Now()))
	return nil
}

// listen lets vehicles vote by what they have submitted, which is decoded again
// when its turn comes.
func (c *collector) listen(run []item) {
	c.decoder.arena = &arena{}
	for i := range run {
		it := run[i] // a copy: nothing of it is kept
		if it.mark == nil && c.p.formatOf(it.msg.Topic) == nil {
			c.decode(&it, it.msg.Received)
			c.hear(&it)
		}
	}
}
