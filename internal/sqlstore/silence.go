package sqlstore

import (
	"context"
	"strconv"
	"time"

	"presage"
)

// silentBefore is the instant after which a vehicle counts as silent. One that
// was never heard from is silent since 1970.
func silentBefore(after time.Duration) string {
	return `last_seen + COALESCE(NULLIF(expected_interval, 0), ` + strconv.FormatInt(after.Microseconds(), 10) + `)`
}

// SilentVehicles counts the vehicles that were not heard from in time.
func (s *Store) SilentVehicles(ctx context.Context, silence presage.Silence) (int, error) {
	if silence.After <= 0 {
		return 0, nil
	}
	var n int
	err := s.r.QueryRowContext(ctx, `SELECT COUNT(*) FROM vehicles WHERE `+silentBefore(silence.After)+` < $1`,
		micros(silence.Now)).Scan(&n)
	return n, wrap(err, "count silent vehicles")
}

// CountVehicles counts all vehicles.
func (s *Store) CountVehicles(ctx context.Context) (int, error) {
	var n int
	err := s.r.QueryRowContext(ctx, `SELECT COUNT(*) FROM vehicles`).Scan(&n)
	return n, wrap(err, "count vehicles")
}

// NewestSeen is the newest time that any vehicle has told; zero when none has.
func (s *Store) NewestSeen(ctx context.Context) (time.Time, error) {
	var newest time.Time
	err := s.r.QueryRowContext(ctx, `SELECT COALESCE(MAX(last_seen), 0) FROM vehicles`).Scan(instant{&newest})
	return newest, wrap(err, "newest time of all vehicles")
}
