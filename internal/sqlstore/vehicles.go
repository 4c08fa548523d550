package sqlstore

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"presage"
)

const vehicleColumns = `vin, make, model, model_year, powertrain, in_service, pack_capacity_ah,
	customer_id, workshop_id, auto_registered, last_seen, expected_interval, plate`

const vehicleUpsert = `INSERT INTO vehicles (` + vehicleColumns + `, shard)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
	ON CONFLICT (vin) DO UPDATE SET make = excluded.make, model = excluded.model, model_year = excluded.model_year,
		powertrain = excluded.powertrain, in_service = excluded.in_service,
		pack_capacity_ah = excluded.pack_capacity_ah, customer_id = excluded.customer_id,
		workshop_id = excluded.workshop_id, auto_registered = excluded.auto_registered,
		expected_interval = excluded.expected_interval,
		plate = CASE WHEN excluded.plate = '' AND excluded.customer_id = vehicles.customer_id
			THEN vehicles.plate ELSE excluded.plate END,
		last_seen = CASE WHEN excluded.last_seen > vehicles.last_seen THEN excluded.last_seen ELSE vehicles.last_seen END`

const vehicleTouch = `INSERT INTO vehicles (` + vehicleColumns + `, shard)
	VALUES ($1, '', '', 0, '', 0, 0, '', '', TRUE, $2, 0, '', $3)
	ON CONFLICT (vin) DO UPDATE SET last_seen = excluded.last_seen WHERE excluded.last_seen > vehicles.last_seen`

// PutVehicles inserts or replaces vehicles, all or none. LastSeen never moves backwards; one without a
// plate keeps the one that is known, unless it is another customer's by now.
func (s *Store) PutVehicles(ctx context.Context, vs []presage.Vehicle) error {
	if len(vs) == 0 {
		return nil
	}
	return s.inTx(ctx, "put vehicles", func(tx *sql.Tx) error { return putVehicles(ctx, tx, vs) })
}

// putVehicles writes vehicles; their prognoses do not know it yet.
func putVehicles(ctx context.Context, tx *sql.Tx, vs []presage.Vehicle) error {
	if err := each(ctx, tx, vehicleUpsert, byVIN(vs), vehicleArgs); err != nil {
		return err
	}
	return outdateOf(ctx, tx, vs, func(v presage.Vehicle) presage.VIN { return v.VIN })
}

// byVIN keeps two writers of the same vehicles locking their rows in one order.
func byVIN(vs []presage.Vehicle) []presage.Vehicle {
	return slices.SortedFunc(slices.Values(vs), func(a, b presage.Vehicle) int {
		return strings.Compare(string(a.VIN), string(b.VIN))
	})
}

func vehicleArgs(v presage.Vehicle) ([]any, error) {
	return []any{
		v.VIN, clean(v.Make), clean(v.Model), v.ModelYear, v.Powertrain, micros(v.InService), v.PackCapacityAh,
		v.CustomerID, v.WorkshopID, v.AutoRegistered, micros(v.LastSeen),
		time.Duration(v.ExpectedInterval).Microseconds(), clean(string(v.Plate)), v.VIN.Shard(),
	}, nil
}

// TouchVehicles moves LastSeen forwards, never back; a VIN that is not known
// is registered with AutoRegistered set.
func (s *Store) TouchVehicles(ctx context.Context, seen map[presage.VIN]time.Time) error {
	// Sorted, so that two batches lock rows in one order.
	return put(s, vehicleTouch, slices.Sorted(maps.Keys(seen)), func(vin presage.VIN) ([]any, error) {
		return []any{vin, micros(seen[vin]), vin.Shard()}, nil
	})(ctx, "touch vehicles")
}

// CountSelfRegistered counts the vehicles that nobody registered but their first message.
func (s *Store) CountSelfRegistered(ctx context.Context) (int, error) {
	n, err := one(ctx, s.r, func(r row) (n int, err error) {
		err = r.Scan(&n)
		return n, err
	}, `SELECT COUNT(*) FROM vehicles WHERE auto_registered`)
	return n, wrap(err, "count vehicles that registered themselves")
}

