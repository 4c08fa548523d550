package app

import (
	"context"
	"iter"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/clock"
)

// track is a store of telemetry with these samples.
type track struct {
	Telemetry

	samples []presage.Sample
}

func (x track) Scan(
	_ context.Context, _ presage.VIN, from, to time.Time, _ ...string,
) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, s := range x.samples {
			if !s.Time.Before(from) && s.Time.Before(to) && !yield(s, nil) {
				return
			}
		}
	}
}

func TestWhereabouts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	at := func(ago time.Duration, coordinates map[string]float64) presage.Sample {
		s := presage.Sample{Time: now.Add(-ago)}
		for name, x := range coordinates {
			s.Readings = append(s.Readings, presage.Reading{Signal: name, Value: presage.Number(x)})
		}
		return s
	}
	both := func(lat, lon float64) map[string]float64 {
		return map[string]float64{presage.SignalLatitude: lat, presage.SignalLongitude: lon}
	}
	const hour, day = time.Hour, 24 * time.Hour
	for name, c := range map[string]struct {
		samples []presage.Sample
		want    presage.Place
		ago     time.Duration
		unknown bool
	}{
		"nothing told": {unknown: true},
		"the last one": {
			samples: []presage.Sample{at(2*day, both(52, 13)), at(hour, both(52.5, 13.4))},
			want:    presage.Place{Lat: 52.5, Lon: 13.4}, ago: hour,
		},
		"too long ago":  {samples: []presage.Sample{at(4*day, both(52, 13))}, unknown: true},
		"without a fix": {samples: []presage.Sample{at(hour, both(0, 0))}, unknown: true},
		"one by one": {
			samples: []presage.Sample{
				at(hour, map[string]float64{presage.SignalLatitude: 52.5}), at(hour-time.Second, map[string]float64{presage.SignalLongitude: 13.4}),
			},
			want: presage.Place{Lat: 52.5, Lon: 13.4}, ago: hour - time.Second,
		},
		"of two places": {
			samples: []presage.Sample{
				at(2*hour, map[string]float64{presage.SignalLatitude: 52.5}), at(hour, map[string]float64{presage.SignalLongitude: 13.4}),
			},
			unknown: true,
		},
	} {
		a := &App{Telemetry: track{samples: c.samples}, Clock: clock.Stopped(now)}
		place, seen, known, err := a.whereabouts(t.Context(), "LPSAAAAA1AA000001")
		if err != nil || known == c.unknown || place != c.want || known && !seen.Equal(now.Add(-c.ago)) {
			t.Errorf("%s: %v at %v, %v, %v", name, place, seen, known, err)
		}
	}
}
