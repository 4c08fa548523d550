package app

import (
	"context"

	"presage"
	"presage/internal/sqlstore"
	"presage/models/scoring"
)

// health is what is known of vehicles, with the predicted paths that are
// computed when somebody looks at one.
type health struct {
	*sqlstore.Store

	stage *scoring.Stage
}

// PrognosesWithPaths are the present prognoses of a vehicle, each that has a sensor with its path.
func (h health) PrognosesWithPaths(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := h.Prognoses(ctx, vin)
	if err != nil {
		return nil, err
	}
	return ps, h.stage.Paths(ctx, vin, ps)
}
