package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage/cmd/presage/progress"
	"presage/ingest"
)

// step is how far the virtual clock moves at once during the warm-up: people
// act and messages go out once a step.
const step = time.Hour

// nightHour is the UTC hour after which the fleet is scored during the warm-up.
const nightHour = 2

// warmUp lives through the days before the demo goes live. Telemetry takes the
// way of the wire from the topic on: decoded, validated, stored, rolled up.
func (d *Demo) warmUp(ctx context.Context) error {
	end := d.opt.Now
	bar := progress.New(d.opt.Out, "living through the past", "days", d.opt.Days)
	messages := 0
	for now := d.start; now.Before(end); {
		next := now.Add(step)
		if next.After(end) {
			next = end
		}
		n, err := d.hour(ctx, next)
		if err != nil {
			return err
		}
		messages += n
		if next.Truncate(24*time.Hour) != now.Truncate(24*time.Hour) {
			bar.Add(1)
		}
		now = next
	}
	bar.Finish()
	if err := d.app.Pipeline.Flush(ctx); err != nil {
		return err
	}
	if err := d.app.Night(ctx); err != nil {
		return err
	}
	rows, err := d.app.Telemetry.Rows(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.opt.Out, "lived through %d days: %d messages, %d samples stored\n", d.opt.Days, messages, rows)
	return err
}

// hour lives until next and returns the number of messages published.
func (d *Demo) hour(ctx context.Context, next time.Time) (int, error) {
	d.app.Clock.Set(next)
	n := 0
	for m := range d.world.Advance(next) {
		n++
		err := d.app.Pipeline.Submit(ctx, ingest.Message{Topic: m.Topic, Payload: m.Payload, Received: m.At})
		if err != nil {
			return n, fmt.Errorf("warm-up: %w", err)
		}
	}
	// Alerts are judged by the clock of their hour: the pipeline may not lag behind it.
	if err := errors.Join(d.app.Pipeline.Flush(ctx), d.app.DeliverAlerts(ctx)); err != nil {
		return n, err
	}
	if next.Hour() == nightHour {
		if err := d.app.Night(ctx); err != nil {
			return n, err
		}
	}
	_, errSend := d.app.Outreach.SendDue(ctx)
	_, errSweep := d.app.Outreach.Sweep(ctx)
	return n, errors.Join(errSend, errSweep, d.people.step(ctx, next))
}
