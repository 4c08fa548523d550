package sqlstore

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
)

// EraseCustomer deletes what is kept about a customer, and puts an alias where
// rows have to stay, in one transaction. It cannot be undone: nothing leads from
// the alias back. ErrNotFound: there is no such customer. ErrConflict while a
// visit or a case of theirs goes on.
func (s *Store) EraseCustomer(ctx context.Context, customerID, who string, at time.Time) (presage.Erasure, error) {
	done := presage.Erasure{Alias: "erased-" + strings.ToLower(rand.Text()[:12]), At: at, Who: clean(who)}
	err := s.inTx(ctx, "erase customer "+customerID, func(tx *sql.Tx) error {
		done.Tables = nil
		if err := erasable(ctx, tx, customerID); err != nil {
			return err
		}
		for _, t := range personalTables() {
			x, err := t.count(ctx, tx, customerID)
			if err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
			if x.Rows > 0 {
				done.Tables = append(done.Tables, x)
			}
		}
		if err := errors.Join(hideStops(ctx, tx, customerID), hideWords(ctx, tx, customerID)); err != nil {
			return err
		}
		for _, t := range personalTables() {
			if err := t.remove(ctx, tx, customerID, done.Alias); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM customers WHERE id = $1`, customerID); err != nil {
			return err
		}
		body, err := encode(done)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO erasures (alias, at, body) VALUES ($1, $2, $3)`,
			done.Alias, micros(at), body)
		return err
	})
	return done, err
}

// erasable refuses while something goes on that needs the customer.
func erasable(ctx context.Context, tx *sql.Tx, customerID string) error {
	if err := customerKnown(ctx, tx, customerID); err != nil {
		return err
	}
	live, err := one(ctx, tx, scanString, `SELECT COALESCE(MIN(id), '') FROM cases
		WHERE customer_id = $1 AND state IN ('open', 'offered', 'booked', 'arrived', 'escalated')`, customerID)
	if err == nil && live != "" {
		return fmt.Errorf("%w: case %s goes on: end it first", presage.ErrConflict, live)
	}
	return err
}

func (t personal) count(ctx context.Context, tx *sql.Tx, customerID string) (presage.ErasedTable, error) {
	x := presage.ErasedTable{Name: t.name, Done: presage.ErasedAliased, Why: t.why}
	switch t.why {
	case "":
		x.Done = presage.ErasedDeleted
	case keptVehicle:
		x.Done = presage.ErasedDetached
	}
	err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM `+t.name+` WHERE `+t.mine, customerID).Scan(&x.Rows)
	return x, err
}

func (t personal) remove(ctx context.Context, tx *sql.Tx, customerID, alias string) error {
	if t.erase == "" {
		return nil
	}
	args := []any{customerID}
	if strings.Contains(t.erase, "$2") {
		args = append(args, alias)
	}
	_, err := tx.ExecContext(ctx, t.erase, args...)
	return err
}

// hideWords takes what persons wrote out of the history of the customer's cases
// and of the results of their visits.
func hideWords(ctx context.Context, tx *sql.Tx, customerID string) error {
	type event struct {
		caseID string
		n      int64
		why    string
	}
	events, err := all(ctx, tx, func(r row) (event, error) {
		var e event
		err := r.Scan(&e.caseID, &e.n, &e.why)
		return e, err
	}, `SELECT case_id, n, why FROM case_events
		WHERE case_id IN (SELECT id FROM cases WHERE customer_id = $1)`, customerID)
	if err != nil {
		return err
	}
	err = each(ctx, tx, `UPDATE case_events SET why = $3 WHERE case_id = $1 AND n = $2`, events,
		func(e event) ([]any, error) {
			return []any{e.caseID, e.n, wordless(presage.ReasonOf(e.why)).Stored()}, nil
		})
	if err != nil {
		return err
	}
	bodies, err := all(ctx, tx, scanString, `SELECT body FROM workshop_results
		WHERE booking_id <> '' AND booking_id IN (SELECT id FROM bookings WHERE customer_id = $1)`, customerID)
	if err != nil {
		return err
	}
	if err := wordlessVersions(ctx, tx, customerID); err != nil {
		return err
	}
	return each(ctx, tx, `UPDATE workshop_results SET body = $3 WHERE vin = $1 AND at = $2`, bodies,
		func(body string) ([]any, error) {
			var r presage.WorkshopResult
			if err := json.Unmarshal([]byte(body), &r); err != nil {
				return nil, err
			}
			body, err := encode(noteless(r))
			return []any{r.VIN, micros(r.At), body}, err
		})
}

// wordless is a reason without what a person wrote.
func wordless(r presage.Reason) presage.Reason {
	out := presage.Reason{Code: r.Code}
	for k, v := range r.Args {
		if k == "text" {
			continue
		}
		if out.Args == nil {
			out.Args = map[string]string{}
		}
		out.Args[k] = v
	}
	for _, x := range r.And {
		out.And = append(out.And, wordless(x))
	}
	return out
}

// erasureKey is the setting that holds the secret behind hidden numbers.
const erasureKey = "erasure.key"

// hideStops puts an alias in the place of the customer's number and e-mail address
// where they have stopped messages, unless others have them too: the STOP stands,
// and whoever imports them again finds it.
func hideStops(ctx context.Context, tx *sql.Tx, customerID string) error {
	at, err := one(ctx, tx, scanReach, `SELECT phone, email FROM customers WHERE id = $1`, customerID)
	if err != nil {
		return err
	}
	fresh := rand.Text()
	if _, err := tx.ExecContext(ctx, `INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO NOTHING`, erasureKey, fresh); err != nil {
		return err
	}
	key, err := erasureSecret(ctx, tx)
	if err != nil {
		return err
	}
	for _, address := range []string{at.phone, at.email} {
		if address == "" {
			continue
		}
		var others int
		err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM customers
			WHERE (phone = $1 OR LOWER(email) = $1) AND id <> $2`, address, customerID).Scan(&others)
		if err != nil {
			return err
		}
		if others > 0 {
			continue
		}
		if err := renameStops(ctx, tx, address, hidden(key, address)); err != nil {
			return err
		}
	}
	return nil
}

func erasureSecret(ctx context.Context, tx *sql.Tx) (string, error) {
	key, err := one(ctx, tx, scanString, `SELECT value FROM settings WHERE name = $1`, erasureKey)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return key, err
}

// hidden is the alias of a number or an e-mail address.
func hidden(key, address string) string {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(address))
	return "hidden-" + hex.EncodeToString(h.Sum(nil)[:16])
}

func renameStops(ctx context.Context, tx *sql.Tx, from, to string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO suppressions (address, channel, since, source)
		SELECT $2, channel, since, source FROM suppressions WHERE address = $1
		ON CONFLICT (address, channel) DO NOTHING`, from, to); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM suppressions WHERE address = $1`, from)
	return err
}

// findStops gives the stops of erased customers back to those who have their numbers and addresses now.
func findStops(ctx context.Context, tx *sql.Tx, cs []presage.Customer) error {
	key, err := erasureSecret(ctx, tx)
	if err != nil || key == "" {
		return err
	}
	for _, c := range cs {
		for _, address := range []string{string(c.Phone), c.Email.Key()} {
			if address == "" {
				continue
			}
			if err := renameStops(ctx, tx, hidden(key, address), address); err != nil {
				return err
			}
		}
	}
	return nil
}
