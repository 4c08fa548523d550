package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"presage"
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
	vehicles, err := whole(ps)
	if err != nil {
		return wrap(err, doing)
	}
	return s.inTx(ctx, doing, func(tx *sql.Tx) error {
		err := each(ctx, tx, `INSERT INTO vehicle_prognoses (vin, body) VALUES ($1, $2)
			ON CONFLICT (vin) DO UPDATE SET body = excluded.body`, vehicles,
			func(v ofVehicle) ([]any, error) { return []any{v.vin, v.body}, nil })
		if err != nil {
			return err
		}
		changed, gone, err := changedJudgements(ctx, tx, vehicles) // the rows above are locked: nobody else changes these
		if err != nil {
			return err
		}
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

// whole gathers prognoses by vehicle and encodes them.
func whole(ps []presage.Prognosis) ([]ofVehicle, error) {
	ps = slices.Clone(ps) // lent, and the order is ours
	slices.SortStableFunc(ps, func(a, b presage.Prognosis) int {
		return cmp.Or(cmp.Compare(a.VIN, b.VIN), cmp.Compare(a.Component, b.Component))
	})
	var vehicles []ofVehicle
	for from := 0; from < len(ps); {
		to := from
		for to < len(ps) && ps[to].VIN == ps[from].VIN {
			ps[to].Path = nil
			to++
		}
		vehicles = append(vehicles, ofVehicle{vin: ps[from].VIN, ps: ps[from:to:to]})
		from = to
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for part := range slices.Chunk(vehicles, 64) {
		group.Go(func() error {
			for i := range part {
				text, err := encode(part[i].ps)
				if err != nil {
					return fmt.Errorf("prognoses of %s: %w", part[i].vin.Masked(), err)
				}
				part[i].body = squeeze.Pack([]byte(text))
			}
			return nil
		})
	}
	return vehicles, group.Wait()
}

// judgementsOf reads the rows of vehicles.
func judgementsOf(ctx context.Context, db reader, vehicles []ofVehicle) (map[presage.VIN][]judgement, error) {
	out := make(map[presage.VIN][]judgement, len(vehicles))
	for some := range slices.Chunk(vehicles, atOnce) {
		vins := make([]presage.VIN, len(some))
		for i, v := range some {
			vins[i] = v.vin
		}
		rows, err := chosen(ctx, db, func(r row) (j judgement, err error) {
			err = r.Scan(&j.VIN, &j.Component, &j.Status, &j.Badness, &j.Fail30, &j.Service)
			return j, err
		}, among(choose(`SELECT vin, component, status, badness, fail30, service FROM prognoses`), "vin", vins).
			order("vin", 0))
		if err != nil {
			return nil, err
		}
		for _, j := range rows {
			out[j.VIN] = append(out[j.VIN], j)
		}
	}
	return out, nil
}

// changedJudgements are the rows that say something else by now, and those of
// components that are judged no more.
func changedJudgements(ctx context.Context, tx *sql.Tx, vehicles []ofVehicle) (changed, gone []judgement, err error) {
	known, err := judgementsOf(ctx, tx, vehicles)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range vehicles {
		for i := range v.ps {
			if j := judged(&v.ps[i]); !slices.Contains(known[v.vin], j) {
				changed = append(changed, j)
			}
		}
		for _, j := range known[v.vin] {
			if !slices.ContainsFunc(v.ps, func(p presage.Prognosis) bool { return p.Component == j.Component }) {
				gone = append(gone, j)
			}
		}
	}
	return changed, gone, nil
}

// scanPrognoses reads the prognoses of a vehicle.
func scanPrognoses(r row) (ps []presage.Prognosis, err error) {
	var body []byte
	if err := r.Scan(&body); err != nil {
		return nil, err
	}
	return prognosesIn(body)
}

// prognosesIn reads the body of a row.
func prognosesIn(body []byte) (ps []presage.Prognosis, err error) {
	text, err := squeeze.Unpack(body)
	if err == nil {
		err = json.Unmarshal(text, &ps)
	}
	return ps, err
}

// Prognoses lists a vehicle's present prognoses by component, each without its Path.
func (s *Store) Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := one(ctx, s.r, scanPrognoses, `SELECT body FROM vehicle_prognoses WHERE vin = $1`, vin)
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
		rows, err := s.r.QueryContext(ctx, `SELECT body FROM vehicle_prognoses ORDER BY vin`)
		if err != nil {
			yield(presage.Prognosis{}, wrap(err, "all prognoses"))
			return
		}
		for rows.Next() {
			ps, scanErr := scanPrognoses(rows)
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
