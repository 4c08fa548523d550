package sqlstore

import (
	"context"
	"errors"
	"iter"

	"presage"
)

// PutPrognoses replaces the present prognosis of each vehicle and component, all
// or none. Paths are not kept.
func (s *Store) PutPrognoses(ctx context.Context, ps []presage.Prognosis) error {
	const stmt = `INSERT INTO prognoses (vin, component, as_of, status, badness, fail30, body, service)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (vin, component) DO UPDATE SET as_of = excluded.as_of, status = excluded.status,
			badness = excluded.badness, fail30 = excluded.fail30, body = excluded.body, service = excluded.service`
	return put(s, stmt, ps, func(p presage.Prognosis) ([]any, error) {
		p.Path = nil
		body, err := encode(p)
		if err != nil {
			return nil, wrap(err, "prognosis of "+p.VIN.Masked()+" "+string(p.Component))
		}
		return []any{
			p.VIN, p.Component, micros(p.AsOf), p.Status, p.Status.Urgency(), p.FailWithin.D30, body, flag(p.ByInterval()),
		}, nil
	})(ctx, "put prognoses")
}

// Prognoses lists a vehicle's present prognoses by component, each without its Path.
func (s *Store) Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := all(ctx, s.r, scanDocument[presage.Prognosis],
		`SELECT body FROM prognoses WHERE vin = $1 ORDER BY component`, vin)
	return ps, wrap(err, "prognoses of "+vin.Masked())
}

// AllPrognoses walks over the present prognoses of all vehicles, by VIN and
// component, as they were when the walk began, each without its Path. It holds a reading connection
// until it ends. The first error is the last step.
func (s *Store) AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error] {
	return func(yield func(presage.Prognosis, error) bool) {
		rows, err := s.r.QueryContext(ctx, `SELECT body FROM prognoses ORDER BY vin, component`)
		if err != nil {
			yield(presage.Prognosis{}, wrap(err, "all prognoses"))
			return
		}
		for rows.Next() {
			p, scanErr := scanDocument[presage.Prognosis](rows)
			if scanErr != nil {
				yield(presage.Prognosis{}, wrap(errors.Join(scanErr, rows.Close()), "all prognoses"))
				return
			}
			if !yield(p, nil) {
				_ = rows.Close() // the walker has left: there is nobody to tell
				return
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			yield(presage.Prognosis{}, wrap(err, "all prognoses"))
		}
	}
}

// FleetHealth counts vehicles by component and status, in that order.
func (s *Store) FleetHealth(ctx context.Context) ([]presage.HealthCount, error) {
	hs, err := all(ctx, s.r, func(r row) (presage.HealthCount, error) {
		var h presage.HealthCount
		err := r.Scan(&h.Component, &h.Status, &h.Vehicles)
		return h, err
	}, `SELECT component, status, COUNT(*) FROM prognoses GROUP BY component, status ORDER BY component, status`)
	return hs, wrap(err, "fleet health")
}
