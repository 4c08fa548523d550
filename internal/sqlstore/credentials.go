package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"presage"
)

//nolint:gosec // columns, not a credential
const credentialSelect = `SELECT c.vin, c.hash, c.issued, c.revoked,
	EXISTS (SELECT 1 FROM vehicles v WHERE v.vin = c.vin) FROM vehicle_credentials c`

// PutCredentials gives vehicles new hashes; the ones before stop working. A
// VIN that is not known is registered; RevokedAt stays. All or none.
func (s *Store) PutCredentials(ctx context.Context, cs []presage.Credential) error {
	cs = slices.SortedFunc(slices.Values(cs), func(a, b presage.Credential) int { return cmp.Compare(a.VIN, b.VIN) })
	return s.inTx(ctx, "put credentials", func(tx *sql.Tx) error {
		const register = `INSERT INTO vehicles (` + vehicleColumns + `, shard)
			VALUES ($1, '', '', 0, '', 0, 0, '', '', FALSE, 0, 0, '', $2) ON CONFLICT (vin) DO NOTHING`
		err := each(ctx, tx, register, cs, func(c presage.Credential) ([]any, error) {
			return []any{c.VIN, c.VIN.Shard()}, nil
		})
		if err != nil {
			return err
		}
		const stmt = `INSERT INTO vehicle_credentials (vin, hash, issued, revoked) VALUES ($1, $2, $3, 0)
			ON CONFLICT (vin) DO UPDATE SET hash = excluded.hash, issued = excluded.issued`
		err = each(ctx, tx, stmt, cs, func(c presage.Credential) ([]any, error) {
			return []any{c.VIN, c.Hash, micros(c.IssuedAt)}, nil
		})
		if err != nil {
			return err
		}
		return outdateOf(ctx, tx, cs, func(c presage.Credential) presage.VIN { return c.VIN })
	})
}

// RevokeCredential takes a vehicle's secret away and shuts out certificates
// issued until at. ErrNotFound: neither a vehicle nor a credential is known.
func (s *Store) RevokeCredential(ctx context.Context, vin presage.VIN, at time.Time) error {
	err := changed(s.w.ExecContext(ctx, `INSERT INTO vehicle_credentials (vin, hash, issued, revoked)
		SELECT vin, '', 0, CAST($2 AS BIGINT)
		FROM (SELECT vin FROM vehicles UNION SELECT vin FROM vehicle_credentials) k WHERE vin = $1
		ON CONFLICT (vin) DO UPDATE SET hash = '', issued = 0, revoked = excluded.revoked`, vin, micros(at)))
	return wrap(err, "revoke the credential of "+vin.Masked())
}

// Credential returns what is known of a vehicle's right to connect; without
// any, only VIN and Registered are set.
func (s *Store) Credential(ctx context.Context, vin presage.VIN) (presage.Credential, error) {
	c, err := one(ctx, s.r, scanCredential, credentialSelect+` WHERE c.vin = $1`, vin)
	if errors.Is(err, sql.ErrNoRows) {
		c = presage.Credential{VIN: vin}
		err = s.r.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM vehicles WHERE vin = $1)`, vin).Scan(&c.Registered)
	}
	return c, wrap(err, "credential of "+vin.Masked())
}

// Credentials lists credentials by ascending VIN, revoked ones too.
func (s *Store) Credentials(ctx context.Context, f presage.CredentialFilter) ([]presage.Credential, error) {
	q := choose(credentialSelect).and("c.vin > ?", f.After)
	if !f.ChangedSince.IsZero() {
		q.and("(c.issued >= ? OR c.revoked >= ?)", micros(f.ChangedSince))
	}
	cs, err := chosen(ctx, s.r, scanCredential, q.order("c.vin", f.Limit))
	return cs, wrap(err, "list credentials")
}

func scanCredential(r row) (presage.Credential, error) {
	var c presage.Credential
	err := r.Scan(&c.VIN, &c.Hash, instant{&c.IssuedAt}, instant{&c.RevokedAt}, &c.Registered)
	return c, err
}
