package scoring

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/models"
)

// Paths gives the prognoses of a vehicle their predicted courses, which are not
// stored: each is computed anew from the roll-ups, as of the prognosis. ps is
// changed; one without a sensor, or by another model, stays as it is.
func (s *Stage) Paths(ctx context.Context, vin presage.VIN, ps []presage.Prognosis) error {
	vehicles, err := s.deps.Fleet.VehiclesOf(ctx, []presage.VIN{vin})
	if err != nil {
		return fmt.Errorf("predicted courses of %s: %w", vin.Masked(), err)
	}
	if len(vehicles) == 0 {
		return nil
	}
	prognoser, at := s.Prognoser(), map[time.Time][]presage.Prognosis{}
	for i := range ps {
		p := &ps[i]
		if p.Measured == nil {
			continue
		}
		if _, known := at[p.AsOf]; !known {
			var t models.Track
			err := s.tracks(ctx, p.AsOf, vehicles, &t, func(t *models.Track) {
				at[p.AsOf] = prognoser.PrognoseTrack(t, p.AsOf)
			})
			if err != nil {
				return fmt.Errorf("predicted courses of %s: %w", vin.Masked(), err)
			}
		}
		for _, now := range at[p.AsOf] {
			if now.Component == p.Component && now.Model == p.Model {
				p.Path = now.Path
			}
		}
	}
	return nil
}
