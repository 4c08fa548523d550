package migrations

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"

	"presage"
	"presage/internal/rollpack"
)

// packRollups moves roll-ups from a row a day into packed blocks, and back.
func packRollups() *goose.Migration {
	return goose.NewGoMigration(67, &goose.GoFunc{RunTx: pack}, &goose.GoFunc{RunTx: unpack})
}

// blockDays are the days of a block.
const blockDays = 32

func pack(ctx context.Context, tx *sql.Tx) error {
	err := eachVIN(ctx, tx, "rollups", func(vin string) error { return packVehicle(ctx, tx, presage.VIN(vin)) })
	if err == nil {
		_, err = tx.ExecContext(ctx, `DROP TABLE rollups`)
	}
	return err
}

func nextVIN(ctx context.Context, tx *sql.Tx, table, after string) (vin string, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COALESCE(MIN(vin), '') FROM `+table+` WHERE vin > $1`, after).Scan(&vin)
	return vin, err
}

func packVehicle(ctx context.Context, tx *sql.Tx, vin presage.VIN) error {
	days, err := oldDays(ctx, tx, vin)
	if err != nil {
		return err
	}
	blocks := map[int64]*presage.RollupBlock{}
	for _, r := range days {
		n := int64(r.Day) / blockDays
		if blocks[n] == nil {
			blocks[n] = &presage.RollupBlock{}
		}
		blocks[n].Put(r)
	}
	for n, b := range blocks {
		if _, err := tx.ExecContext(ctx, `INSERT INTO rollup_blocks (vin, block, first_at, body) VALUES ($1, $2, $3, $4)`,
			string(vin), n, b.First[0].UnixMicro(), rollpack.Pack(nil, b)); err != nil {
			return err
		}
	}
	return nil
}

func oldDays(ctx context.Context, tx *sql.Tx, vin presage.VIN) (days []presage.Rollup, err error) {
	rows, err := tx.QueryContext(ctx,
		`SELECT day, samples, first_at, last_at, features FROM rollups WHERE vin = $1 ORDER BY day`, string(vin))
	if err != nil {
		return nil, err
	}
	defer rows.Close() // rows.Err has what matters
	for rows.Next() {
		r := presage.Rollup{VIN: vin}
		var day, first, last int64
		var features string
		if err := rows.Scan(&day, &r.Samples, &first, &last, &features); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(features), &r.Features); err != nil {
			return nil, fmt.Errorf("roll-up of %s on day %d: %w", vin.Masked(), day, err)
		}
		r.Day = presage.Day(day)
		r.First, r.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
		days = append(days, r)
	}
	return days, rows.Err()
}

func unpack(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `CREATE TABLE rollups (vin TEXT NOT NULL, day BIGINT NOT NULL,
		samples BIGINT NOT NULL, first_at BIGINT NOT NULL, last_at BIGINT NOT NULL, features TEXT NOT NULL,
		PRIMARY KEY (vin, day))`); err != nil {
		return err
	}
	return eachVIN(ctx, tx, "rollup_blocks", func(vin string) error { return unpackVehicle(ctx, tx, vin) })
}

func unpackVehicle(ctx context.Context, tx *sql.Tx, vin string) error {
	bodies, err := bodiesOf(ctx, tx, vin)
	if err != nil {
		return err
	}
	var b presage.RollupBlock
	for _, body := range bodies {
		if err := rollpack.Unpack(&b, body); err != nil {
			return err
		}
		for _, r := range b.Rollups("", b.Days[0], b.Days[len(b.Days)-1]) {
			features, err := json.Marshal(r.Features)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO rollups (vin, day, samples, first_at, last_at, features)
				VALUES ($1, $2, $3, $4, $5, $6)`, vin, int64(r.Day), r.Samples, r.First.UnixMicro(), r.Last.UnixMicro(),
				string(features)); err != nil {
				return err
			}
		}
	}
	return nil
}

func bodiesOf(ctx context.Context, tx *sql.Tx, vin string) (bodies [][]byte, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT body FROM rollup_blocks WHERE vin = $1 ORDER BY block`, vin)
	if err != nil {
		return nil, err
	}
	defer rows.Close() // rows.Err has what matters
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		bodies = append(bodies, body)
	}
	return bodies, rows.Err()
}
