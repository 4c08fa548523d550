package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// PutWorkshops inserts or replaces workshops, all or none.
func (s *Store) PutWorkshops(ctx context.Context, ws []presage.Workshop) error {
	return put(s, workshopUpsert, ws, workshopArgs)(ctx, "put workshops")
}

const (
	workshopUpsert = `INSERT INTO workshops (id, depot_id, body) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET depot_id = excluded.depot_id, body = excluded.body`
	depotUpsert = `INSERT INTO depots (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body`
)

func workshopArgs(w presage.Workshop) ([]any, error) {
	body, err := encode(w)
	return []any{w.ID, w.DepotID, body}, err
}

func depotArgs(d presage.Depot) ([]any, error) {
	body, err := encode(d)
	return []any{d.ID, body}, err
}

// Workshop returns the workshop, or ErrNotFound.
func (s *Store) Workshop(ctx context.Context, id string) (presage.Workshop, error) {
	w, err := one(ctx, s.r, scanDocument[presage.Workshop], `SELECT body FROM workshops WHERE id = $1`, id)
	return w, wrap(err, "workshop "+id)
}

// Workshops lists all workshops by ID.
func (s *Store) Workshops(ctx context.Context) ([]presage.Workshop, error) {
	ws, err := all(ctx, s.r, scanDocument[presage.Workshop], `SELECT body FROM workshops ORDER BY id`)
	return ws, wrap(err, "list workshops")
}

// lockWorkshop reads a workshop that nobody else can change or sell slots of until the
// transaction ends.
func lockWorkshop(ctx context.Context, tx *sql.Tx, id string) (presage.Workshop, error) {
	return one(ctx, tx, scanDocument[presage.Workshop],
		`UPDATE workshops SET depot_id = depot_id WHERE id = $1 RETURNING body`, id)
}

// PutDepots inserts or replaces depots, all or none.
func (s *Store) PutDepots(ctx context.Context, ds []presage.Depot) error {
	return put(s, depotUpsert, ds, depotArgs)(ctx, "put depots")
}

// Depots lists all depots by ID.
func (s *Store) Depots(ctx context.Context) ([]presage.Depot, error) {
	ds, err := all(ctx, s.r, scanDocument[presage.Depot], `SELECT body FROM depots ORDER BY id`)
	return ds, wrap(err, "list depots")
}

// scanDocument reads a single JSON column.
func scanDocument[T any](r row) (T, error) {
	var x T
	err := r.Scan(document{&x})
	return x, err
}
