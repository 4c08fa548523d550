package sqlstore

import (
	"context"

	"presage"
)

// PutRollups inserts or replaces roll-ups by vehicle and day, all or none.
func (s *Store) PutRollups(ctx context.Context, rs []presage.Rollup) error {
	const stmt = `INSERT INTO rollups (vin, day, samples, first_at, last_at, features) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (vin, day) DO UPDATE SET samples = excluded.samples, first_at = excluded.first_at,
			last_at = excluded.last_at, features = excluded.features`
	return put(s, stmt, rs, func(r presage.Rollup) ([]any, error) {
		features, err := encode(r.Features)
		if err != nil {
			return nil, wrap(err, "roll-up of "+r.VIN.Masked()+" on "+r.Day.String())
		}
		return []any{r.VIN, int64(r.Day), r.Samples, micros(r.First), micros(r.Last), features}, nil
	})(ctx, "put roll-ups")
}

// Rollups lists a vehicle's roll-ups of the days from..to, both included, ascending.
func (s *Store) Rollups(ctx context.Context, vin presage.VIN, from, to presage.Day) ([]presage.Rollup, error) {
	rs, err := all(ctx, s.r, func(r row) (presage.Rollup, error) {
		var x presage.Rollup
		err := r.Scan(&x.VIN, &x.Day, &x.Samples, instant{&x.First}, instant{&x.Last}, document{&x.Features})
		return x, err
	}, `SELECT vin, day, samples, first_at, last_at, features FROM rollups
		WHERE vin = $1 AND day >= $2 AND day <= $3 ORDER BY day`, vin, int64(from), int64(to))
	return rs, wrap(err, "roll-ups of "+vin.Masked())
}
