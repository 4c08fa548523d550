package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"presage"
)

const policyColumns = `version, document, put_at, author, note`

// PutPolicy keeps the next version, made at p.PutAt, if the newest is still
// p.Version, 0 for none; else it is an ErrConflict that names the newest.
func (s *Store) PutPolicy(ctx context.Context, p presage.Policy) (presage.Policy, error) {
	known := p.Version
	p.Version = known + 1
	p.By, p.Note = clean(p.By), clean(p.Note)
	err := s.inTx(ctx, "put policy", func(tx *sql.Tx) error {
		if err := stillNewest(ctx, tx, "policies", known); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO policies (`+policyColumns+`) VALUES ($1, $2, $3, $4, $5)`,
			p.Version, string(p.Document), micros(p.PutAt), p.By, p.Note)
		return err
	})
	if err != nil {
		return presage.Policy{}, err
	}
	return s.Policy(ctx, p.Version)
}

// stillNewest is an ErrConflict that names the newest version of a document when that is not
// the one known. Of two that put the next at once the slower one breaks the primary key.
func stillNewest(ctx context.Context, tx *sql.Tx, table string, known int64) error {
	newest, err := one(ctx, tx, scanCount, `SELECT COALESCE(MAX(version), 0) FROM `+table)
	if err == nil && newest != known {
		err = fmt.Errorf("%w: version %d is in force, not %d: look at it and put yours again",
			presage.ErrConflict, newest, known)
	}
	return err
}

// PolicyAfter is the newest policy if its version is above the one that is
// known, else ErrNotFound.
func (s *Store) PolicyAfter(ctx context.Context, version int64) (presage.Policy, error) {
	p, err := one(ctx, s.r, scanPolicy,
		`SELECT `+policyColumns+` FROM policies WHERE version > $1 ORDER BY version DESC LIMIT 1`, version)
	if errors.Is(err, sql.ErrNoRows) {
		return p, presage.ErrNotFound // at almost every look: it is not wrapped
	}
	return p, wrap(err, "newest policy")
}

// Policy is one version; ErrNotFound.
func (s *Store) Policy(ctx context.Context, version int64) (presage.Policy, error) {
	p, err := one(ctx, s.r, scanPolicy, `SELECT `+policyColumns+` FROM policies WHERE version = $1`, version)
	return p, wrap(err, fmt.Sprintf("policy version %d", version))
}

// Policies lists the versions below before, all for 0, the newest first.
func (s *Store) Policies(ctx context.Context, before int64, limit int) ([]presage.Policy, error) {
	q := choose(`SELECT ` + policyColumns + ` FROM policies`)
	if before > 0 {
		q.and("version < ?", before)
	}
	ps, err := chosen(ctx, s.r, scanPolicy, q.order("version DESC", limit))
	return ps, wrap(err, "list policies")
}

func scanPolicy(r row) (presage.Policy, error) {
	var p presage.Policy
	var document string
	err := r.Scan(&p.Version, &document, instant{&p.PutAt}, &p.By, &p.Note)
	p.Document = []byte(document)
	return p, err
}
