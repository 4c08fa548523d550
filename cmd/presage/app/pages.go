package app

import (
	"context"

	"presage"
	"presage/internal/sqlstore"
)

// page is how many rows are read at once where all are wanted.
const page = 1000

// allVehicles reads the fleet page by page.
func allVehicles(ctx context.Context, s *sqlstore.Store) ([]presage.Vehicle, error) {
	var all []presage.Vehicle
	f := presage.VehicleFilter{Limit: page}
	for {
		vehicles, err := s.Vehicles(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, vehicles...)
		if len(vehicles) < page {
			return all, nil
		}
		f.After = vehicles[len(vehicles)-1].VIN
	}
}
