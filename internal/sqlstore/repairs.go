package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"presage"
)

// StepRepair notes that a car at the workshop has reached a stage; the stage that
// it is in already changes nothing. ErrConflict when it has not come or the
// visit is over, ErrNotFound for an unknown booking.
func (s *Store) StepRepair(ctx context.Context, bookingID string, step presage.RepairStep) error {
	return s.inTx(ctx, "stage of booking "+bookingID, func(tx *sql.Tx) error {
		b, err := lockBooking(ctx, tx, bookingID)
		if err != nil {
			return err
		}
		if b.State != presage.BookingArrived {
			return fmt.Errorf("%w: it is %s, not arrived", presage.ErrConflict, b.State)
		}
		last, err := repairOf(ctx, tx, bookingID)
		if err != nil || last.Stage() == step.Stage {
			return err
		}
		return addStep(ctx, tx, bookingID, step)
	})
}

func addStep(ctx context.Context, tx *sql.Tx, bookingID string, x presage.RepairStep) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO repair_steps (booking_id, n, stage, at, who)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4 FROM repair_steps WHERE booking_id = $1`,
		bookingID, string(x.Stage), micros(x.At), clean(x.Who))
	return err
}

// Repair is the course of a visit; without steps before the car has come.
func (s *Store) Repair(ctx context.Context, bookingID string) (presage.Repair, error) {
	r, err := repairOf(ctx, s.r, bookingID)
	return r, wrap(err, "repair of booking "+bookingID)
}

func repairOf(ctx context.Context, db reader, bookingID string) (presage.Repair, error) {
	steps, err := all(ctx, db, func(r row) (x presage.RepairStep, err error) {
		err = r.Scan(&x.Stage, instant{&x.At}, &x.Who)
		return x, err
	}, `SELECT stage, at, who FROM repair_steps WHERE booking_id = $1 ORDER BY n`, bookingID)
	return presage.Repair{BookingID: bookingID, Steps: steps}, err
}

// RepairsAt lists the courses of the visits that begin in [from, to) at a
// workshop, by booking.
func (s *Store) RepairsAt(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Repair, error) {
	type line struct {
		booking string
		presage.RepairStep
	}
	lines, err := all(ctx, s.r, func(r row) (x line, err error) {
		err = r.Scan(&x.booking, &x.Stage, instant{&x.At}, &x.Who)
		return x, err
	}, `SELECT s.booking_id, s.stage, s.at, s.who FROM repair_steps s JOIN bookings b ON b.id = s.booking_id
		WHERE b.workshop_id = $1 AND b.start_at >= $2 AND b.start_at < $3 ORDER BY s.booking_id, s.n`,
		workshopID, micros(from), micros(to))
	var rs []presage.Repair
	for _, x := range lines {
		if n := len(rs); n == 0 || rs[n-1].BookingID != x.booking {
			rs = append(rs, presage.Repair{BookingID: x.booking})
		}
		last := &rs[len(rs)-1]
		last.Steps = append(last.Steps, x.RepairStep)
	}
	return rs, wrap(err, "repairs at workshop "+workshopID)
}

// SetCheck ticks an item of a job card, or takes the tick back; who ticked first stays.
func (s *Store) SetCheck(ctx context.Context, bookingID string, c presage.JobCheck, ticked bool) error {
	return s.inTx(ctx, "check of booking "+bookingID, func(tx *sql.Tx) error {
		if !ticked {
			_, err := tx.ExecContext(ctx, `DELETE FROM job_checks WHERE booking_id = $1 AND item = $2`, bookingID, c.Item)
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO job_checks (booking_id, item, who, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (booking_id, item) DO NOTHING`, bookingID, c.Item, clean(c.Who), micros(c.At))
		return err
	})
}

// Checks lists what was ticked off of a booking's job card, by item.
func (s *Store) Checks(ctx context.Context, bookingID string) ([]presage.JobCheck, error) {
	cs, err := all(ctx, s.r, func(r row) (c presage.JobCheck, err error) {
		err = r.Scan(&c.Item, &c.Who, instant{&c.At})
		return c, err
	}, `SELECT item, who, at FROM job_checks WHERE booking_id = $1 ORDER BY item`, bookingID)
	return cs, wrap(err, "checks of booking "+bookingID)
}

// PastFindings lists what workshops found at a component of other cars of the same
// kind that were brought in the same way, the same model first, then the newest.
func (s *Store) PastFindings(ctx context.Context, q presage.PastQuery, limit int) ([]presage.PastFinding, error) {
	fs, err := all(ctx, s.r, func(r row) (f presage.PastFinding, err error) {
		var result presage.WorkshopResult
		var carMake, model string
		var measured sql.NullFloat64
		err = r.Scan(instant{&f.At}, &f.Outcome, &f.Replaced, &measured, document{&result}, &carMake, &model)
		if measured.Valid {
			f.Measured = &measured.Float64
		}
		f.Car, f.Same, f.Note = carMake+" "+model, carMake == q.Make && model == q.Model, result.Note
		for _, x := range result.Findings {
			if x.Component == q.Component {
				f.Cause = x.Cause
			}
		}
		return f, err
	}, `SELECT l.at, l.outcome, l.replaced, l.measured, r.body, v.make, v.model
		FROM labels l JOIN workshop_results r ON r.vin = l.vin AND r.at = l.at JOIN vehicles v ON v.vin = l.vin
			JOIN bookings b ON b.id = l.booking_id JOIN cases c ON c.id = b.case_id
		WHERE l.component = $1 AND l.at < $2 AND v.powertrain = $3 AND l.vin <> $4
			AND (CASE WHEN c.alerted LIKE $5 THEN 1 ELSE 0 END) = $6
		ORDER BY (CASE WHEN v.make = $7 AND v.model = $8 THEN 0 ELSE 1 END), l.at DESC LIMIT $9 + 0`,
		q.Component, micros(q.Before), string(q.Powertrain), q.Except, `%"`+string(q.Component)+`"%`, flag(q.Alerted),
		q.Make, q.Model, limit)
	return fs, wrap(err, "past findings at "+string(q.Component))
}

// flag is a condition as a number, which both databases compare alike.
func flag(x bool) int {
	if x {
		return 1
	}
	return 0
}
