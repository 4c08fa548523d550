package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"presage"
)

// ChangeWorkshop changes a workshop's record while nobody sells its slots, and notes
// what it leaves behind; an error of change leaves all as it is. change may be called
// more than once. ErrNotFound for an unknown workshop or case.
func (s *Store) ChangeWorkshop(
	ctx context.Context, id string, change func(*presage.Workshop) error, notes presage.WorkshopNotes,
) error {
	return s.inTx(ctx, "change workshop "+id, func(tx *sql.Tx) error {
		w, err := lockWorkshop(ctx, tx, id)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("workshop %.64q: %w", id, presage.ErrNotFound)
		}
		if err != nil {
			return err
		}
		if err := change(&w); err != nil {
			return err
		}
		if err := each(ctx, tx, workshopUpsert, []presage.Workshop{w}, workshopArgs); err != nil {
			return err
		}
		for _, ev := range notes.Events {
			c, err := lockCase(ctx, tx, ev.CaseID)
			if err != nil {
				return err
			}
			ev.From, ev.To = c.State, c.State
			if err := putCaseEvent(ctx, tx, ev); err != nil {
				return err
			}
		}
		if notes.TakenBack == nil {
			return nil
		}
		x := *notes.TakenBack
		_, err = tx.ExecContext(ctx, `INSERT INTO blocks_taken_back (workshop_id, `+takenBackColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, id, x.ID, x.Resource, micros(x.From), micros(x.To), clean(x.Note),
			clean(x.By), clean(x.Who), micros(x.At))
		return err
	})
}

const takenBackColumns = `block_id, resource, from_at, to_at, note, made_by, who, at`

// TakenBack lists the blocks of a workshop that meet [from, to) and were taken back, by
// the time they were for.
func (s *Store) TakenBack(ctx context.Context, workshopID string, from, to time.Time) ([]presage.TakenBack, error) {
	xs, err := all(ctx, s.r, func(r row) (presage.TakenBack, error) {
		var x presage.TakenBack
		err := r.Scan(&x.ID, &x.Resource, instant{&x.From}, instant{&x.To}, &x.Note, &x.By, &x.Who, instant{&x.At})
		return x, err
	}, `SELECT `+takenBackColumns+` FROM blocks_taken_back WHERE workshop_id = $1 AND from_at < $2 AND to_at > $3
		ORDER BY from_at, at`, workshopID, micros(to), micros(from))
	return xs, wrap(err, "blocks that were taken back")
}