// Vehicle returns the vehicle, or ErrNotFound.
func (s *Store) Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error) {
	v, err := one(ctx, s.r, scanVehicle, `SELECT `+vehicleColumns+` FROM vehicles WHERE vin = $1`, vin)
	return v, wrap(err, "vehicle "+vin.Masked())
}

// Vehicles lists vehicles by ascending VIN.
func (s *Store) Vehicles(ctx context.Context, f presage.VehicleFilter) ([]presage.Vehicle, error) {
	q := choose(`SELECT `+vehicleColumns+` FROM vehicles`).
		is("customer_id", f.CustomerID).is("workshop_id", f.WorkshopID)
	if f.Status != "" {
		q.and(`COALESCE((SELECT MAX(p.badness) FROM prognoses p 
			WHERE p.vin = vehicles.vin AND p.service = 0), 1) = ?`, f.Status.Urgency())
	}
	if f.ServiceDue {
		q.and(`EXISTS (SELECT 1 FROM prognoses p WHERE p.vin = vehicles.vin AND p.service = 1 AND p.badness = ?)`,
			presage.StatusDue.Urgency())
	}
	if f.Silent.After > 0 {
		q.and(silentBefore(f.Silent.After)+" < ?", micros(f.Silent.Now))
	}
	if f.Query != "" {
		q.text.WriteString(" AND " + q.vehicleLike(f.Query))
	}
	if f.After != "" {
		q.and("vin > ?", f.After)
	}
	vs, err := chosen(ctx, s.r, scanVehicle, s.held.among(q).order("vin", f.Limit))
	return vs, wrap(err, "list vehicles")
}

// VehiclesOf lists the vehicles of some VINs by ascending VIN, without those that nobody knows.
func (s *Store) VehiclesOf(ctx context.Context, vins []presage.VIN) ([]presage.Vehicle, error) {
	vins = slices.Sorted(slices.Values(vins))
	vs, err := ofVehicles(ctx, s, scanVehicle, `SELECT `+vehicleColumns+` FROM vehicles`, vins)
	return vs, wrap(err, "vehicles by VIN")
}

// AllVehicles lists the whole fleet by ascending VIN.
func (s *Store) AllVehicles(ctx context.Context) ([]presage.Vehicle, error) {
	return s.Vehicles(ctx, presage.VehicleFilter{})
}

// vehicleLike is true of vehicles that a text is part of.
func (q *selection) vehicleLike(text string) string {
	like, plate := q.arg(pattern(text))+` ESCAPE '\'`, q.arg(platePattern(text))+` ESCAPE '\'`
	return `(LOWER(vin || ' ' || make || ' ' || model || ' ' || customer_id) LIKE ` + like + `
		OR customer_id IN (SELECT id FROM customers WHERE LOWER(name) LIKE ` + like + `)
		OR plate <> '' AND LOWER(REPLACE(REPLACE(REPLACE(plate, ' ', ''), '-', ''), '·', '')) LIKE ` + plate + `)`
}

// platePattern is a LIKE pattern for a part of a plate; of a text that holds nothing of one
// it is a pattern that none has.
func platePattern(s string) string {
	if s = presage.Plate(s).Folded(); s == "" {
		return ""
	}
	return pattern(s)
}

// pattern is a LIKE pattern for text anywhere in a lower-case string.
func pattern(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(clean(s)))
	return "%" + s + "%"
}

func scanVehicle(r row) (presage.Vehicle, error) {
	var v presage.Vehicle
	var interval int64
	err := r.Scan(&v.VIN, &v.Make, &v.Model, &v.ModelYear, &v.Powertrain, instant{&v.InService}, &v.PackCapacityAh,
		&v.CustomerID, &v.WorkshopID, &v.AutoRegistered, instant{&v.LastSeen}, &interval, &v.Plate)
	v.ExpectedInterval = presage.Interval(time.Duration(interval) * time.Microsecond)
	return v, err
}

// depotOf is the depot that serves a vehicle's workshop, "" when unknown.
func depotOf(ctx context.Context, db reader, vin presage.VIN) (string, error) {
	depot, err := one(ctx, db, scanString, `SELECT w.depot_id FROM vehicles v
		JOIN workshops w ON w.id = v.workshop_id WHERE v.vin = $1`, vin)
	if err == sql.ErrNoRows { //nolint:errorlint // straight from Scan
		return "", nil
	}
	return depot, err
}
