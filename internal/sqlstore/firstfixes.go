package sqlstore

import (
	"context"
	"database/sql"
	"slices"

	"presage"
)

// FirstFixes counts, by technician and job, the visits to a workshop whose results say
// whether the car was mended, and those that were mended at once. A visit with several
// jobs counts for each.
func (s *Store) FirstFixes(ctx context.Context, workshopID string) ([]presage.FirstFixes, error) {
	type counted struct {
		presage.FirstFixes
		jobs []string
	}
	rows, err := all(ctx, s.r, func(r row) (counted, error) {
		var x counted
		err := r.Scan(&x.Technician, document{&x.jobs}, &x.Done, &x.Fixed)
		return x, err
	}, `SELECT technician_id, jobs, COUNT(*), CAST(SUM(fixed) AS BIGINT) FROM first_fixes
		WHERE workshop_id = $1 GROUP BY technician_id, jobs ORDER BY technician_id, jobs`, workshopID)
	var list []presage.FirstFixes
	for _, x := range rows {
		for _, job := range x.jobs {
			i := slices.IndexFunc(list, func(f presage.FirstFixes) bool { return f.Technician == x.Technician && f.Job == job })
			if i < 0 {
				i, list = len(list), append(list, presage.FirstFixes{Technician: x.Technician, Job: job})
			}
			list[i].Done, list[i].Fixed = list[i].Done+x.Done, list[i].Fixed+x.Fixed
		}
	}
	return list, wrap(err, "first fixes of workshop "+workshopID)
}

// dropFix forgets what a visit's result said of it.
func dropFix(ctx context.Context, tx *sql.Tx, bookingID string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM first_fixes WHERE booking_id = $1`, bookingID)
	return err
}

// noteFix keeps whether a visit mended the car at once, where its result says so; a
// result that is corrected takes the place of the first.
func noteFix(ctx context.Context, tx *sql.Tx, r presage.WorkshopResult, b presage.Booking) error {
	if r.FirstTime == nil {
		return dropFix(ctx, tx, b.ID)
	}
	jobs, err := encode(b.Jobs)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO first_fixes (booking_id, workshop_id, technician_id, jobs, fixed)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (booking_id) DO UPDATE SET technician_id = excluded.technician_id, fixed = excluded.fixed`,
		b.ID, b.WorkshopID, b.TechnicianID, jobs, flag(*r.FirstTime))
	return err
}
