package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

const accountSelect = `SELECT id, name, roles, workshops, lang, created_at, disabled_at,
	CASE WHEN key_hash = '' THEN 0 ELSE 1 END FROM accounts`

// PutAccount keeps an account, or what is new about one: not whether it is disabled, nor
// its key. ErrConflict: another has the name, or this one has had another name.
func (s *Store) PutAccount(ctx context.Context, a presage.Account) error {
	roles, err := encode(nonNull(a.Roles))
	if err != nil {
		return err
	}
	workshops, err := encode(nonNull(a.Workshops))
	if err != nil {
		return err
	}
	return s.inTx(ctx, "put account "+a.ID, func(tx *sql.Tx) error {
		if err := nameFree(ctx, tx, a); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO accounts
			(id, name, roles, workshops, lang, key_hash, created_at, disabled_at)
			VALUES ($1, $2, $3, $4, $5, '', $6, 0)
			ON CONFLICT (id) DO UPDATE SET roles = excluded.roles, workshops = excluded.workshops, lang = excluded.lang`,
			a.ID, a.Name, roles, workshops, string(a.Lang), micros(a.CreatedAt))
		return err
	})
}

func nameFree(ctx context.Context, tx *sql.Tx, a presage.Account) error {
	var others int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM accounts WHERE name = $1 AND id <> $2`, a.Name, a.ID).
		Scan(&others); err != nil {
		return err
	}
	if others > 0 {
		return presage.Refuse(fmt.Errorf("name: %w: another account has it", presage.ErrConflict), presage.WhyNameTaken)
	}
	var name string
	switch err := tx.QueryRowContext(ctx, `SELECT name FROM accounts WHERE id = $1`, a.ID).Scan(&name); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case name != a.Name:
		return fmt.Errorf("name: %w: it stays %s, for histories name the person so; disable this account and make another",
			presage.ErrConflict, name)
	}
	return nil
}

// Accounts lists all by ID, disabled ones too.
func (s *Store) Accounts(ctx context.Context) ([]presage.Account, error) {
	as, err := all(ctx, s.r, scanAccount, accountSelect+` ORDER BY id`)
	return as, wrap(err, "list accounts")
}

// Account is one of them, disabled or not; ErrNotFound.
func (s *Store) Account(ctx context.Context, id string) (presage.Account, error) {
	a, err := one(ctx, s.r, scanAccount, accountSelect+` WHERE id = $1`, id)
	return a, wrap(err, "account "+id)
}

// AccountByKey is whose key has the hash; ErrNotFound.
func (s *Store) AccountByKey(ctx context.Context, hash string) (presage.Account, error) {
	if hash == "" {
		return presage.Account{}, fmt.Errorf("account of a key: %w", presage.ErrNotFound)
	}
	a, err := one(ctx, s.r, scanAccount, accountSelect+` WHERE key_hash = $1`, hash)
	return a, wrap(err, "account of a key")
}

// SetAccountKey gives the account another key, and ends what was begun with the last
// one; ErrNotFound.
func (s *Store) SetAccountKey(ctx context.Context, id, hash string) error {
	return s.changeAccount(ctx, id, `UPDATE accounts SET key_hash = $2 WHERE id = $1`, hash)
}

// DisableAccount lets nobody in by the account from now on, at any process, and forgets
// its key. ErrNotFound.
func (s *Store) DisableAccount(ctx context.Context, id string, now time.Time) error {
	return s.changeAccount(ctx, id, `UPDATE accounts SET key_hash = '',
		disabled_at = CASE WHEN disabled_at = 0 THEN $2 ELSE disabled_at END WHERE id = $1`, micros(now))
}

// EnableAccount lets the person in again; ErrNotFound.
func (s *Store) EnableAccount(ctx context.Context, id string) error {
	n, err := s.rows(ctx, `UPDATE accounts SET disabled_at = 0 WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = presage.ErrNotFound
	}
	return wrap(err, "enable account "+id)
}

// changeAccount changes one and ends its logins.
func (s *Store) changeAccount(ctx context.Context, id, statement string, value any) error {
	return s.inTx(ctx, "change account "+id, func(tx *sql.Tx) error {
		if err := changed(tx.ExecContext(ctx, statement, id, value)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM logins WHERE user_name = $1`, id)
		return err
	})
}

func scanAccount(r row) (presage.Account, error) {
	var a presage.Account
	var key int
	err := r.Scan(&a.ID, &a.Name, document{&a.Roles}, document{&a.Workshops}, &a.Lang, instant{&a.CreatedAt},
		instant{&a.DisabledAt}, &key)
	a.HasKey = key != 0
	return a, err
}
