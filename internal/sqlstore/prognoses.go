package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"

	"presage"
	"presage/internal/prognosispack"
	"presage/internal/squeeze"
)

// judgement is what lists and counts go by: a row of prognoses.
type judgement struct {
	VIN       presage.VIN
	Component presage.ComponentID
	Status    presage.Status
	Badness   int
	Fail30    float64
	Service   int
}

// judged is the row of a prognosis. The probability orders what is due or watched;
// of others it is left out, so that their rows need not be written each night.
func judged(p *presage.Prognosis) judgement {
	j := judgement{
		VIN: p.VIN, Component: p.Component, Status: p.Status, Badness: p.Status.Urgency(), Service: flag(p.ByInterval()),
	}
	if j.Badness >= presage.StatusWatch.Urgency() {
		j.Fail30 = p.FailWithin.D30
	}
	return j
}

// ofVehicle is all that is written of a vehicle.
type ofVehicle struct {
	vin  presage.VIN
	ps   []presage.Prognosis
	body []byte
}

// PutPrognoses replaces the present prognoses of each vehicle that ps names, all
// or none: a component that is not among them, as after another powertrain became
// known, has none any more. Paths are not kept.
func (s *Store) PutPrognoses(ctx context.Context, ps []presage.Prognosis) error {
	if len(ps) == 0 {
		return nil
	}
	const doing = "put prognoses"
	vehicles, err := byVehicle(ps)
	if err != nil {
		return wrap(err, doing)
	}
	vins := vinsOf(vehicles, func(v ofVehicle) presage.VIN { return v.vin })
	return s.inShare(ctx, doing, vins, func(tx *sql.Tx) error {
		known, err := s.prognosesBefore(ctx, tx, vehicles)
		if err != nil {
			return err
		}
		err = each(ctx, tx, `INSERT INTO vehicle_prognoses (vin, body) VALUES ($1, $2)
			ON CONFLICT (vin) DO UPDATE SET body = excluded.body`, vehicles,
			func(v ofVehicle) ([]any, error) { return []any{v.vin, v.body}, nil })
		if err != nil {
			return err
		}
		changed, gone := changedJudgements(known, vehicles)
		err = each(ctx, tx, `DELETE FROM prognoses WHERE vin = $1 AND component = $2`, gone,
			func(j judgement) ([]any, error) { return []any{j.VIN, j.Component}, nil })
		if err != nil {
			return err
		}
		return each(ctx, tx, `INSERT INTO prognoses (vin, component, status, badness, fail30, service)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (vin, component) DO UPDATE SET status = excluded.status, badness = excluded.badness,
				fail30 = excluded.fail30, service = excluded.service`, changed, func(j judgement) ([]any, error) {
			return []any{j.VIN, j.Component, j.Status, j.Badness, j.Fail30, j.Service}, nil
		})
	})
}

// byVehicle gathers prognoses by vehicle and packs them.
func byVehicle(ps []presage.Prognosis) ([]ofVehicle, error) {
	ps = slices.Clone(ps) // lent, and the order is ours
	slices.SortStableFunc(ps, func(a, b presage.Prognosis) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Component, b.Component))
	})
	var vehicles []ofVehicle
	for from := 0; from < len(ps); {
		to := from
		for to < len(ps) && ps[to].VIN == ps[from].VIN {
			to++
		}
		of := ps[from:to:to]
		body, err := prognosispack.Pack(nil, of)
		if err != nil {
			return nil, fmt.Errorf("vehicle %s: %w", of[0].VIN.Masked(), err)
		}
		vehicles = append(vehicles, ofVehicle{vin: of[0].VIN, ps: of, body: body})
		from = to
	}
	return vehicles, nil
}

