package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

// PutParts inserts or replaces rows of the parts master, all or none.
func (s *Store) PutParts(ctx context.Context, ps []presage.Part) error {
	const stmt = `INSERT INTO parts (number, body) VALUES ($1, $2) ON CONFLICT (number) DO UPDATE SET body = excluded.body`
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
// new row. ErrInvalid for a negative number.
func (s *Store) PutStock(ctx context.Context, ss []presage.Stock) error {
	return put(s, stockUpsert, ss, stockArgs)(ctx, "put stock")
}

const stockUpsert = `INSERT INTO stock (depot_id, part, on_hand, reserved, on_order, bin) VALUES ($1, $2, $3, 0, $4, $5)
	ON CONFLICT (depot_id, part) DO UPDATE SET on_hand = excluded.on_hand, on_order = excluded.on_order,
		bin = CASE WHEN excluded.bin = '' THEN stock.bin ELSE excluded.bin END`

func stockArgs(st presage.Stock) ([]any, error) {
	return []any{st.DepotID, st.Part, st.OnHand, st.OnOrder, clean(st.Bin)}, nil
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
