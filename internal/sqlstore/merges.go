package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// mergedTables are those whose rows follow a customer, each with its key.
func mergedTables() map[string]string {
	return map[string]string{
		"vehicles": "vin", "cases": "id", "bookings": "id", "messages": "id", "replies": "id", "coupons": "code",
		"decisions": "id", "waits": "id", "outbox_events": "id", "dealer_visits": "id", "devices": "id",
		"conversations": "customer_id", "surveys": "booking_id", "waiting_list": "case_id",
		"rescues": "id",
	}
}

// merged is what takes a merge back.
type merged struct {
	Moved map[string][]string `json:"moved"` // keys, by table
	Out   []takenOut          `json:"out"`   // rows that have no place beside those of the one who stayed
	IDs   [][2]string         `json:"ids"`   // source and ID of the dealers' systems
	Agree map[string]any      `json:"agree"` // the consent of the one who stayed, before
	Since int64               `json:"since"` // ... and when it was merged
	First int64               `json:"first"` // of the consent history: the numbers after it, that many
	Many  int64               `json:"many"`
	Phone bool                `json:"phone"` // the number came from the one who is gone
	Email bool                `json:"email"`
}

// takenOut is a row as it was.
type takenOut struct {
	Table string         `json:"table"`
	Row   map[string]any `json:"row"`
}

