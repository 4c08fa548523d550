package app

import (
	"context"
	"fmt"
	"time"

	"presage"
)

const (
	latitude  = "Vehicle.CurrentLocation.Latitude"
	longitude = "Vehicle.CurrentLocation.Longitude"
	// placeStands is how long a car counts as standing where it told last.
	placeStands = 3 * 24 * time.Hour
	// samePlace is how far apart its two coordinates may be told: some doors take
	// them as messages of their own.
	samePlace = time.Minute
)

// whereabouts tells where a car stood last; false where it did not tell lately.
func (a *App) whereabouts(
	ctx context.Context, vin presage.VIN,
) (at presage.Place, seen time.Time, known bool, err error) {
	now := a.Clock.Now()
	var lat, lon told
	for s, err := range a.Telemetry.Scan(ctx, vin, now.Add(-placeStands), now.Add(time.Second), latitude, longitude) {
		if err != nil {
			return at, seen, false, fmt.Errorf("where %s stands: %w", vin.Masked(), err)
		}
		lat.read(s, latitude)
		lon.read(s, longitude)
		if lat.at.IsZero() || lon.at.IsZero() || lat.at.Sub(lon.at).Abs() > samePlace {
			continue
		}
		if p := (presage.Place{Lat: lat.value, Lon: lon.value}); p != (presage.Place{}) { // a receiver without a fix
			at, seen, known = p, s.Time, true
		}
	}
	return at, seen, known, nil
}

// told is the last number of a signal.
type told struct {
	value float64
	at    time.Time
}

func (x *told) read(s presage.Sample, signal string) {
	for _, r := range s.Readings {
		if r.Signal == signal && r.Value.Kind == presage.KindNumber {
			x.value, x.at = r.Value.Number, s.Time
		}
	}
}
