package sqlstore

import (
	"context"
	"database/sql"

	"presage"
)

const labelColumns = `vin, component, at, odometer_km, outcome, replaced, measured, booking_id`

const labelUpsert = `INSERT INTO labels (` + labelColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
	ON CONFLICT (vin, component, at) DO UPDATE SET odometer_km = excluded.odometer_km, outcome = excluded.outcome,
		replaced = excluded.replaced, measured = excluded.measured, booking_id = excluded.booking_id`

// PutLabels inserts or replaces labels by vehicle, component and time, all or none.
func (s *Store) PutLabels(ctx context.Context, ls []presage.Label) error {
	if len(ls) == 0 {
		return nil
	}
	return s.inTx(ctx, "put labels", func(tx *sql.Tx) error { return putLabels(ctx, tx, ls) })
}

// Labels lists a vehicle's labels by time.
func (s *Store) Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error) {
	ls, err := all(ctx, s.r, scanLabel,
		`SELECT `+labelColumns+` FROM labels WHERE vin = $1 ORDER BY at, component`, vin)
	return ls, wrap(err, "labels of "+vin.Masked())
}

// putLabels writes what was found; the vehicles' prognoses do not know it yet.
func putLabels(ctx context.Context, tx *sql.Tx, ls []presage.Label) error {
	if err := each(ctx, tx, labelUpsert, ls, labelArgs); err != nil {
		return err
	}
	return outdateOf(ctx, tx, ls, func(l presage.Label) presage.VIN { return l.VIN })
}

// LabelsOf lists the labels of vehicles.
func (s *Store) LabelsOf(ctx context.Context, vins []presage.VIN) ([]presage.Label, error) {
	ls, err := ofVehicles(ctx, s, scanLabel, `SELECT `+labelColumns+` FROM labels`, vins)
	return ls, wrap(err, "labels of vehicles")
}

// AllLabels lists the labels of all vehicles by VIN and time.
func (s *Store) AllLabels(ctx context.Context) ([]presage.Label, error) {
	ls, err := all(ctx, s.r, scanLabel, `SELECT `+labelColumns+` FROM labels ORDER BY vin, at, component`)
	return ls, wrap(err, "all labels")
}

func labelArgs(l presage.Label) ([]any, error) {
	var measured sql.NullFloat64
	if l.Measured != nil {
		measured = sql.NullFloat64{Float64: *l.Measured, Valid: true}
	}
	return []any{
		l.VIN, l.Component, micros(l.At), float64(l.OdometerKm), l.Outcome, l.Replaced, measured, l.BookingID,
	}, nil
}

func scanLabel(r row) (presage.Label, error) {
	var l presage.Label
	var measured sql.NullFloat64
	err := r.Scan(&l.VIN, &l.Component, instant{&l.At}, &l.OdometerKm, &l.Outcome, &l.Replaced, &measured, &l.BookingID)
	if measured.Valid {
		l.Measured = &measured.Float64
	}
	return l, err
}
