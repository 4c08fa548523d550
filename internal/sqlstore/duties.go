package sqlstore

import (
	"context"
	"database/sql"
	"fmt"

	"presage"
)

const dutyColumns = `name, owner, token, done`

func scanDuty(r row) (d presage.Duty, err error) {
	err = r.Scan(&d.Name, &d.Owner, &d.Token, instant{&d.Done})
	return d, err
}

// Duties lists all duties by name.
func (s *Store) Duties(ctx context.Context) ([]presage.Duty, error) {
	ds, err := all(ctx, s.r, scanDuty, `SELECT `+dutyColumns+` FROM duties ORDER BY name`)
	return ds, wrap(err, "list duties")
}

// TakeDuty makes a process the owner of a duty, whose token grows. ErrFenced: it has
// changed hands since it was read.
func (s *Store) TakeDuty(ctx context.Context, d presage.Duty, owner string) (presage.Duty, error) {
	d.Owner, d.Token = owner, d.Token+1
	return d, s.inTx(ctx, "take the duty "+d.Name, func(tx *sql.Tx) error {
		return fenced(tx.ExecContext(ctx, `UPDATE duties SET owner = $1, token = $2 WHERE name = $3 AND token = $4`,
			owner, d.Token, d.Name, d.Token-1))
	})
}

// LeaveDuty gives a duty to nobody, so that another process takes it at its next
// look. ErrFenced: another one has it.
func (s *Store) LeaveDuty(ctx context.Context, d presage.Duty) error {
	return s.inTx(ctx, "leave the duty "+d.Name, func(tx *sql.Tx) error {
		return fenced(tx.ExecContext(ctx, `UPDATE duties SET owner = '' WHERE name = $1 AND owner = $2 AND token = $3`,
			d.Name, d.Owner, d.Token))
	})
}

// FinishDuty notes that a duty's pass is at its end: Done. ErrFenced: another process has it.
func (s *Store) FinishDuty(ctx context.Context, d presage.Duty) error {
	return s.inTx(ctx, "finish the duty "+d.Name, func(tx *sql.Tx) error {
		return fenced(tx.ExecContext(ctx, `UPDATE duties SET done = $1 WHERE name = $2 AND owner = $3 AND token = $4`,
			micros(d.Done), d.Name, d.Owner, d.Token))
	})
}

// AskDuty forgets when a duty was last done, so that whoever has it does it soon.
func (s *Store) AskDuty(ctx context.Context, name string) error {
	_, err := s.w.ExecContext(ctx, `UPDATE duties SET done = 0 WHERE name = $1`, name)
	return wrap(err, "ask for the duty "+name)
}

// PutSettingFor is PutSetting for a duty; ErrFenced when another process has it.
func (s *Store) PutSettingFor(ctx context.Context, d presage.Duty, name, value string) error {
	return s.inTx(ctx, "setting "+name, func(tx *sql.Tx) error {
		if err := fence(ctx, tx, d); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, putSetting, name, value)
		return err
	})
}

// fenced turns "no row was touched" into ErrFenced.
func fenced(r sql.Result, err error) error {
	n, err := affected(r, err)
	if err == nil && n == 0 {
		return fmt.Errorf("%w: %w", presage.ErrConflict, presage.ErrFenced)
	}
	return err
}
