package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"presage"
)

// PutParts inserts or replaces rows of the parts master as the catalogue has them, all or none;
// those that were imported stay.
func (s *Store) PutParts(ctx context.Context, ps []presage.Part) error {
	const stmt = `INSERT INTO parts (number, body) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET body = excluded.body
		WHERE parts.version = 0`
	return put(s, stmt, ps, func(p presage.Part) ([]any, error) {
		body, err := encode(p)
		return []any{p.Number, body}, err
	})(ctx, "put parts")
}

// Parts lists the parts master by number.
func (s *Store) Parts(ctx context.Context) ([]presage.Part, error) {
	ps, err := all(ctx, s.r, scanDocument[presage.Part], `SELECT body FROM parts ORDER BY number`)
	return ps, wrap(err, "list parts")
}

// PutStock inserts or replaces what a count or an import found on hand and on
// order, all or none. Reserved belongs to the bookings: it is kept, and 0 in a
// new row. What it changes on hand is a movement, and what open orders have stays on
// order. ErrInvalid for a negative number.
func (s *Store) PutStock(ctx context.Context, ss []presage.Stock) error {
	if len(ss) == 0 {
		return nil
	}
	return s.inTx(ctx, "put stock", func(tx *sql.Tx) error { return putStock(ctx, tx, ss, time.Time{}) })
}

// putStock takes over what was found at a time; zero for one that nobody knows.
func putStock(ctx context.Context, tx *sql.Tx, ss []presage.Stock, at time.Time) error {
	ss = slices.Clone(ss)
	slices.SortStableFunc(ss, func(a, b presage.Stock) int { // one order of locks for all
		return cmp.Or(cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Part, b.Part))
	})
	for _, st := range ss {
		if err := keepPart(ctx, tx, st.DepotID, st.Part); err != nil {
			return err
		}
		onHand, moves, err := takeOver(ctx, tx, st)
		if err != nil {
			return err
		}
		kind := presage.MoveCount
		if moves == 0 {
			kind = presage.MoveOpening
		}
		_, err = shelve(ctx, tx, []presage.StockMovement{{
			DepotID: st.DepotID, Part: st.Part, Kind: kind, Pieces: st.OnHand - onHand, At: at, By: bySelf,
		}}, "", at)
		if err != nil {
			return err
		}
	}
	return nil
}

// takeOver sets what was found of a shelf but for what is on hand, and returns that. What
// open orders have is on order, whatever was found.
func takeOver(ctx context.Context, tx *sql.Tx, st presage.Stock) (onHand, moves int, err error) {
	if onHand, err = lockShelf(ctx, tx, st.DepotID, st.Part); err != nil {
		return 0, 0, err
	}
	open, err := one(ctx, tx, scanCount, `SELECT CAST(COALESCE(SUM(open_pieces), 0) AS BIGINT) FROM coming
		WHERE depot_id = $1 AND part = $2`, st.DepotID, st.Part)
	if err != nil {
		return 0, 0, err
	}
	if st.OnOrder >= 0 {
		st.OnOrder = max(st.OnOrder, int(open))
	}
	err = tx.QueryRowContext(ctx, `UPDATE stock SET on_order = $3, bin = CASE WHEN $4 = '' THEN bin ELSE $4 END
		WHERE depot_id = $1 AND part = $2 RETURNING moves`, st.DepotID, st.Part, st.OnOrder, clean(st.Bin)).Scan(&moves)
	return onHand, moves, err
}

// Stock lists stock by depot and part.
func (s *Store) Stock(ctx context.Context, f presage.StockFilter) ([]presage.Stock, error) {
	q := choose(`SELECT depot_id, part, on_hand, reserved, on_order, bin FROM stock`).
		is("depot_id", f.DepotID).is("part", f.Part).order("depot_id, part", everything)
	ss, err := chosen(ctx, s.r, func(r row) (presage.Stock, error) {
		var st presage.Stock
		err := r.Scan(&st.DepotID, &st.Part, &st.OnHand, &st.Reserved, &st.OnOrder, &st.Bin)
		return st, err
	}, q)
	return ss, wrap(err, "list stock")
}

// PartUse lists the pieces used on the days from..to, both included, by depot,
// part and day. Empty depot or part: all of them.
func (s *Store) PartUse(ctx context.Context, depot, part string, from, to presage.Day) ([]presage.PartUse, error) {
	q := choose(`SELECT depot_id, part, day, quantity FROM part_use`).
		is("depot_id", depot).is("part", part).and("day >= ?", int64(from)).and("day <= ?", int64(to)).
		order("depot_id, part, day", everything)
	us, err := chosen(ctx, s.r, func(r row) (presage.PartUse, error) {
		var u presage.PartUse
		err := r.Scan(&u.DepotID, &u.Part, &u.Day, &u.Quantity)
		return u, err
	}, q)
	return us, wrap(err, "list part use")
}

// FirstPartUse is the first day of the record of parts used, of whatever part;
// ErrNotFound without one.
func (s *Store) FirstPartUse(ctx context.Context) (presage.Day, error) {
	day, err := one(ctx, s.r, func(r row) (day sql.Null[presage.Day], err error) {
		err = r.Scan(&day)
		return day, err
	}, `SELECT MIN(day) FROM part_use`)
	if err == nil && !day.Valid {
		err = sql.ErrNoRows
	}
	return day.V, wrap(err, "first part use")
}
