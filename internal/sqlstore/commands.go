package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

const (
	// commandsKept is how many of one vehicle's commands stay; the oldest of
	// those that are done or expired make room.
	commandsKept = 1000
	// commandsNoticed bounds the commands that NewCommands looks at.
	commandsNoticed = 10_000
)

const commandColumns = `id, vin, payload, retain, created_at, expires_at, done_at, author`

// commandWaits is the condition under which a command is open at $2; the
// vehicle is $1.
const commandWaits = `vin = $1 AND done_at = 0 AND (expires_at = 0 OR expires_at > $2)`

// PutCommand numbers c, made at c.CreatedAt, and keeps it: IDs rise in the
// order in which commands can be read. ErrInvalid as c.Validate says,
// ErrNotFound when nobody knows the vehicle, ErrConflict when
// presage.MaxOpenCommands of it are open already.
func (s *Store) PutCommand(ctx context.Context, c presage.Command) (presage.Command, error) {
	if err := c.Validate(); err != nil {
		return presage.Command{}, err // by field: a caller shows them
	}
	err := s.inTx(ctx, "put a command for "+c.VIN.Masked(), func(tx *sql.Tx) error {
		var err error
		c, err = putCommand(ctx, tx, c)
		return err
	})
	if err != nil {
		return presage.Command{}, err
	}
	return c, nil
}

// putCommand keeps a command that is valid.
func putCommand(ctx context.Context, tx *sql.Tx, c presage.Command) (presage.Command, error) {
	c.CreatedAt, c.ExpiresAt, c.DoneAt = kept(c.CreatedAt), kept(c.ExpiresAt), time.Time{}
	c.By = clean(c.By)
	// The number comes first: its row makes others wait, so that a lower ID
	// is never seen after a higher one, and nobody counts at the same time.
	var err error
	if c.ID, err = next(ctx, tx, "commands", 1); err != nil {
		return c, err
	}
	if err := roomForCommand(ctx, tx, c.VIN, c.CreatedAt); err != nil {
		return c, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO commands (`+commandColumns+`) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
		c.ID, c.VIN, c.Payload, c.Retain, micros(c.CreatedAt), micros(c.ExpiresAt), c.By)
	if err != nil {
		return c, err
	}
	return c, trimCommands(ctx, tx, c.VIN, c.CreatedAt)
}

// kept is t as the database gives it back.
func kept(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}

// roomForCommand is nil when one more may wait for the vehicle.
func roomForCommand(ctx context.Context, tx *sql.Tx, vin presage.VIN, now time.Time) error {
	known, err := one(ctx, tx, scanCount, `SELECT COUNT(*) FROM vehicles WHERE vin = $1`, vin)
	if err != nil {
		return err
	}
	if known == 0 {
		return fmt.Errorf("%w: the vehicle is not registered", presage.ErrNotFound)
	}
	open, err := one(ctx, tx, scanCount, `SELECT COUNT(*) FROM commands WHERE `+commandWaits, vin, micros(now))
	if err == nil && open >= presage.MaxOpenCommands {
		err = fmt.Errorf("%w: %d commands wait for the vehicle, and no more are allowed: withdraw some, "+
			"or let them expire", presage.ErrConflict, open)
	}
	return err
}

