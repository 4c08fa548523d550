package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"presage"
)

// ChangeWorkshop changes a workshop's record while nobody sells its slots, and notes
// the events, which move no case; an error of change leaves all as it is. change may
// be called more than once. ErrNotFound for an unknown workshop or case.
func (s *Store) ChangeWorkshop(
	ctx context.Context, id string, change func(*presage.Workshop) error, evs []presage.CaseEvent,
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
		for _, ev := range evs {
			c, err := lockCase(ctx, tx, ev.CaseID)
			if err != nil {
				return err
			}
			ev.From, ev.To = c.State, c.State
			if err := putCaseEvent(ctx, tx, ev); err != nil {
				return err
			}
		}
		return nil
	})
}
