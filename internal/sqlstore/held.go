package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"presage"
)

// Bound is how many open letters of one reason are kept. Each stands for
// letterBytes of payload, so that a few large ones count as many.
type Bound struct {
	Vehicle int64 // of one vehicle; letters of none have the total alone
	Total   int64 // of all together
}

// letterBytes is the payload that one letter of a Bound stands for.
const letterBytes = 16 << 10

type heldKey struct {
	reason string
	vin    presage.VIN // "" for all together
}

// heldCount is what a row says (stood) and what a transaction adds to it.
type heldCount struct{ stood, added presage.HeldLetters }

func (c *heldCount) room(n int64, bytes int) bool {
	return c.stood.Kept+c.added.Kept < n && c.stood.Bytes+c.added.Bytes+int64(bytes) <= n*letterBytes
}

// HoldDeadLetters is PutDeadLetters with a bound for every reason: of a
// vehicle's letters, and of all, with one reason the first ones are kept, and
// the others counted. It returns how many were not kept, by reason.
func (s *Store) HoldDeadLetters(
	ctx context.Context, ds []presage.DeadLetter, bound Bound,
) (turnedAway map[string]int, err error) {
	if len(ds) == 0 {
		return nil, nil
	}
	err = s.inTx(ctx, "put dead letters", func(tx *sql.Tx) error {
		turnedAway = map[string]int{}
		// The counter's row stays locked: nobody else counts at the same time.
		id, err := next(ctx, tx, "dead_letters", len(ds))
		if err != nil {
			return err
		}
		kept := make([]presage.DeadLetter, 0, len(ds))
		counts := heldCounts{by: map[heldKey]*heldCount{}, seen: map[string]bool{}}
		for _, d := range ds {
			keep, err := counts.hold(ctx, tx, d, bound)
			if err != nil {
				return err
			}
			if keep {
				kept = append(kept, d)
			} else {
				turnedAway[d.Reason]++
			}
		}
		if err := insertLetters(ctx, tx, id, kept); err != nil {
			return err
		}
		return putHeld(ctx, tx, counts.by)
	})
	return turnedAway, err
}

// heldCounts are the counts of one transaction.
type heldCounts struct {
	by   map[heldKey]*heldCount
	seen map[string]bool // identities of letters that stand, or will
}

// hold counts d and tells whether there is room for it. One that is open
// already takes none: the store counts its times.
func (c heldCounts) hold(ctx context.Context, tx *sql.Tx, d presage.DeadLetter, bound Bound) (bool, error) {
	stands, err := c.stands(ctx, tx, letterIdentity(d))
	if err != nil || stands {
		return stands, err
	}
	total, err := c.of(ctx, tx, heldKey{reason: d.Reason})
	if err != nil {
		return false, err
	}
	keep, counted := total.room(bound.Total, len(d.Payload)), []*heldCount{total}
	if d.VIN != "" {
		own, err := c.of(ctx, tx, heldKey{d.Reason, d.VIN})
		if err != nil {
			return false, err
		}
		keep, counted = keep && own.room(bound.Vehicle, len(d.Payload)), append(counted, own)
	}
	for _, n := range counted {
		if keep {
			n.added.Kept++
			n.added.Bytes += int64(len(d.Payload))
		} else {
			n.added.TurnedAway++
		}
		if d.Received.After(n.added.Last) {
			n.added.Last = d.Received
		}
	}
	c.seen[letterIdentity(d)] = keep
	return keep, nil
}

// stands tells whether a letter of that identity is open.
func (c heldCounts) stands(ctx context.Context, tx *sql.Tx, identity string) (bool, error) {
	if c.seen[identity] {
		return true, nil
	}
	_, err := one(ctx, tx, scanString, `SELECT identity FROM dead_letters WHERE identity = $1 AND redriven = 0`, identity)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (c heldCounts) of(ctx context.Context, tx *sql.Tx, key heldKey) (*heldCount, error) {
	if n, ok := c.by[key]; ok {
		return n, nil
	}
	stood, err := one(ctx, tx, scanHeld, `SELECT `+heldColumns+` FROM held_letters WHERE reason = $1 AND vin = $2`,
		key.reason, key.vin)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	c.by[key] = &heldCount{stood: stood}
	return c.by[key], nil
}

const heldColumns = `reason, vin, kept, bytes, turned_away, last`

func scanHeld(r row) (presage.HeldLetters, error) {
	var h presage.HeldLetters
	err := r.Scan(&h.Reason, &h.VIN, &h.Kept, &h.Bytes, &h.TurnedAway, instant{&h.Last})
	return h, err
}

// putHeld adds the counts. A vehicle of which nothing is kept gets no row: made-up
// VINs beyond the bound of all together must not fill this table instead.
func putHeld(ctx context.Context, tx *sql.Tx, counts map[heldKey]*heldCount) error {
	keys := slices.SortedFunc(maps.Keys(counts), func(a, b heldKey) int {
		return cmp.Or(cmp.Compare(a.reason, b.reason), cmp.Compare(a.vin, b.vin))
	})
	keys = slices.DeleteFunc(keys, func(k heldKey) bool {
		c := counts[k]
		return k.vin != "" && c.stood.VIN == "" && c.added.Kept == 0
	})
	const stmt = `INSERT INTO held_letters (` + heldColumns + `) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (reason, vin) DO UPDATE SET kept = held_letters.kept + excluded.kept,
			bytes = held_letters.bytes + excluded.bytes, turned_away = held_letters.turned_away + excluded.turned_away,
			last = CASE WHEN excluded.last > held_letters.last THEN excluded.last ELSE held_letters.last END`
	return each(ctx, tx, stmt, keys, func(k heldKey) ([]any, error) {
		a := counts[k].added
		return []any{k.reason, k.vin, a.Kept, a.Bytes, a.TurnedAway, micros(a.Last)}, nil
	})
}

// letGo takes an open letter out of the counts of those that are held.
func letGo(ctx context.Context, tx *sql.Tx, id int64) error {
	h, err := one(ctx, tx, func(r row) (presage.HeldLetters, error) {
		var h presage.HeldLetters
		err := r.Scan(&h.Reason, &h.VIN, &h.Bytes)
		return h, err
	}, `SELECT reason, vin, LENGTH(payload) FROM dead_letters WHERE id = $1 AND redriven = 0`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE held_letters SET kept = kept - 1, bytes = bytes - $3
			WHERE reason = $1 AND vin IN ('', $2) AND kept > 0`, h.Reason, h.VIN, h.Bytes)
	}
	return err
}

// HeldLetters lists of whom most letters came under a bounded reason, at most
// limit (0 for all); reason "" is any.
func (s *Store) HeldLetters(ctx context.Context, reason string, limit int) ([]presage.HeldLetters, error) {
	hs, err := chosen(ctx, s.r, scanHeld, choose(`SELECT `+heldColumns+` FROM held_letters`).
		is("reason", reason).and("vin <> ?", "").order("kept + turned_away DESC, vin, reason", limit))
	return hs, wrap(err, "list held letters")
}

// Released lists the vehicles that are registered while letters are still
// held of them for the reason.
func (s *Store) Released(ctx context.Context, reason string) ([]presage.HeldLetters, error) {
	hs, err := all(ctx, s.r, scanHeld, `SELECT h.reason, h.vin, h.kept, h.bytes, h.turned_away, h.last
		FROM held_letters h JOIN vehicles v ON v.vin = h.vin
		WHERE h.reason = $1 AND h.kept > 0 ORDER BY h.vin`, reason)
	return hs, wrap(err, "list released vehicles")
}