// MergeCustomers makes two records of one customer one: vehicles, cases, messages,
// conversations and the IDs of dealers' systems follow the one that stays; of the
// consents only what both allow is left. ErrNotFound: one is not known. ErrInvalid:
// they are the same.
func (s *Store) MergeCustomers(ctx context.Context, w presage.MergeWish) (presage.Merge, error) {
	m := presage.Merge{
		ID:   "m" + strconv.FormatInt(w.At.UnixMicro(), 36) + "-" + w.Gone,
		Keep: w.Keep, Gone: w.Gone, Who: clean(w.Who), At: w.At,
	}
	if w.Keep == w.Gone {
		return m, presage.Refuse(fmt.Errorf("gone: %w: it is the same customer", presage.ErrInvalid),
			presage.WhySameCustomer)
	}
	err := s.inTx(ctx, "merge customers", func(tx *sql.Tx) error {
		x := merging{ctx, tx, m, merged{Moved: map[string][]string{}}}
		if err := x.run(); err != nil {
			return err
		}
		body, err := encode(x.body)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO merges (id, customer_id, gone_id, who, at, undone_at, undone_by, body)
			VALUES ($1, $2, $3, $4, $5, 0, '', $6)`, m.ID, m.Keep, m.Gone, m.Who, micros(m.At), body)
		return err
	})
	return m, err
}

// merging is one merge at work.
//
//nolint:containedctx // it lives no longer than the call that made it
type merging struct {
	ctx  context.Context
	tx   *sql.Tx
	m    presage.Merge
	body merged
}

func (x *merging) exec(stmt string, args ...any) error {
	_, err := x.tx.ExecContext(x.ctx, stmt, args...)
	return err
}

func (x *merging) run() error {
	for _, id := range []string{x.m.Keep, x.m.Gone} {
		if err := customerKnown(x.ctx, x.tx, id); err != nil {
			return err
		}
	}
	if err := x.consent(); err != nil {
		return err
	}
	// What both have cannot stand twice: the one who stays has it.
	for table, both := range map[string]string{
		"devices":       `id IN (SELECT id FROM devices WHERE customer_id = $2)`,
		"replies":       `provider_id <> '' AND provider_id IN (SELECT provider_id FROM replies WHERE customer_id = $2)`,
		"conversations": `EXISTS (SELECT 1 FROM conversations WHERE customer_id = $2)`,
		"waits": `kind = 'conversation' AND closed_at = 0
			AND EXISTS (SELECT 1 FROM waits WHERE subject = $2 AND kind = 'conversation' AND closed_at = 0)`,
	} {
		if err := x.takeOut(table, `customer_id = $1 AND `+both, x.m.Gone, x.m.Keep); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	for table, key := range mergedTables() {
		keys, err := all(x.ctx, x.tx, scanString,
			`SELECT CAST(`+key+` AS TEXT) FROM `+table+` WHERE customer_id = $1`, x.m.Gone)
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		x.body.Moved[table] = keys
		if err := x.exec(handOver(table), x.m.Keep, x.m.Gone); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	if err := x.ids(); err != nil {
		return err
	}
	return x.takeOut("customers", `id = $1`, x.m.Gone)
}

// handOver gives rows of a table to customer $1 that were of $2.
func handOver(table string) string {
	set := `customer_id = $1`
	if table == "waits" {
		set += `, subject = CASE WHEN subject = $2 THEN $1 ELSE subject END`
	}
	return `UPDATE ` + table + ` SET ` + set + ` WHERE customer_id = $2`
}

// consent leaves what both allow, and keeps the history of both.
func (x *merging) consent() error {
	read := func(id string) (presage.Customer, error) {
		return one(x.ctx, x.tx, scanCustomer, customerSelect+` WHERE id = $1`, id)
	}
	keep, err := read(x.m.Keep)
	if err != nil {
		return err
	}
	gone, err := read(x.m.Gone)
	if err != nil {
		return err
	}
	_, before, err := wholeRows(x.ctx, x.tx, `SELECT * FROM customers WHERE id = $1`, x.m.Keep)
	if err != nil {
		return err
	}
	x.body.Agree, x.body.Since = before[0], micros(x.m.At)
	x.body.Phone, x.body.Email = keep.Phone == "" && gone.Phone != "", keep.Email == "" && gone.Email != ""
	if x.body.Phone {
		keep.Phone = gone.Phone
	}
	if x.body.Email {
		keep.Email = gone.Email
	}
	c := keep.Consent.Stricter(gone.Consent)
	purposes, err := limits(c.Purposes)
	if err != nil {
		return err
	}
	err = x.exec(`UPDATE customers SET consent_push = $2, consent_sms = $3, consent_email = $4, consent_call = $5,
		stopped_push = $6, stopped_sms = $7, stopped_email = $8, stopped_call = $9, purposes = $10,
		consent_changed_at = $11, consent_source = 'merge', phone = $12, email = $13 WHERE id = $1`,
		x.m.Keep, c.Push, c.SMS, c.Email, c.Call, c.Stopped.Push, c.Stopped.SMS, c.Stopped.Email, c.Stopped.Call, purposes,
		x.body.Since, string(keep.Phone), string(keep.Email))
	if err != nil {
		return err
	}
	err = x.tx.QueryRowContext(x.ctx, `SELECT COALESCE(MAX(n), 0), (SELECT COALESCE(MAX(n), 0) FROM consent_events
		WHERE customer_id = $2) FROM consent_events WHERE customer_id = $1`, x.m.Keep, x.m.Gone).
		Scan(&x.body.First, &x.body.Many)
	if err != nil {
		return err
	}
	err = x.exec(`UPDATE consent_events SET customer_id = $1, n = n + $3 WHERE customer_id = $2`,
		x.m.Keep, x.m.Gone, x.body.First)
	return errors.Join(err, consentChanged(x.ctx, x.tx, x.m.Keep, "merge "+x.m.ID))
}

// ids lets what dealers' systems call the one who is gone mean the one who stays.
func (x *merging) ids() error {
	found, err := all(x.ctx, x.tx, scanExternal, externalSelect+` WHERE kind = 'customer' AND id = $1`, x.m.Gone)
	for _, e := range found {
		x.body.IDs = append(x.body.IDs, [2]string{e.Source, e.ExternalID})
	}
	if err != nil {
		return err
	}
	return x.exec(`UPDATE external_ids SET id = $1 WHERE kind = 'customer' AND id = $2`, x.m.Keep, x.m.Gone)
}

// takeOut removes rows, and keeps them for the way back.
func (x *merging) takeOut(table, where string, args ...any) error {
	_, rows, err := wholeRows(x.ctx, x.tx, `SELECT * FROM `+table+` WHERE `+where, args...)
	if err != nil || len(rows) == 0 {
		return err
	}
	for _, row := range rows {
		x.body.Out = append(x.body.Out, takenOut{table, row})
	}
	return x.exec(`DELETE FROM `+table+` WHERE `+where, args...)
}

const (
	mergeColumns = `id, customer_id, gone_id, who, at, undone_at, undone_by`
	mergeSelect  = `SELECT ` + mergeColumns + ` FROM merges`
)

func scanMerge(r row) (presage.Merge, error) {
	var m presage.Merge
	err := r.Scan(&m.ID, &m.Keep, &m.Gone, &m.Who, instant{&m.At}, instant{&m.UndoneAt}, &m.UndoneBy)
	return m, err
}

// Merges lists merges, the newest first, behind one of them.
func (s *Store) Merges(ctx context.Context, after string, limit int) ([]presage.Merge, error) {
	q := choose(mergeSelect)
	if after != "" {
		q.and("(at, id) < (SELECT x.at, x.id FROM merges x WHERE x.id = ?)", after)
	}
	ms, err := chosen(ctx, s.r, scanMerge, q.order("at DESC, id DESC", limit))
	return ms, wrap(err, "list merges")
}

// Merge returns one, or ErrNotFound.
func (s *Store) Merge(ctx context.Context, id string) (presage.Merge, error) {
	m, err := one(ctx, s.r, scanMerge, mergeSelect+` WHERE id = $1`, id)
	return m, wrap(err, "merge")
}

// UndoMerge takes a merge back, in one transaction: each has again what it had. What
// came since stays with the one who stayed, and so does a consent that was changed
// since. ErrConflict: it is undone, or one of them was merged again or erased.
func (s *Store) UndoMerge(ctx context.Context, id, who string, now time.Time) (presage.Merge, error) {
	var m presage.Merge
	err := s.inTx(ctx, "undo merge", func(tx *sql.Tx) error {
		var err error
		m, err = one(ctx, tx, scanMerge, `UPDATE merges SET undone_at = undone_at WHERE id = $1
			RETURNING `+mergeColumns, id)
		if err != nil {
			return err
		}
		x := merging{ctx: ctx, tx: tx, m: m}
		if err := x.undo(); err != nil {
			return err
		}
		m.UndoneAt, m.UndoneBy = now, clean(who)
		return x.exec(`UPDATE merges SET undone_at = $2, undone_by = $3, body = '{}' WHERE id = $1`,
			id, micros(now), m.UndoneBy)
	})
	return m, err
}

func (x *merging) undo() error {
	if !x.m.UndoneAt.IsZero() {
		return presage.Refuse(fmt.Errorf("%w: it is undone already", presage.ErrConflict), presage.WhyMergeUndone)
	}
	text, err := one(x.ctx, x.tx, scanString, `SELECT body FROM merges WHERE id = $1`, x.m.ID)
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber() // instants are longer than a float is exact
	if err := d.Decode(&x.body); err != nil {
		return err
	}
	if err := customerKnown(x.ctx, x.tx, x.m.Keep); err != nil {
		return presage.Refuse(
			fmt.Errorf("%w: customer %s was merged again or erased: undo that first", presage.ErrConflict, x.m.Keep),
			presage.WhyMergedAgain, "customer", x.m.Keep)
	}
	for table, keys := range x.body.Moved {
		if err := x.moveBack(table, keys); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	for _, e := range x.body.IDs {
		if err := x.exec(`UPDATE external_ids SET id = $1 WHERE source = $2 AND kind = 'customer' AND external_id = $3`,
			x.m.Gone, e[0], e[1]); err != nil {
			return err
		}
	}
	for _, out := range x.body.Out {
		if err := x.putBack(out); err != nil {
			return fmt.Errorf("%s: %w", out.Table, err)
		}
	}
	return x.consentBack()
}

func (x *merging) moveBack(table string, keys []string) error {
	key := mergedTables()[table]
	if table == "conversations" {
		if len(keys) == 0 {
			return nil
		}
		return x.exec(handOver(table), x.m.Gone, x.m.Keep)
	}
	stmt := handOver(table) + ` AND CAST(` + key + ` AS TEXT) = $3`
	return each(x.ctx, x.tx, stmt, keys, func(k string) ([]any, error) { return []any{x.m.Gone, x.m.Keep, k}, nil })
}

func (x *merging) putBack(out takenOut) error {
	names := slices.Sorted(maps.Keys(out.Row))
	var marks []string
	var args []any
	for i, name := range names {
		v, err := plainValue(out.Row[name])
		if err != nil {
			return err
		}
		marks, args = append(marks, "$"+strconv.Itoa(i+1)), append(args, v)
	}
	return x.exec(`INSERT INTO `+out.Table+` (`+strings.Join(names, ", ")+`) VALUES (`+strings.Join(marks, ", ")+`)
		ON CONFLICT DO NOTHING`, args...)
}

// plainValue is a value of a row that was kept as JSON, as the database takes it.
func plainValue(v any) (any, error) {
	if n, ok := v.(json.Number); ok {
		if strings.ContainsAny(n.String(), ".eE") {
			return n.Float64()
		}
		return n.Int64()
	}
	return v, nil
}

// consentBack gives the one who stayed the consent from before, unless they have said
// something since.
func (x *merging) consentBack() error {
	err := x.exec(`UPDATE consent_events SET customer_id = $1, n = n - $3
		WHERE customer_id = $2 AND n > $3 AND n <= $4`, x.m.Gone, x.m.Keep, x.body.First, x.body.First+x.body.Many)
	if err != nil {
		return err
	}
	if x.body.Phone || x.body.Email {
		if err := x.exec(`UPDATE customers SET phone = CASE WHEN $2 THEN '' ELSE phone END,
			email = CASE WHEN $3 THEN '' ELSE email END WHERE id = $1`, x.m.Keep, x.body.Phone, x.body.Email); err != nil {
			return err
		}
	}
	args := []any{x.m.Keep, x.body.Since}
	var sets []string
	for _, name := range []string{
		"consent_push", "consent_sms", "consent_email", "consent_call", "stopped_push", "stopped_sms", "stopped_email",
		"stopped_call", "purposes", "consent_changed_at", "consent_source",
	} {
		v, err := plainValue(x.body.Agree[name])
		if err != nil {
			return err
		}
		args = append(args, v)
		sets = append(sets, name+" = $"+strconv.Itoa(len(args)))
	}
	err = x.exec(`UPDATE customers SET `+strings.Join(sets, ", ")+` WHERE id = $1 AND consent_changed_at = $2`, args...)
	return errors.Join(err, consentChanged(x.ctx, x.tx, x.m.Keep, "undone merge "+x.m.ID))
}
