package app

import (
	"context"
	"fmt"
	"time"

	"presage"
)

const (
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
	s, err := sightings{a}.LastSeen(ctx, vin)
	if err != nil || s.Place == nil {
		return at, seen, false, err
	}
	return *s.Place, s.At, true, nil
}

// sightings reads in the telemetry where cars were seen last.
type sightings struct{ app *App }

// LastSeen is the newest position and speed of a car, as far as it told them lately.
func (x sightings) LastSeen(ctx context.Context, vin presage.VIN) (presage.Sighting, error) {
	var seen presage.Sighting
	var lat, lon, speed told
	now := x.app.Clock.Now()
	for s, err := range x.app.Telemetry.Scan(ctx, vin, now.Add(-placeStands), now.Add(time.Second),
		presage.SignalLatitude, presage.SignalLongitude, presage.SignalSpeed) {
		if err != nil {
			return seen, fmt.Errorf("where %s stands: %w", vin.Masked(), err)
		}
		lat.read(s, presage.SignalLatitude)
		lon.read(s, presage.SignalLongitude)
		speed.read(s, presage.SignalSpeed)
		if lat.at.IsZero() || lon.at.IsZero() || lat.at.Sub(lon.at).Abs() > samePlace {
			continue
		}
		if p := (presage.Place{Lat: lat.value, Lon: lon.value}); p != (presage.Place{}) { // a receiver without a fix
			seen.Place, seen.At = &p, later(lat.at, lon.at)
		}
	}
	if !speed.at.IsZero() {
		seen.Speed, seen.SpeedAt = &speed.value, speed.at
	}
	return seen, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
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
