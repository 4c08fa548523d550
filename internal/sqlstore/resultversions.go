package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"presage"
)

// givenBack is what was there before a result, so that an undo can restore it.
type givenBack struct {
	Booking   presage.BookingState `json:"booking"`
	Case      presage.CaseState    `json:"case"` // "" where the result did not move it
	DueAt     time.Time            `json:"due_at"`
	Owner     string               `json:"owner"`
	Depot     string               `json:"depot"`
	Kept      []presage.Stock      `json:"kept"`  // what the visit had reserved
	Taken     []presage.Stock      `json:"taken"` // what its parts took off the shelf
	Others    []otherVisit         `json:"others,omitempty"`
	UpdatedAt time.Time            `json:"updated_at"`
}

// otherVisit is one that was booked instead of the one that took place, as it was.
type otherVisit struct {
	ID    string               `json:"id"`
	State presage.BookingState `json:"state"`
	Kept  []presage.Stock      `json:"kept"`
}

// putVersion keeps a version of a result, the next one of its booking.
func putVersion(ctx context.Context, tx *sql.Tx, v presage.ResultVersion, back givenBack) error {
	body, err := encode(v.Result)
	if err != nil {
		return err
	}
	kept, err := encode(back)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO result_versions
			(booking_id, version, vin, at, recorded_at, recorded_by, why, undone_at, undone_by, body, back)
		SELECT $1, COALESCE(MAX(version), 0) + 1, $2, $3, $4, $5, $6, 0, '', $7, $8
			FROM result_versions WHERE booking_id = $1`,
		v.Result.BookingID, v.Result.VIN, micros(v.Result.At), micros(v.RecordedAt), clean(v.RecordedBy), clean(v.Why),
		clean(body), kept)
	return err
}

type storedVersion struct {
	presage.ResultVersion
	back givenBack
}

const versionColumns = `version, recorded_at, recorded_by, why, undone_at, undone_by, body, back`

func scanVersion(r row) (v storedVersion, err error) {
	err = r.Scan(&v.Version, instant{&v.RecordedAt}, &v.RecordedBy, &v.Why, instant{&v.UndoneAt}, &v.UndoneBy,
		document{&v.Result}, document{&v.back})
	return v, err
}

// ResultVersions lists what was reported of a booking, the newest version first.
func (s *Store) ResultVersions(ctx context.Context, bookingID string) ([]presage.ResultVersion, error) {
	vs, err := all(ctx, s.r, func(r row) (presage.ResultVersion, error) {
		v, err := scanVersion(r)
		return v.ResultVersion, err
	}, `SELECT `+versionColumns+` FROM result_versions WHERE booking_id = $1 ORDER BY version DESC`, bookingID)
	return vs, wrap(err, "results of booking "+bookingID)
}

// lockVersion reads the version that counts, of a visit that is done.
func lockVersion(ctx context.Context, tx *sql.Tx, bookingID string) (stored, storedVersion, error) {
	b, err := lockBooking(ctx, tx, bookingID)
	if err != nil {
		return b, storedVersion{}, err
	}
	v, err := one(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM result_versions
		WHERE booking_id = $1 AND undone_at = 0 ORDER BY version DESC LIMIT 1`, bookingID)
	if errors.Is(err, sql.ErrNoRows) || err == nil && b.State != presage.BookingDone {
		return b, v, presage.Refuse(fmt.Errorf("%w: it has no result: it is %s", presage.ErrConflict, b.State),
			presage.WhyResultNone)
	}
	return b, v, err
}

// CorrectResult puts another version in the place of the one that counts: the
// labels and the parts used follow it, and both versions stay. ErrConflict when
// the booking has no result, or the vehicle has another of that time.
func (s *Store) CorrectResult(ctx context.Context, c presage.Correction) error {
	return s.inTx(ctx, "correct result of booking "+c.Result.BookingID, func(tx *sql.Tx) error {
		b, v, err := lockVersion(ctx, tx, c.Result.BookingID)
		if err != nil {
			return err
		}
		if c.Result.VIN != b.VIN {
			return fmt.Errorf("%w: the booking is of %s", presage.ErrInvalid, b.VIN.Masked())
		}
		if err := withdraw(ctx, tx, v, c.At); err != nil {
			return err
		}
		if err := putResult(ctx, tx, c.Result); err != nil {
			return err
		}
		if err := putLabels(ctx, tx, c.Result.Labels()); err != nil {
			return err
		}
		back := v.back
		if back.Taken, err = consume(ctx, tx, back.Depot, c.Result); err != nil {
			return err
		}
		next := presage.ResultVersion{Result: c.Result, RecordedAt: c.At, RecordedBy: c.Who, Why: c.Why}
		if err := putVersion(ctx, tx, next, back); err != nil {
			return err
		}
		err = errors.Join(tellResult(ctx, tx, c.Result, b.Booking, c.Who), noteFix(ctx, tx, c.Result, b.Booking))
		if err != nil {
			return err
		}
		return putCaseEvent(ctx, tx, presage.CaseEvent{
			CaseID: b.CaseID, At: c.At, Who: presage.OwnerWorkshop, From: presage.CaseDone, To: presage.CaseDone,
			Reason: presage.Because(presage.WhyCorrected, "owner", c.Who, "text", c.Why),
		})
	})
}

