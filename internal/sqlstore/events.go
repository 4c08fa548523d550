package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// PutEvents keeps what vehicles reported; (VIN, time, type, code) is the
// identity and a repeat changes nothing.
func (s *Store) PutEvents(ctx context.Context, es []presage.Event) error {
	if len(es) == 0 {
		return nil
	}
	const stmt = `INSERT INTO events (vin, at, type, code, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`
	return s.inTx(ctx, "put events", func(tx *sql.Tx) error {
		err := each(ctx, tx, stmt, es, func(e presage.Event) ([]any, error) {
			return []any{e.VIN, micros(e.Time), clean(e.Type), clean(e.Code), clean(string(e.Data))}, nil
		})
		if err != nil {
			return err
		}
		return noteSoftware(ctx, tx, es)
	})
}

// Events lists up to limit (0 for all) events of a vehicle, newest first.
func (s *Store) Events(ctx context.Context, vin presage.VIN, limit int) ([]presage.Event, error) {
	q := choose(`SELECT vin, at, type, code, data FROM events`).
		and("vin = ?", vin).order("at DESC, type, code", limit)
	es, err := chosen(ctx, s.r, func(r row) (presage.Event, error) {
		var e presage.Event
		err := r.Scan(&e.VIN, instant{&e.Time}, &e.Type, &e.Code, raw{&e.Data})
		return e, err
	}, q)
	return es, wrap(err, "list events of "+vin.Masked())
}