// trimCommands removes the oldest ended commands of a vehicle beyond commandsKept.
func trimCommands(ctx context.Context, tx *sql.Tx, vin presage.VIN, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM commands WHERE vin = $1
		AND id <= (SELECT id FROM commands WHERE vin = $1 ORDER BY id DESC LIMIT 1 OFFSET $3)
		AND (done_at > 0 OR (expires_at > 0 AND expires_at <= $2)) AND NOT `+commandShadows,
		vin, micros(now), commandsKept)
	return err
}

// commandShadows is true of a vehicle's newest retained command as long as its
// end would bring an older one back ($2: now).
const commandShadows = `(retain
	AND NOT EXISTS (SELECT 1 FROM commands n WHERE n.vin = commands.vin AND n.retain AND n.id > commands.id)
	AND (expires_at = 0 OR expires_at > $2
		OR EXISTS (SELECT 1 FROM commands o WHERE o.vin = commands.vin AND o.retain AND o.id < commands.id)))`

// PendingCommands lists a vehicle's open commands behind the ID after, in the
// order of their IDs; limit 0 means all.
func (s *Store) PendingCommands(
	ctx context.Context, vin presage.VIN, after int64, limit int, now time.Time,
) ([]presage.Command, error) {
	if limit <= 0 {
		limit = everything
	}
	cs, err := all(ctx, s.r, scanCommand, `SELECT `+commandColumns+` FROM commands WHERE `+commandWaits+`
		AND id > $3 ORDER BY id LIMIT $4 + 0`, vin, micros(now), after, limit)
	return cs, wrap(err, "pending commands of "+vin.Masked())
}

// RetainedCommand returns what a new subscriber gets first: the vehicle's
// newest retained command, if it is done and has not expired. ErrNotFound
// otherwise: a newer one replaces an older one even while it is open or when
// it has expired, as it does on a broker.
func (s *Store) RetainedCommand(ctx context.Context, vin presage.VIN, now time.Time) (presage.Command, error) {
	c, err := one(ctx, s.r, scanCommand, `SELECT `+commandColumns+` FROM commands
		WHERE vin = $1 AND retain ORDER BY id DESC LIMIT 1`, vin)
	if err == nil && (c.DoneAt.IsZero() || !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(now)) {
		err = sql.ErrNoRows
	}
	if err != nil {
		return presage.Command{}, wrap(err, "retained command of "+vin.Masked())
	}
	return c, nil
}

// CommandDone notes that the vehicle acknowledged a command. The first time
// counts; one that is done or gone already is no error.
func (s *Store) CommandDone(ctx context.Context, vin presage.VIN, id int64, at time.Time) error {
	_, err := s.w.ExecContext(ctx, `UPDATE commands SET done_at = $1 WHERE vin = $2 AND id = $3 AND done_at = 0`,
		micros(at), vin, id)
	return wrap(err, fmt.Sprintf("command %d of %s is done", id, vin.Masked()))
}

// NewCommands tells which vehicles have open commands behind the ID after, each
// once, so that commands which other processes put are noticed; some may have
// expired. It looks at 10,000 commands at the most: go on with after = last
// until there are no vehicles. Begin with 0 for all that wait.
func (s *Store) NewCommands(ctx context.Context, after int64) (vins []presage.VIN, last int64, err error) {
	last = after
	seen := map[presage.VIN]bool{}
	_, err = all(ctx, s.r, func(r row) (struct{}, error) {
		var vin presage.VIN
		err := r.Scan(&last, &vin)
		if err == nil && !seen[vin] {
			seen[vin] = true
			vins = append(vins, vin)
		}
		return struct{}{}, err
	}, `SELECT id, vin FROM commands WHERE id > $1 AND done_at = 0 ORDER BY id LIMIT $2 + 0`, after, commandsNoticed)
	if err != nil {
		return nil, after, wrap(err, "new commands")
	}
	return vins, last, nil
}

// Commands lists a vehicle's commands, the newest first.
func (s *Store) Commands(ctx context.Context, f presage.CommandFilter) ([]presage.Command, error) {
	q := choose(`SELECT `+commandColumns+` FROM commands`).and("vin = ?", f.VIN)
	if f.Before > 0 {
		q.and("id < ?", f.Before)
	}
	switch f.State {
	case presage.CommandDone:
		q.and("done_at > ?", 0)
	case presage.CommandOpen:
		q.and("done_at = 0 AND (expires_at = 0 OR expires_at > ?)", micros(f.Now))
	case presage.CommandExpired:
		q.and("done_at = 0 AND expires_at > 0 AND expires_at <= ?", micros(f.Now))
	}
	cs, err := chosen(ctx, s.r, scanCommand, q.order("id DESC", f.Limit))
	return cs, wrap(err, "list commands of "+f.VIN.Masked())
}

// WithdrawCommand removes an open or expired command; one that is on its way
// may still arrive. Of one that is done, a retained copy ends: it expires at
// now. ErrNotFound: the vehicle has no such command. ErrConflict: it is done
// and nothing of it is retained.
func (s *Store) WithdrawCommand(ctx context.Context, vin presage.VIN, id int64, now time.Time) error {
	return s.inTx(ctx, fmt.Sprintf("withdraw command %d of %s", id, vin.Masked()), func(tx *sql.Tx) error {
		removed, err := affected(tx.ExecContext(ctx,
			`DELETE FROM commands WHERE vin = $1 AND id = $2 AND done_at = 0`, vin, id))
		if err != nil || removed > 0 {
			return err
		}
		ended, err := affected(tx.ExecContext(ctx, `UPDATE commands SET expires_at = $2
			WHERE vin = $1 AND id = $3 AND (expires_at = 0 OR expires_at > $2) AND retain
			AND NOT EXISTS (SELECT 1 FROM commands n WHERE n.vin = $1 AND n.retain AND n.id > $3)`, vin, micros(now), id))
		if err != nil || ended > 0 {
			return err
		}
		stands, err := one(ctx, tx, scanCount, `SELECT COUNT(*) FROM commands WHERE vin = $1 AND id = $2`, vin, id)
		switch {
		case err != nil:
			return err
		case stands > 0:
			return fmt.Errorf("%w: the vehicle has acknowledged it", presage.ErrConflict)
		}
		return sql.ErrNoRows
	})
}

// PurgeCommands removes the commands that were done or expired before a time
// and returns how many. The newest retained one of a vehicle stays as long as
// it is in force.
func (s *Store) PurgeCommands(ctx context.Context, before, now time.Time) (int64, error) {
	n, err := affected(s.w.ExecContext(ctx, `DELETE FROM commands
		WHERE ((done_at > 0 AND done_at < $1) OR (done_at = 0 AND expires_at > 0 AND expires_at < $1)) AND NOT `+
		commandShadows, micros(before), micros(now)))
	return n, wrap(err, "purge commands")
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func scanCommand(r row) (presage.Command, error) {
	var c presage.Command
	err := r.Scan(&c.ID, &c.VIN, &c.Payload, &c.Retain,
		instant{&c.CreatedAt}, instant{&c.ExpiresAt}, instant{&c.DoneAt}, &c.By)
	return c, err
}
