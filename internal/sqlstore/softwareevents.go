package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"presage"
)

// noteSoftware keeps what events say of cars' software: the version that a car runs,
// and what came of an update. A repeat changes nothing, nor does what is older.
func noteSoftware(ctx context.Context, tx *sql.Tx, es []presage.Event) error {
	told := slices.DeleteFunc(slices.Clone(es), func(e presage.Event) bool {
		return e.Type != presage.EventSoftware && e.Type != presage.EventOTA
	})
	slices.SortStableFunc(told, func(a, b presage.Event) int { return cmp.Compare(a.VIN, b.VIN) })
	for _, e := range told {
		var err error
		if e.Type == presage.EventSoftware {
			err = noteVersion(ctx, tx, e, clean(e.Code))
		} else {
			err = noteUpdate(ctx, tx, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func noteVersion(ctx context.Context, tx *sql.Tx, e presage.Event, version string) error {
	if version == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO vehicle_software (vin, version, at) VALUES ($1, $2, $3)
		ON CONFLICT (vin) DO UPDATE SET version = excluded.version, at = excluded.at
		WHERE excluded.at >= vehicle_software.at`, e.VIN, version, micros(e.Time))
	return err
}

// maxUpdateNote bounds what is kept of a car's words about a failure, in characters.
const maxUpdateNote = 200

// noteUpdate keeps a car's answer to the command of a roll-out. An answer to
// a command that the car was not sent changes nothing.
func noteUpdate(ctx context.Context, tx *sql.Tx, e presage.Event) error {
	var said struct {
		Rollout string `json:"rollout"`
		Note    string `json:"note"`
	}
	state := presage.RolloutCarState(e.Code)
	if json.Unmarshal(e.Data, &said) != nil || state != presage.CarInstalled && state != presage.CarFailed {
		return nil //nolint:nilerr // a car may say what it likes: the event itself is kept
	}
	if utf8.RuneCountInString(said.Note) > maxUpdateNote {
		said.Note = string([]rune(said.Note)[:maxUpdateNote])
	}
	n, err := affected(tx.ExecContext(ctx, `UPDATE rollout_cars SET state = $3, answered_at = $4, note = $5
		WHERE rollout_id = $1 AND vin = $2 AND (state = 'sent' OR state = 'expired' AND $3 = 'installed')
		AND sent_at <= $4`, clean(said.Rollout), e.VIN, string(state), micros(e.Time), clean(said.Note)))
	if err != nil || n == 0 || state != presage.CarInstalled {
		return err
	}
	r, err := one(ctx, tx, scanRollout, `SELECT `+rolloutColumns+` FROM rollouts WHERE id = $1`, said.Rollout)
	if err != nil {
		return err
	}
	return noteVersion(ctx, tx, e, r.To)
}
