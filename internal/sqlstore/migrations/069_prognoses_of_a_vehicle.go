package migrations

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/pressly/goose/v3"

	"presage/internal/squeeze"
)

// oneRowAVehicle moves the prognoses of a vehicle into one row, and back. What lists
// and counts go by stays a row a component.
func oneRowAVehicle() *goose.Migration {
	return goose.NewGoMigration(69, &goose.GoFunc{RunTx: gather}, &goose.GoFunc{RunTx: scatter})
}

func gather(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `CREATE TABLE vehicle_prognoses (
		vin  TEXT PRIMARY KEY,
		body BYTEA NOT NULL -- JSON, compressed (internal/squeeze)
	)`); err != nil {
		return err
	}
	err := eachVIN(ctx, tx, "prognoses", func(vin string) error {
		bodies, err := texts(ctx, tx, `SELECT body FROM prognoses WHERE vin = $1 ORDER BY component`, vin)
		if err != nil {
			return err
		}
		list := make([]json.RawMessage, len(bodies))
		for i, b := range bodies {
			list[i] = json.RawMessage(b)
		}
		text, err := json.Marshal(list)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO vehicle_prognoses (vin, body) VALUES ($1, $2)`, vin, squeeze.Pack(text))
		return err
	})
	if err != nil {
		return err
	}
	for _, column := range []string{"body", "as_of"} {
		if _, err := tx.ExecContext(ctx, `ALTER TABLE prognoses DROP COLUMN `+column); err != nil {
			return err
		}
	}
	return nil
}

func scatter(ctx context.Context, tx *sql.Tx) error {
	for _, stmt := range []string{
		`ALTER TABLE prognoses ADD COLUMN body TEXT NOT NULL DEFAULT '{}'`,
		`ALTER TABLE prognoses ADD COLUMN as_of BIGINT NOT NULL DEFAULT 0`,
	} {
		if _, err := tx.ExecContext(ctx, stmt); err != nil {
			return err
		}
	}
	err := eachVIN(ctx, tx, "vehicle_prognoses", func(vin string) error {
		var body []byte
		if err := tx.QueryRowContext(ctx, `SELECT body FROM vehicle_prognoses WHERE vin = $1`, vin).Scan(&body); err != nil {
			return err
		}
		return scatterVehicle(ctx, tx, vin, body)
	})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DROP TABLE vehicle_prognoses`)
	return err
}

func scatterVehicle(ctx context.Context, tx *sql.Tx, vin string, body []byte) error {
	text, err := squeeze.Unpack(body)
	if err != nil {
		return err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("prognoses: %w", err)
	}
	for _, one := range list {
		var known struct{ Component string }
		if err := json.Unmarshal(one, &known); err != nil {
			return fmt.Errorf("prognosis: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE prognoses SET body = $3 WHERE vin = $1 AND component = $2`,
			vin, known.Component, string(one)); err != nil {
			return err
		}
	}
	return nil
}

// eachVIN visits the vehicles of a table, ascending.
func eachVIN(ctx context.Context, tx *sql.Tx, table string, visit func(vin string) error) error {
	var after string
	for {
		vin, err := nextVIN(ctx, tx, table, after)
		if err != nil || vin == "" {
			return err
		}
		if err := visit(vin); err != nil {
			return err
		}
		after = vin
	}
}

func texts(ctx context.Context, tx *sql.Tx, query, vin string) (list []string, err error) {
	rows, err := tx.QueryContext(ctx, query, vin)
	if err != nil {
		return nil, err
	}
	defer rows.Close() // rows.Err has what matters
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return list, rows.Err()
}
