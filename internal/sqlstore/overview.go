package sqlstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// Overview counts; Heard counts vehicles seen at or after heardSince.
func (s *Store) Overview(ctx context.Context, heardSince time.Time, silence presage.Silence) (presage.Overview, error) {
	o := presage.Overview{ByStatus: map[presage.Status]int{}, Cases: map[presage.CaseState]int{}}
	err := s.count(ctx, &o.Vehicles, `SELECT COUNT(*) FROM vehicles`)
	if err == nil {
		err = s.count(ctx, &o.Heard, `SELECT COUNT(*) FROM vehicles WHERE last_seen >= $1 AND last_seen > 0`,
			micros(heardSince))
	}
	if err == nil {
		o.Silent, err = s.SilentVehicles(ctx, silence)
	}
	if err == nil {
		err = tally(ctx, s.r, o.ByStatus, statusOf, `SELECT worst, COUNT(*) FROM
			(SELECT COALESCE(MAX(p.badness), 1) AS worst FROM vehicles v LEFT JOIN prognoses p
				ON p.vin = v.vin AND p.service = 0 GROUP BY v.vin) w
			GROUP BY worst`)
	}
	if err == nil {
		err = tally(ctx, s.r, o.Cases, same[presage.CaseState], `SELECT state, COUNT(*) FROM cases GROUP BY state`)
	}
	if err == nil {
		err = s.count(ctx, &o.ServicesDue, `SELECT COUNT(DISTINCT vin) FROM prognoses WHERE service = 1 AND badness = $1`,
			presage.StatusDue.Urgency())
	}
	if err == nil {
		err = s.countFindings(ctx, &o)
	}
	if err != nil {
		return presage.Overview{}, wrap(err, "overview")
	}
	if o.Health, err = s.FleetHealth(ctx); err != nil {
		return presage.Overview{}, err
	}
	return o, s.partsToOrder(ctx, &o.OpenParts)
}

func (s *Store) count(ctx context.Context, to *int, query string, args ...any) error {
	return s.r.QueryRowContext(ctx, query, args...).Scan(to)
}

// countFindings counts what workshops found at visits that were sold, and the failures
// that came before any.
func (s *Store) countFindings(ctx context.Context, o *presage.Overview) error {
	err := s.count(ctx, &o.Avoided, `SELECT COUNT(*) FROM labels l WHERE booking_id <> '' AND outcome = $1
		AND component NOT LIKE 'recall:%' AND NOT `+ofService,
		presage.OutcomeConfirmed)
	if err == nil {
		err = s.count(ctx, &o.Serviced, `SELECT COUNT(*) FROM labels l WHERE booking_id <> '' AND outcome = $1
			AND `+ofService,
			presage.OutcomeConfirmed)
	}
	if err == nil {
		err = s.count(ctx, &o.Occurred, `SELECT COUNT(*) FROM labels l WHERE booking_id = '' AND outcome = $1
			AND NOT `+ofService+` AND at >= (SELECT COALESCE(MIN(first_at), 0) FROM rollup_blocks)`,
			presage.OutcomeFailed)
	}
	return err
}

// ofService is true of a finding on a service item: a service that was done is no
// failure that was avoided.
const ofService = `EXISTS (SELECT 1 FROM prognoses p
	WHERE p.vin = l.vin AND p.component = l.component AND p.service = 1)`

// tally reads (key, count) rows into counts.
func tally[C any, K comparable](
	ctx context.Context, db reader, counts map[K]int, key func(C) K, query string,
) error {
	type pair struct {
		column C
		count  int
	}
	pairs, err := all(ctx, db, func(r row) (pair, error) {
		var p pair
		err := r.Scan(&p.column, &p.count)
		return p, err
	}, query)
	for _, p := range pairs {
		counts[key(p.column)] = p.count
	}
	return err
}

func same[K any](k K) K { return k }

// statusOf is the status with that badness.
func statusOf(b int) presage.Status {
	for _, s := range []presage.Status{
		presage.StatusDue, presage.StatusWatch, presage.StatusStale, presage.StatusUnknown,
	} {
		if s.Urgency() == b {
			return s
		}
	}
	return presage.StatusOK
}

// Urgent lists each vehicle's most urgent prognosis, at most limit (0 for
// 1,000): the worst status first, what wears before what is due by an interval,
// then the highest probability of failure within 30 days. They come without their Path.
func (s *Store) Urgent(ctx context.Context, limit int) ([]presage.Prognosis, error) {
	if limit <= 0 {
		limit = 1000
	}
	ps, err := all(ctx, s.r, func(r row) (presage.Prognosis, error) {
		var id presage.ComponentID
		var vin presage.VIN
		var body []byte
		if err := r.Scan(&id, &vin, &body); err != nil {
			return presage.Prognosis{}, err
		}
		of, err := prognosesIn(vin, body)
		i := slices.IndexFunc(of, func(p presage.Prognosis) bool { return p.Component == id })
		if err != nil || i < 0 {
			return presage.Prognosis{}, cmp.Or(err, fmt.Errorf("%w prognosis of %s", presage.ErrNotFound, id))
		}
		return of[i], nil
	}, `SELECT p.component, v.vin, v.body FROM
		(SELECT component, badness, service, fail30, vin, ROW_NUMBER() OVER
			(PARTITION BY vin ORDER BY badness DESC, service, fail30 DESC, component) AS place FROM prognoses) p
		JOIN vehicle_prognoses v ON v.vin = p.vin
		WHERE place = 1 ORDER BY badness DESC, service, fail30 DESC, p.vin LIMIT $1 + 0`, limit)
	return ps, wrap(err, "urgent prognoses")
}
