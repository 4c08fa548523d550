package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// maxDevices bounds the devices of one customer: one more ends the one that was
// seen longest ago.
const maxDevices = 20

const deviceUpsert = `INSERT INTO devices (customer_id, id, platform, token, registered_at, seen_at)
	VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (customer_id, id) DO UPDATE SET platform = excluded.platform, token = excluded.token,
		seen_at = excluded.seen_at`

// RegisterDevice keeps a device of a known customer, or what is new about it, and
// returns it as it is then. A token that another customer's device had leaves
// that one: the phone has changed hands, or its user logged in as somebody else.
// ErrNotFound if there is no such customer.
func (s *Store) RegisterDevice(ctx context.Context, d presage.Device) (presage.Device, error) {
	err := s.inTx(ctx, "register a device of customer "+d.CustomerID, func(tx *sql.Tx) error {
		if err := customerKnown(ctx, tx, d.CustomerID); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM devices WHERE token = $1 AND NOT (customer_id = $2 AND id = $3)`,
			d.Token.Reveal(), d.CustomerID, d.ID); err != nil {
			return err
		}
		args, err := deviceArgs(d)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, deviceUpsert, args...); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM devices WHERE customer_id = $1 AND id IN
			(SELECT id FROM devices WHERE customer_id = $1 ORDER BY seen_at DESC, id LIMIT $2 OFFSET $3)`,
			d.CustomerID, everything, maxDevices)
		if err != nil {
			return err
		}
		d, err = one(ctx, tx, scanDevice, deviceSelect+` WHERE customer_id = $1 AND id = $2`, d.CustomerID, d.ID)
		return err
	})
	return d, err
}

// An import repeats what it knew long ago: a token that is known, of whichever
// customer, stays where the app registered it.
const deviceImport = `INSERT INTO devices (customer_id, id, platform, token, registered_at, seen_at)
	SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), CAST($6 AS BIGINT)
	WHERE NOT EXISTS (SELECT 1 FROM devices WHERE token = $4)
	ON CONFLICT (customer_id, id) DO UPDATE SET token = excluded.token, seen_at = excluded.seen_at`

// PutDevices takes devices of an import, all or none. What an app registered itself stands.
func (s *Store) PutDevices(ctx context.Context, ds []presage.Device) error {
	return put(s, deviceImport, ds, deviceArgs)(ctx, "put devices")
}

func deviceArgs(d presage.Device) ([]any, error) {
	return []any{
		d.CustomerID, d.ID, string(d.Platform), d.Token.Reveal(), micros(d.RegisteredAt), micros(d.SeenAt),
	}, nil
}

const deviceSelect = `SELECT customer_id, id, platform, token, registered_at, seen_at FROM devices`

// Devices lists a customer's, those first that were seen last; none is no error.
func (s *Store) Devices(ctx context.Context, customerID string) ([]presage.Device, error) {
	ds, err := all(ctx, s.r, scanDevice, deviceSelect+` WHERE customer_id = $1 ORDER BY seen_at DESC, id`, customerID)
	return ds, wrap(err, "devices of customer "+customerID)
}

// RemoveDevice forgets a device; ErrNotFound if there is none.
func (s *Store) RemoveDevice(ctx context.Context, customerID, id string) error {
	err := changed(s.w.ExecContext(ctx, `DELETE FROM devices WHERE customer_id = $1 AND id = $2`, customerID, id))
	return wrap(err, "remove a device of customer "+customerID)
}

// DropToken forgets the device with a token that reaches nothing any more; one
// that has another token by now stays.
func (s *Store) DropToken(ctx context.Context, token presage.Secret) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM devices WHERE token = $1`, token.Reveal())
	return wrap(err, "remove a device")
}

func scanDevice(r row) (presage.Device, error) {
	var d presage.Device
	err := r.Scan(&d.CustomerID, &d.ID, &d.Platform, &d.Token, instant{&d.RegisteredAt}, instant{&d.SeenAt})
	return d, err
}
