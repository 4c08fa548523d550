package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

const moveColumns = `depot_id, part, n, kind, pieces, on_hand, at, recorded_at, ref, line, author, why`

// shelve writes movements into the ledger and moves the pieces; those of no piece are
// left out. This is the one place that changes what is on hand, so that the ledger and
// the shelves cannot part. The shelves are there already.
func shelve(ctx context.Context, tx *sql.Tx, moves []presage.StockMovement, key string, now time.Time,
) ([]presage.StockMovement, error) {
	moves = slices.DeleteFunc(slices.Clone(moves), func(m presage.StockMovement) bool { return m.Pieces == 0 })
	slices.SortStableFunc(moves, func(a, b presage.StockMovement) int { // one order of locks for all
		return cmp.Or(cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Part, b.Part))
	})
	for i := range moves {
		m := &moves[i]
		m.RecordedAt = now
		err := tx.QueryRowContext(ctx, `UPDATE stock SET on_hand = on_hand + $3, moves = moves + 1
			WHERE depot_id = $1 AND part = $2 RETURNING on_hand, moves`, m.DepotID, m.Part, m.Pieces).Scan(&m.OnHand, &m.N)
		if err != nil {
			return nil, err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO stock_movements (`+moveColumns+`, act_key)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, m.DepotID, m.Part, m.N, string(m.Kind), m.Pieces,
			m.OnHand, micros(m.At), micros(m.RecordedAt), m.Ref, m.Line, clean(m.By), clean(m.Why), key)
		if err != nil {
			return nil, err
		}
		if err := tellMove(ctx, tx, *m); err != nil {
			return nil, err
		}
	}
	return moves, nil
}

// MoveStock writes what somebody did at the shelves, all of it or nothing, once: a repeat
// of its key moves nothing and returns what was moved at first. ErrInvalid names every
// shelf that has too little.
func (s *Store) MoveStock(ctx context.Context, act presage.StockAct, digest string, now time.Time,
) (moves []presage.StockMovement, err error) {
	err = s.inTx(ctx, "move stock", func(tx *sql.Tx) error {
		moves = nil
		note := presage.OrderAct{Key: act.Key, Kind: "move", By: act.By, Note: act.Why, At: act.At}
		repeated, err := onceOnly(ctx, tx, note, digest)
		if err != nil {
			return err
		}
		if repeated {
			moves, err = chosen(ctx, tx, scanMove, choose(`SELECT `+moveColumns+` FROM stock_movements`).
				and("act_key = ?", act.Key).order("depot_id, part, n", everything))
			return err
		}
		if moves, _, err = movesOf(ctx, tx, act); err != nil {
			return err
		}
		moves, err = shelve(ctx, tx, moves, act.Key, now)
		return err
	})
	return moves, err
}

// movesOf works out what an act moves from what is on hand, which it tells of each line; its
// shelves stay locked.
func movesOf(ctx context.Context, tx *sql.Tx, act presage.StockAct) ([]presage.StockMovement, []int, error) {
	order := make([]int, len(act.Lines))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := act.Lines[i], act.Lines[j]
		return cmp.Or(cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Part, b.Part))
	})
	type shelf struct{ depot, part string }
	onHand, before := map[shelf]int{}, make([]int, len(act.Lines))
	var moves []presage.StockMovement
	var faults []error
	for _, i := range order {
		l := act.Lines[i]
		at := shelf{l.DepotID, l.Part}
		if _, locked := onHand[at]; !locked {
			if err := keepPart(ctx, tx, l.DepotID, l.Part); err != nil {
				return nil, nil, err
			}
			n, err := lockShelf(ctx, tx, l.DepotID, l.Part)
			if err != nil {
				return nil, nil, err
			}
			onHand[at] = n
		}
		before[i] = onHand[at]
		change := l.Change(onHand[at])
		if onHand[at]+change < 0 {
			faults = append(faults, fmt.Errorf("%s: %w: %d would leave, %d are on hand of part %s at depot %s",
				act.Field(i, "pieces"), presage.ErrInvalid, -change, onHand[at], l.Part, l.DepotID))
			continue
		}
		onHand[at] += change
		moves = append(moves, presage.StockMovement{
			DepotID: l.DepotID, Part: l.Part, Kind: l.Kind, Pieces: change, At: act.At, By: act.By,
			Why: cmp.Or(l.Why, act.Why),
		})
		if !l.At.IsZero() {
			moves[len(moves)-1].At = l.At
		}
	}
	return moves, before, errors.Join(faults...)
}

// lockShelf returns what is on hand, which nobody else can change until the transaction ends.
func lockShelf(ctx context.Context, tx *sql.Tx, depot, part string) (onHand int, err error) {
	err = tx.QueryRowContext(ctx, `UPDATE stock SET on_hand = on_hand WHERE depot_id = $1 AND part = $2
		RETURNING on_hand`, depot, part).Scan(&onHand)
	return onHand, err
}

// StockMovements lists the ledger, what was written down last first.
func (s *Store) StockMovements(ctx context.Context, f presage.MovementFilter) ([]presage.StockMovement, error) {
	q := choose(`SELECT `+moveColumns+` FROM stock_movements`).is("depot_id", f.DepotID).is("part", f.Part).
		is("kind", string(f.Kind)).is("ref", f.Ref)
	if a := f.After; a != nil {
		q.and("(recorded_at, depot_id, part, n) < ("+q.arg(micros(a.RecordedAt))+", "+q.arg(a.DepotID)+
			", "+q.arg(a.Part)+", ?)",
			a.N)
	}
	ms, err := chosen(ctx, s.r, scanMove, q.order("recorded_at DESC, depot_id DESC, part DESC, n DESC", f.Limit))
	return ms, wrap(err, "list stock movements")
}

func scanMove(r row) (presage.StockMovement, error) {
	var m presage.StockMovement
	err := r.Scan(&m.DepotID, &m.Part, &m.N, &m.Kind, &m.Pieces, &m.OnHand, instant{&m.At}, instant{&m.RecordedAt},
		&m.Ref, &m.Line, &m.By, &m.Why)
	return m, err
}
