package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/simulator"
)

// suppliers deliver what the service orders, late too, as the simulated world has it: the
// storekeepers book what comes by the delivery note.
type suppliers struct {
	app   *app.App
	world *simulator.World
	hour  time.Time // the last one that was lived through
}

// step lets the suppliers act until now, once an hour.
func (s *suppliers) step(ctx context.Context, now time.Time) error {
	hour := now.Truncate(time.Hour)
	if !hour.After(s.hour) {
		return nil
	}
	open, err := s.app.SQL.Orders(ctx, presage.OrderFilter{Open: true})
	if err != nil {
		return fmt.Errorf("suppliers: %w", err)
	}
	var errs []error
	for _, o := range open {
		for _, l := range o.Lines {
			if l.Open > 0 {
				errs = append(errs, s.serve(ctx, o, l, now))
			}
		}
	}
	s.hour = hour
	return errors.Join(errs...)
}

// serve delivers what is due of a line, and tells of a new day. Each act has the key of
// its delivery note: a repeat after a restart changes nothing.
func (s *suppliers) serve(ctx context.Context, o presage.Order, l presage.OrderLine, now time.Time) error {
	note := fmt.Sprintf("%s-%d", o.ID, l.Line)
	for i, x := range s.world.Shipments(note, l.PlacedAt, l.PromisedAt, l.Quantity) {
		act := presage.OrderAct{OrderID: o.ID, By: "supplier", Lines: []presage.OrderActLine{{Line: l.Line}}}
		switch {
		case !x.At.After(now):
			act.Key, act.Kind, act.At = fmt.Sprintf("delivery-%s-%d", note, i+1), presage.ActReceive, x.At
			act.By, act.Lines[0].Pieces = "store", x.Pieces
		case !x.Told.IsZero() && !x.Told.After(now) && x.At.After(l.ExpectedAt):
			act.Key, act.Kind, act.At = "eta-"+note, presage.ActConfirm, x.Told
			act.Lines[0].ExpectedAt = x.At
		default:
			continue
		}
		if _, err := s.app.Orders.Act(ctx, act); err != nil && !errors.Is(err, presage.ErrConflict) {
			return fmt.Errorf("supplier of %s: %w", note, err)
		}
	}
	return nil
}
