package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

const adviserSelect = `SELECT id, name, workshops, languages, skills, zone, from_hour, to_hour, off_on, absent_until,
	(SELECT COUNT(*) FROM accounts WHERE accounts.name = advisers.name AND disabled_at > 0)
	FROM advisers`

// PutAdviser keeps an adviser, or what is new about one. ErrConflict: another has the name.
func (s *Store) PutAdviser(ctx context.Context, a presage.Adviser) error {
	var lists [4]string
	for i, v := range []any{nonNull(a.Workshops), nonNull(a.Languages), nonNull(a.Skills), nonNull(a.OffOn)} {
		text, err := encode(v)
		if err != nil {
			return err
		}
		lists[i] = text
	}
	return s.inTx(ctx, "put adviser "+a.ID, func(tx *sql.Tx) error {
		var others int
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM advisers WHERE name = $1 AND id <> $2`, a.Name, a.ID).
			Scan(&others); err != nil {
			return err
		}
		if others > 0 {
			return fmt.Errorf("name: %w: another adviser has it", presage.ErrConflict)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO advisers
			(id, name, workshops, languages, skills, zone, from_hour, to_hour, off_on, absent_until)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, workshops = excluded.workshops, languages = excluded.languages,
				skills = excluded.skills, zone = excluded.zone, from_hour = excluded.from_hour, to_hour = excluded.to_hour,
				off_on = excluded.off_on, absent_until = excluded.absent_until`,
			a.ID, a.Name, lists[0], lists[1], lists[2], a.Zone, a.FromHour, a.ToHour, lists[3], micros(a.AbsentUntil))
		return err
	})
}

func nonNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Advisers lists all by ID.
func (s *Store) Advisers(ctx context.Context) ([]presage.Adviser, error) {
	as, err := all(ctx, s.r, scanAdviser, adviserSelect+` ORDER BY id`)
	return as, wrap(err, "list advisers")
}

// RemoveAdviser forgets one; what they have stays theirs. ErrNotFound.
func (s *Store) RemoveAdviser(ctx context.Context, id string) error {
	n, err := s.rows(ctx, `DELETE FROM advisers WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = presage.ErrNotFound
	}
	return wrap(err, "remove adviser "+id)
}

// AdviserLoads tells by name what each owner has, and was given since.
func (s *Store) AdviserLoads(ctx context.Context, since time.Time) (map[string]presage.AdviserLoad, error) {
	type load struct {
		name string
		presage.AdviserLoad
	}
	rows, err := all(ctx, s.r, func(r row) (load, error) {
		var l load
		err := r.Scan(&l.name, &l.Open, &l.Lately)
		return l, err
	}, `SELECT owner, SUM(CASE WHEN closed_at = 0 THEN 1 ELSE 0 END), SUM(CASE WHEN assigned_at >= $1 THEN 1 ELSE 0 END)
		FROM waits WHERE owner <> '' AND (closed_at = 0 OR came_at >= $1) GROUP BY owner`, micros(since))
	loads := make(map[string]presage.AdviserLoad, len(rows))
	for _, l := range rows {
		loads[l.name] = l.AdviserLoad
	}
	return loads, wrap(err, "loads of advisers")
}

func scanAdviser(r row) (presage.Adviser, error) {
	var a presage.Adviser
	var disabled int
	err := r.Scan(&a.ID, &a.Name, document{&a.Workshops}, document{&a.Languages}, document{&a.Skills}, &a.Zone,
		&a.FromHour, &a.ToHour, document{&a.OffOn}, instant{&a.AbsentUntil}, &disabled)
	a.Disabled = disabled > 0
	return a, err
}