// UndoResult takes the result of a booking back, as if it had not been reported:
// the visit and its case are as they were, its parts lie on the shelf again. A visit
// that the result had cancelled is back, unless its time was sold meanwhile: then a
// person calls. ErrConflict when there is none, it was corrected or is older than
// presage.UndoWithin, or the car has another case by now.
func (s *Store) UndoResult(ctx context.Context, bookingID, who string, now time.Time) error {
	return s.inTx(ctx, "undo result of booking "+bookingID, func(tx *sql.Tx) error {
		b, v, err := lockVersion(ctx, tx, bookingID)
		if err != nil {
			return err
		}
		if now.After(v.Undoable()) || v.Why != "" {
			return fmt.Errorf("%w: a result can be taken back for %s after it was stored; please correct it",
				presage.ErrConflict, presage.UndoWithin)
		}
		if err := errors.Join(withdraw(ctx, tx, v, now), dropFix(ctx, tx, b.ID)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE result_versions SET undone_at = $3, undone_by = $4
			WHERE booking_id = $1 AND version = $2`, bookingID, v.Version, micros(now), clean(who))
		if err != nil {
			return err
		}
		if err := restore(ctx, tx, b, v, presage.RepairStep{At: now, Who: who}); err != nil {
			return err
		}
		if err := tellState(ctx, tx, b.Booking, v.back.Booking, told{who: who, at: now}); err != nil {
			return err
		}
		lost, err := bringBack(ctx, tx, v.back.Others, told{who: who, at: now})
		if err != nil {
			return err
		}
		ev := presage.CaseEvent{
			CaseID: b.CaseID, At: now, Who: presage.OwnerWorkshop, From: presage.CaseDone, To: v.back.Case,
			Reason: presage.Because(presage.WhyUndone, "owner", who),
		}
		if lost && v.back.Case == presage.CaseBooked {
			v.back.Case, v.back.Owner, v.back.DueAt = presage.CaseEscalated, presage.OwnerAdviser, now.Add(undoneCall)
			ev.To, ev.Reason = v.back.Case, ev.Reason.With(presage.Because(presage.WhyCall))
		}
		return reopen(ctx, tx, b, v, ev)
	})
}

// undoneCall is within what time a person calls about a visit that could not be brought back.
const undoneCall = 4 * time.Hour

// bringBack books visits again that a result had cancelled; lost tells that the time of
// one was sold meanwhile or is over.
func bringBack(ctx context.Context, tx *sql.Tx, others []otherVisit, x told) (lost bool, err error) {
	for _, o := range others {
		b, err := lockBooking(ctx, tx, o.ID)
		if err != nil {
			return false, err
		}
		if b.State != presage.BookingCancelled {
			continue
		}
		free, err := takeBoth(ctx, tx, b.Booking, x.at)
		if err != nil {
			return false, err
		}
		if !free {
			lost = true
			continue
		}
		_, err = tx.ExecContext(ctx, `UPDATE bookings SET sequence = sequence + 1 WHERE id = $1`, b.ID)
		err = errors.Join(err, holdParts(ctx, tx, b.ID, o.Kept), tellState(ctx, tx, b.Booking, o.State, x),
			setBookingState(ctx, tx, b.ID, o.State, x.at))
		if err != nil {
			return false, err
		}
	}
	return lost, nil
}

// takeBoth takes bay and technician of a visit that is still to come, both or none.
func takeBoth(ctx context.Context, tx *sql.Tx, b presage.Booking, now time.Time) (bool, error) {
	if err := lockCalendar(ctx, tx, b.WorkshopID); err != nil || !b.End.After(now) {
		return false, err
	}
	for _, resource := range []string{b.BayID, b.TechnicianID} {
		if free, err := take(ctx, tx, b, resource); err != nil || !free {
			_, undo := tx.ExecContext(ctx, `DELETE FROM booking_cells WHERE booking_id = $1`, b.ID)
			return false, errors.Join(err, undo)
		}
	}
	return true, nil
}

// withdraw takes what a version did to labels and stock back.
func withdraw(ctx context.Context, tx *sql.Tx, v storedVersion, now time.Time) error {
	r := v.Result
	for _, stmt := range []string{
		`DELETE FROM labels WHERE vin = $1 AND at = $2 AND booking_id = $3`,
		`DELETE FROM workshop_results WHERE vin = $1 AND at = $2 AND booking_id = $3`,
	} {
		if _, err := tx.ExecContext(ctx, stmt, r.VIN, micros(r.At), r.BookingID); err != nil {
			return err
		}
	}
	if err := outdate(ctx, tx, []presage.VIN{r.VIN}); err != nil {
		return err
	}
	var moves []presage.StockMovement
	for _, st := range v.back.Taken {
		m := usedBy(r, st.DepotID, st.Part, presage.MoveUnuse, st.OnHand)
		m.At = now
		moves = append(moves, m)
	}
	if _, err := shelve(ctx, tx, moves, "", now); err != nil || v.back.Depot == "" {
		return err
	}
	return each(ctx, tx, `UPDATE part_use SET quantity = CASE WHEN quantity > $4 THEN quantity - $4 ELSE 0 END
		WHERE depot_id = $1 AND part = $2 AND day = $3`, totals(r.PartsUsed), func(p presage.PartQuantity) ([]any, error) {
		return []any{v.back.Depot, p.Part, int64(presage.DayOf(r.At)), p.Quantity}, nil
	})
}

// restore gives the visit back its state, its time where nobody else has it, and
// its parts.
func restore(ctx context.Context, tx *sql.Tx, b stored, v storedVersion, step presage.RepairStep) error {
	if blocks(v.back.Booking) {
		if err := holdAgain(ctx, tx, b.Booking, v.back.Kept); err != nil {
			return err
		}
	}
	last, err := repairOf(ctx, tx, b.ID)
	if err != nil {
		return err
	}
	if n := len(last.Steps); n > 1 && last.Stage() == presage.RepairDone {
		step.Stage = last.Steps[n-2].Stage
		if err := addStep(ctx, tx, b.ID, step); err != nil {
			return err
		}
	}
	return setBookingState(ctx, tx, b.ID, v.back.Booking, v.back.UpdatedAt)
}

// holdAgain takes the time of a visit where nobody else has it, and what was promised to it.
func holdAgain(ctx context.Context, tx *sql.Tx, b presage.Booking, kept []presage.Stock) error {
	for _, resource := range []string{b.BayID, b.TechnicianID} {
		if _, err := take(ctx, tx, b, resource); err != nil {
			return err
		}
	}
	return holdParts(ctx, tx, b.ID, kept)
}

// holdParts promises pieces to a visit again.
func holdParts(ctx context.Context, tx *sql.Tx, bookingID string, kept []presage.Stock) error {
	err := each(ctx, tx, `UPDATE stock SET reserved = reserved + $3 WHERE depot_id = $1 AND part = $2`, kept,
		func(st presage.Stock) ([]any, error) { return []any{st.DepotID, st.Part, st.Reserved}, nil })
	if err != nil {
		return err
	}
	return each(ctx, tx, bookingPartInsert, kept, func(st presage.Stock) ([]any, error) {
		return []any{bookingID, st.DepotID, st.Part, st.Reserved}, nil
	})
}

// reopen gives the case back the state that the result ended, and its coupon.
func reopen(ctx context.Context, tx *sql.Tx, b stored, v storedVersion, ev presage.CaseEvent) error {
	at := micros(v.Result.At)
	for _, stmt := range []string{
		`UPDATE coupons SET redeemed_at = 0 WHERE case_id = $1 AND redeemed_at = $2`,
		`UPDATE coupons SET void_at = 0 WHERE case_id = $1 AND void_at = $2`,
	} {
		if _, err := tx.ExecContext(ctx, stmt, b.CaseID, at); err != nil {
			return err
		}
	}
	if v.back.Case == "" {
		return nil
	}
	c, err := lockCase(ctx, tx, b.CaseID)
	if err != nil {
		return err
	}
	if c.State != presage.CaseDone {
		return presage.Refuse(fmt.Errorf("case %s: %w: it is %s by now", c.ID, presage.ErrConflict, c.State),
			presage.WhyCaseIs, "state", string(c.State))
	}
	if !v.back.Case.Ended() {
		if err := onlyWaiting(ctx, tx, c.VIN); err != nil {
			return err
		}
	}
	c.State, c.DueAt, c.Owner = v.back.Case, v.back.DueAt, v.back.Owner
	if err := saveCase(ctx, tx, c, ev.At); err != nil {
		return err
	}
	return putCaseEvent(ctx, tx, ev)
}

// wordlessVersions hides what technicians wrote about a customer's cars.
func wordlessVersions(ctx context.Context, tx *sql.Tx, customerID string) error {
	type version struct {
		booking, body string
		n             int64
	}
	vs, err := all(ctx, tx, func(r row) (v version, err error) {
		err = r.Scan(&v.booking, &v.n, &v.body)
		return v, err
	}, `SELECT booking_id, version, body FROM result_versions
		WHERE booking_id IN (SELECT id FROM bookings WHERE customer_id = $1)`, customerID)
	if err != nil {
		return err
	}
	return each(ctx, tx, `UPDATE result_versions SET body = $3, why = '' WHERE booking_id = $1 AND version = $2`, vs,
		func(v version) ([]any, error) {
			var r presage.WorkshopResult
			if err := json.Unmarshal([]byte(v.body), &r); err != nil {
				return nil, err
			}
			body, err := encode(noteless(r))
			return []any{v.booking, v.n, body}, err
		})
}

// noteless is a result without what a person wrote.
func noteless(r presage.WorkshopResult) presage.WorkshopResult {
	r.Note = ""
	for i := range r.Findings {
		r.Findings[i].Cause = ""
	}
	return r
}
