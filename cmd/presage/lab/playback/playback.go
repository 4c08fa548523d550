// Package playback publishes recordings of real cars over MQTT, as the cars would.
package playback

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"presage/cmd/presage/clock"
	"presage/ingest/mqtt"
	"presage/simulator/recorded"
)

// Playback is one recording on its way to a broker.
type Playback struct {
	Reader *recorded.Reader
	// Speed is recorded seconds a second; 0 is as fast as the broker acknowledges.
	Speed float64
	// Progress is told the rows of each message before it goes out; nil for nobody.
	Progress func(rows int)

	err error
}

// Publish sends the whole recording and returns, after the last
// acknowledgement, how many messages the broker has. The error is the first of
// reading, publishing or ctx.
func (p *Playback) Publish(ctx context.Context, car *mqtt.Publisher) (acked int, err error) {
	p.err = nil
	acked, err = car.PublishAll(ctx, p.messages(ctx))
	if err = errors.Join(err, p.err); err != nil {
		return acked, fmt.Errorf("%d messages acknowledged: %w", acked, err)
	}
	return acked, nil
}

// messages hands the recording on at its speed and keeps the first error.
func (p *Playback) messages(ctx context.Context) iter.Seq[mqtt.Outgoing] {
	return func(yield func(mqtt.Outgoing) bool) {
		var c *clock.Clock
		for m, err := range p.Reader.Messages() {
			if err != nil {
				p.err = err
				return
			}
			if p.Speed > 0 && c == nil {
				c = clock.Stopped(m.At)
				c.Run(p.Speed)
			}
			if c != nil && c.Wait(ctx, m.At) != nil {
				return
			}
			if p.Progress != nil {
				p.Progress(m.Rows)
			}
			if !yield(mqtt.Outgoing{Topic: m.Topic, Payload: m.Payload}) {
				return
			}
		}
	}
}
