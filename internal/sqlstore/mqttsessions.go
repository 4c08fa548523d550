package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

// PutSession keeps a session, or prolongs the one of the same vehicle and
// client ID. Of more than presage.MaxMQTTSessions of one vehicle the other one
// that expires first goes. ErrNotFound when nobody knows the vehicle, so that
// made-up VINs leave nothing behind; ErrInvalid for a session out of its bounds;
// ErrConflict when its claim is over: another node serves it.
func (s *Store) PutSession(ctx context.Context, m presage.MQTTSession) error {
	if m.ClientID == "" || len(m.ClientID) > presage.MaxClientIDBytes {
		return fmt.Errorf("put an MQTT session: %w: a client ID of %d bytes, want 1 to %d",
			presage.ErrInvalid, len(m.ClientID), presage.MaxClientIDBytes)
	}
	if m.ExpiresAt.IsZero() {
		return fmt.Errorf("put an MQTT session: %w: it has no time of expiry", presage.ErrInvalid)
	}
	return s.inTx(ctx, "put an MQTT session of "+m.VIN.Masked(), func(tx *sql.Tx) error {
		key := presage.ClientKey(m.ClientID)
		if err := holdsClaim(ctx, tx, m); err != nil {
			return err
		}
		err := changed(tx.ExecContext(ctx, `INSERT INTO mqtt_sessions (vin, client_id, qos, expires_at)
			SELECT vin, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM vehicles WHERE vin = $1
			ON CONFLICT (vin, client_id) DO UPDATE SET qos = excluded.qos, expires_at = excluded.expires_at`,
			m.VIN, key, m.QoS, micros(m.ExpiresAt)))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM mqtt_sessions WHERE vin = $1 AND client_id IN (
			SELECT client_id FROM mqtt_sessions WHERE vin = $1 AND client_id <> $2
			ORDER BY expires_at DESC, client_id LIMIT $3 OFFSET $4)`,
			m.VIN, key, everything, presage.MaxMQTTSessions-1)
		return err
	})
}

// Session returns the session of a vehicle's client, whether it has expired or
// not. ErrNotFound: there is none.
func (s *Store) Session(ctx context.Context, vin presage.VIN, clientID string) (presage.MQTTSession, error) {
	m, err := one(ctx, s.r, func(r row) (presage.MQTTSession, error) {
		m := presage.MQTTSession{VIN: vin, ClientID: clientID}
		err := r.Scan(&m.QoS, instant{&m.ExpiresAt})
		return m, err
	}, `SELECT qos, expires_at FROM mqtt_sessions WHERE vin = $1 AND client_id = $2`, vin, presage.ClientKey(clientID))
	if err != nil {
		return presage.MQTTSession{}, wrap(err, "MQTT session of "+vin.Masked())
	}
	return m, nil
}

// DeleteSession ends a session; one that is not there is no error. ErrConflict
// when its claim is over.
func (s *Store) DeleteSession(ctx context.Context, m presage.MQTTSession) error {
	return s.inTx(ctx, "delete an MQTT session of "+m.VIN.Masked(), func(tx *sql.Tx) error {
		if err := holdsClaim(ctx, tx, m); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM mqtt_sessions WHERE vin = $1 AND client_id = $2`,
			m.VIN, presage.ClientKey(m.ClientID))
		return err
	})
}

// holdsClaim is nil when m is written under the present claim of its session,
// which then nobody else can take before the transaction ends.
func holdsClaim(ctx context.Context, tx *sql.Tx, m presage.MQTTSession) error {
	if m.Claim == 0 {
		return nil
	}
	n, err := affected(tx.ExecContext(ctx, `UPDATE mqtt_claims SET number = number
		WHERE account = $1 AND client_id = $2 AND number = $3`, m.VIN, presage.ClientKey(m.ClientID), m.Claim))
	if err == nil && n == 0 {
		err = fmt.Errorf("%w: another node serves the session", presage.ErrConflict)
	}
	return err
}

// ExpireSessions removes the sessions whose time is over at now and returns
// how many.
func (s *Store) ExpireSessions(ctx context.Context, now time.Time) (int64, error) {
	n, err := affected(s.w.ExecContext(ctx, `DELETE FROM mqtt_sessions WHERE expires_at <= $1`, micros(now)))
	return n, wrap(err, "expire MQTT sessions")
}
