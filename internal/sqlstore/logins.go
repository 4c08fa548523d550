package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// maxLogins bounds the logins that are kept: one more ends the oldest.
const maxLogins = 1000

// PutLogin begins a login and forgets those that are over at its beginning.
func (s *Store) PutLogin(ctx context.Context, x presage.Login) error {
	return s.inTx(ctx, "begin a login", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM logins WHERE expires_at <= $1 OR id IN
			(SELECT id FROM logins ORDER BY created_at DESC, id LIMIT $2 OFFSET $3)`,
			micros(x.CreatedAt), everything, maxLogins-1); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO logins (id, user_name, admin_key, created_at, expires_at)
			VALUES ($1, $2, $3, $4, $5)`, x.ID, x.User, x.Key, micros(x.CreatedAt), micros(x.ExpiresAt))
		return err
	})
}

// Login returns the one with the ID, over or not; ErrNotFound when it was
// ended or never was.
func (s *Store) Login(ctx context.Context, id string) (presage.Login, error) {
	x, err := one(ctx, s.r, func(r row) (x presage.Login, err error) {
		err = r.Scan(&x.ID, &x.User, &x.Key, instant{&x.CreatedAt}, instant{&x.ExpiresAt})
		return x, err
	}, `SELECT id, user_name, admin_key, created_at, expires_at FROM logins WHERE id = $1`, id)
	return x, wrap(err, "login")
}

// EndLogin ends a login, for every process on this database. One that is
// not there is no error.
func (s *Store) EndLogin(ctx context.Context, id string) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM logins WHERE id = $1`, id)
	return wrap(err, "end a login")
}

// UseLink notes that the link with the ID was used at now; it need be known
// until its own time is over. ErrExpired: it was used before, by whomever.
func (s *Store) UseLink(ctx context.Context, id string, now, expires time.Time) error {
	err := s.inTx(ctx, "use a link", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM used_links WHERE expires_at <= $1`, micros(now)); err != nil {
			return err
		}
		return changed(tx.ExecContext(ctx, `INSERT INTO used_links (id, expires_at) VALUES ($1, $2)
			ON CONFLICT (id) DO NOTHING`, id, micros(expires)))
	})
	if errors.Is(err, presage.ErrNotFound) {
		return fmt.Errorf("%w link: it was used before", presage.ErrExpired)
	}
	return err
}
