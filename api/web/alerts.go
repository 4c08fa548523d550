package web

import (
	"context"
	"errors"

	"presage"
)

const (
	alertRows      = 6  // on the overview
	vehicleAlerts  = 20 // on a vehicle's page
	alertsOverview = 200
)

// alertRow is an alert with its vehicle.
type alertRow struct {
	presage.Alert
	Vehicle presage.Vehicle
}

// alerts are those that stand in the whole fleet, the newest first, and how many more there are.
func (s *Site) alerts(ctx context.Context) (rows []alertRow, more int, err error) {
	found, err := s.Alerts.Alerts(ctx, presage.AlertFilter{Firing: true, Limit: alertsOverview})
	if err != nil {
		return nil, 0, err
	}
	for _, a := range found[:min(alertRows, len(found))] {
		v, err := s.Vehicles.Vehicle(ctx, a.VIN)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return nil, 0, err
		}
		v.VIN = a.VIN
		rows = append(rows, alertRow{a, v})
	}
	return rows, len(found) - len(rows), nil
}
