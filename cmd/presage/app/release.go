package app

import (
	"context"
	"fmt"

	"presage"
	"presage/ingest"
)

// release drives the letters again that were held of vehicles which are
// registered now. Those that cannot go in for another reason stay open, and
// are not tried again until more come or the service starts anew.
func (a *App) release(ctx context.Context) error {
	if a.cfg.Ingest.Unknown != ingest.UnknownQuarantine {
		return nil
	}
	held, err := a.SQL.Released(ctx, ingest.ReasonUnknownVehicle)
	if err != nil {
		return err
	}
	for _, h := range held {
		if a.edge.tried[h.VIN] == h.Kept {
			continue
		}
		done, err := ingest.Redrive(ctx, a.Pipeline, ingest.LetterBox{
			List: func(ctx context.Context, after int64) ([]presage.DeadLetter, error) {
				return a.SQL.DeadLetterPage(ctx, presage.DeadLetterFilter{
					Reason: ingest.ReasonUnknownVehicle, VIN: h.VIN, AfterID: after, Limit: 200, OnlyOpen: true,
				}, redriveBytes)
			},
			Mark: a.SQL.MarkRedriven, Now: a.Clock.Now,
		})
		if err != nil {
			return fmt.Errorf("letters of %s: %w", h.VIN.Masked(), err)
		}
		if a.edge.tried[h.VIN] = h.Kept - int64(done.Accepted); a.edge.tried[h.VIN] == 0 {
			delete(a.edge.tried, h.VIN)
		}
		a.log.InfoContext(ctx, "a vehicle was registered: what was kept of it is taken in",
			"vin", h.VIN, "messages", done.Accepted)
	}
	return nil
}