// prognosesBefore are those that stand of vehicles; nobody else changes them before the commit.
func (s *Store) prognosesBefore(
	ctx context.Context, tx *sql.Tx, vehicles []ofVehicle,
) (map[presage.VIN][]presage.Prognosis, error) {
	out := make(map[presage.VIN][]presage.Prognosis, len(vehicles))
	for some := range slices.Chunk(vehicles, atOnce) {
		vins := make([]presage.VIN, len(some))
		for i, v := range some {
			vins[i] = v.vin
		}
		q := among(choose(`SELECT vin, body FROM vehicle_prognoses`), "vin", vins).order("vin", 0)
		_, err := all(ctx, tx, func(r row) (struct{}, error) {
			vin, ps, err := scanPrognoses(r)
			out[vin] = ps
			return struct{}{}, err
		}, q.text.String()+s.locked, q.args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// changedJudgements are the rows that say something else by now, and those of
// components that are judged no more.
func changedJudgements(before map[presage.VIN][]presage.Prognosis, vehicles []ofVehicle) (changed, gone []judgement) {
	for _, v := range vehicles {
		known := make([]judgement, len(before[v.vin]))
		for i := range known {
			known[i] = judged(&before[v.vin][i])
		}
		for i := range v.ps {
			if j := judged(&v.ps[i]); !slices.Contains(known, j) {
				changed = append(changed, j)
			}
		}
		for _, j := range known {
			if !slices.ContainsFunc(v.ps, func(p presage.Prognosis) bool { return p.Component == j.Component }) {
				gone = append(gone, j)
			}
		}
	}
	return changed, gone
}

// scanPrognoses reads a vehicle and its prognoses.
func scanPrognoses(r row) (vin presage.VIN, ps []presage.Prognosis, err error) {
	var body []byte
	if err := r.Scan(&vin, &body); err != nil {
		return vin, nil, err
	}
	ps, err = prognosesIn(vin, body)
	return vin, ps, err
}

// prognosesIn reads the body of a row. An earlier version squeezed JSON, which
// stays until the vehicle is judged again.
func prognosesIn(vin presage.VIN, body []byte) (ps []presage.Prognosis, err error) {
	if !squeeze.Packed(string(body)) {
		return prognosispack.Unpack(vin, body)
	}
	text, err := squeeze.Unpack(body)
	if err == nil {
		err = json.Unmarshal(text, &ps)
	}
	return ps, err
}

// Prognoses lists a vehicle's present prognoses by component, each without its Path.
func (s *Store) Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := one(ctx, s.r, func(r row) ([]presage.Prognosis, error) {
		_, ps, err := scanPrognoses(r)
		return ps, err
	}, `SELECT vin, body FROM vehicle_prognoses WHERE vin = $1`, vin)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return ps, wrap(err, "prognoses of "+vin.Masked())
}

// AllPrognoses walks over the present prognoses of all vehicles, by VIN and
// component, as they were when the walk began, each without its Path. It holds a reading connection
// until it ends. The first error is the last step.
func (s *Store) AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error] {
	return func(yield func(presage.Prognosis, error) bool) {
		rows, err := s.r.QueryContext(ctx, `SELECT vin, body FROM vehicle_prognoses ORDER BY vin`)
		if err != nil {
			yield(presage.Prognosis{}, wrap(err, "all prognoses"))
			return
		}
		for rows.Next() {
			_, ps, scanErr := scanPrognoses(rows)
			if scanErr != nil {
				yield(presage.Prognosis{}, wrap(errors.Join(scanErr, rows.Close()), "all prognoses"))
				return
			}
			for _, p := range ps {
				if !yield(p, nil) {
					_ = rows.Close() // the walker has left: there is nobody to tell
					return
				}
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			yield(presage.Prognosis{}, wrap(err, "all prognoses"))
		}
	}
}

// FleetHealth counts vehicles by component and status, in that order.
func (s *Store) FleetHealth(ctx context.Context) ([]presage.HealthCount, error) {
	hs, err := all(ctx, s.r, func(r row) (presage.HealthCount, error) {
		var h presage.HealthCount
		err := r.Scan(&h.Component, &h.Status, &h.Vehicles)
		return h, err
	}, `SELECT component, status, COUNT(*) FROM prognoses GROUP BY component, status ORDER BY component, status`)
	return hs, wrap(err, "fleet health")
}
