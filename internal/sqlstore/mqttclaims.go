package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// ClaimSession makes a node the one that serves a session and returns the
// claim's number, which is above that of every earlier claim of the session.
// moved: another node served it until now, and learns it by LostSessions.
// ErrForbidden: that client has proven who it is and this one has not.
func (s *Store) ClaimSession(ctx context.Context, c presage.MQTTClaim) (number int64, moved bool, err error) {
	if c.Account == "" || c.ClientID == "" || c.Node == "" || c.At.IsZero() {
		return 0, false, fmt.Errorf("claim an MQTT session: %w: account, client ID, node and time are required",
			presage.ErrInvalid)
	}
	c.ClientID = presage.ClientKey(c.ClientID)
	// Nearly all are new or the node's own: one statement, no transaction.
	err = s.w.QueryRowContext(ctx, `INSERT INTO mqtt_claims (account, client_id, node, number, proven)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (account, client_id) DO UPDATE SET proven = excluded.proven,
		number = CASE WHEN excluded.number > mqtt_claims.number THEN excluded.number ELSE mqtt_claims.number + 1 END
		WHERE mqtt_claims.node = excluded.node RETURNING number`,
		c.Account, c.ClientID, c.Node, micros(c.At), c.Proven).Scan(&number)
	if !errors.Is(err, sql.ErrNoRows) {
		return number, false, wrap(err, "claim an MQTT session")
	}
	err = s.inTx(ctx, "take over an MQTT session", func(tx *sql.Tx) error {
		number, moved, err = seize(ctx, tx, c)
		return err
	})
	return number, moved, err
}

// seize claims a session that another node serves.
func seize(ctx context.Context, tx *sql.Tx, c presage.MQTTClaim) (number int64, moved bool, err error) {
	var was string
	var proven bool
	// Changes nothing but the number, and makes whoever claims at the same time wait.
	err = tx.QueryRowContext(ctx, `UPDATE mqtt_claims SET
		number = CASE WHEN number < $3 THEN CAST($3 AS BIGINT) ELSE number + 1 END
		WHERE account = $1 AND client_id = $2 RETURNING node, number, proven`,
		c.Account, c.ClientID, micros(c.At)).Scan(&was, &number, &proven)
	switch {
	case errors.Is(err, sql.ErrNoRows): // it was released meanwhile
		return 0, false, fmt.Errorf("%w: the session's claim has just ended", presage.ErrUnavailable)
	case err != nil:
		return 0, false, err
	case proven && !c.Proven && was != c.Node:
		return 0, false, fmt.Errorf("%w: the session is in use by a client that has proven who it is", presage.ErrForbidden)
	}
	_, err = tx.ExecContext(ctx, `UPDATE mqtt_claims SET node = $3, proven = $4 WHERE account = $1 AND client_id = $2`,
		c.Account, c.ClientID, c.Node, c.Proven)
	if err != nil || was == c.Node {
		return number, false, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO mqtt_lost (node, account, client_id, number, clean)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (node, account, client_id) DO UPDATE SET
		number = excluded.number, clean = excluded.clean`, was, c.Account, c.ClientID, number, c.Clean)
	return number, true, err
}

// ReleaseSession ends the claim with this number; one that another has followed
// stays.
func (s *Store) ReleaseSession(ctx context.Context, account, clientID string, number int64) error {
	_, err := s.w.ExecContext(ctx, `DELETE FROM mqtt_claims WHERE account = $1 AND client_id = $2 AND number = $3`,
		account, presage.ClientKey(clientID), number)
	return wrap(err, "release an MQTT session")
}

// LostSessions tells a node once which sessions other nodes have claimed.
func (s *Store) LostSessions(ctx context.Context, node string) ([]presage.MQTTLoss, error) {
	known, err := one(ctx, s.r, scanCount, `SELECT COUNT(*) FROM mqtt_lost WHERE node = $1`, node)
	if err != nil || known == 0 { // nearly always: nothing is written
		return nil, wrap(err, "lost MQTT sessions")
	}
	lost, err := all(ctx, s.w, func(r row) (presage.MQTTLoss, error) {
		var l presage.MQTTLoss
		err := r.Scan(&l.Account, &l.ClientID, &l.Number, &l.Clean)
		return l, err
	}, `DELETE FROM mqtt_lost WHERE node = $1 RETURNING account, client_id, number, clean`, node)
	return lost, wrap(err, "lost MQTT sessions")
}

// KeepNode notes that a node lives. anew: nobody knew it, or it was silent for
// so long that ForgetNodes gave its sessions up.
func (s *Store) KeepNode(ctx context.Context, node string, now time.Time) (anew bool, err error) {
	n, err := affected(s.w.ExecContext(ctx, `UPDATE mqtt_nodes SET seen_at = $2 WHERE node = $1`, node, micros(now)))
	if err != nil || n > 0 {
		return false, wrap(err, "keep an MQTT node")
	}
	_, err = s.w.ExecContext(ctx, `INSERT INTO mqtt_nodes (node, seen_at) VALUES ($1, $2)
		ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at`, node, micros(now))
	return true, wrap(err, "keep an MQTT node")
}

// ForgetNodes gives up the claims of nodes that were not heard from since a time.
func (s *Store) ForgetNodes(ctx context.Context, before time.Time) error {
	return s.inTx(ctx, "forget MQTT nodes", func(tx *sql.Tx) error {
		gone, err := all(ctx, tx, scanString, `DELETE FROM mqtt_nodes WHERE seen_at < $1 RETURNING node`, micros(before))
		if err != nil {
			return err
		}
		return forgetClaims(ctx, tx, gone)
	})
}

// LeaveNode gives up everything that a node has claimed: it stops.
func (s *Store) LeaveNode(ctx context.Context, node string) error {
	return s.inTx(ctx, "leave an MQTT node", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM mqtt_nodes WHERE node = $1`, node); err != nil {
			return err
		}
		return forgetClaims(ctx, tx, []string{node})
	})
}

func forgetClaims(ctx context.Context, tx *sql.Tx, nodes []string) error {
	byNode := func(node string) ([]any, error) { return []any{node}, nil }
	if err := each(ctx, tx, `DELETE FROM mqtt_claims WHERE node = $1`, nodes, byNode); err != nil {
		return err
	}
	return each(ctx, tx, `DELETE FROM mqtt_lost WHERE node = $1`, nodes, byNode)
}
