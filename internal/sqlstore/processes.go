package sqlstore

import (
	"context"
	"strings"

	"presage"
)

// Beat tells the other processes that this one lives.
func (s *Store) Beat(ctx context.Context, p presage.Process) error {
	_, err := s.w.ExecContext(ctx, `INSERT INTO processes (id, place, roles, since, beat, alone, seat)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET beat = excluded.beat, roles = excluded.roles`,
		p.ID, clean(p.Place), strings.Join(p.Roles, ","), micros(p.Since), p.Beat, p.Alone, p.Seat)
	return wrap(err, "tell that this process lives")
}

// Processes lists those that told that they live and did not leave, by ID.
func (s *Store) Processes(ctx context.Context) ([]presage.Process, error) {
	ps, err := all(ctx, s.r, func(r row) (p presage.Process, err error) {
		var roles string
		err = r.Scan(&p.ID, &p.Place, &roles, instant{&p.Since}, &p.Beat, &p.Alone, &p.Seat)
		if roles != "" {
			p.Roles = strings.Split(roles, ",")
		}
		return p, err
	}, `SELECT id, place, roles, since, beat, alone, seat FROM processes ORDER BY id`)
	return ps, wrap(err, "list processes")
}

// RemoveProcess takes a process off the list, unless it told that it lives since it was read.
func (s *Store) RemoveProcess(ctx context.Context, p presage.Process) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM processes WHERE id = $1 AND beat = $2`, p.ID, p.Beat)
	return wrap(err, "remove a process")
}
