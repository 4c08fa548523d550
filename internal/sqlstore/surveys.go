package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

const surveyColumns = `booking_id, case_id, customer_id, workshop_id, asked_at, answered_at, csat, nps, line`

// Unasked lists the visits whose result was stored in [from, to) and counts, and
// whose customers were not asked about it, at most limit.
func (s *Store) Unasked(ctx context.Context, from, to time.Time, limit int) ([]presage.Booking, error) {
	bs, err := all(ctx, s.r, func(r row) (presage.Booking, error) {
		b, err := scanBooking(r)
		return b.Booking, err
	}, `SELECT `+bookingColumns+` FROM bookings WHERE state = 'done' AND id IN (SELECT booking_id FROM result_versions
			WHERE recorded_at >= $1 AND recorded_at < $2 AND undone_at = 0 AND why = '')
		AND id NOT IN (SELECT booking_id FROM surveys) ORDER BY id LIMIT $3 + 0`, micros(from), micros(to), limit)
	return bs, wrap(err, "visits to ask about")
}

// Complained tells whether a customer has complained since a time.
func (s *Store) Complained(ctx context.Context, customerID string, since time.Time) (bool, error) {
	n, err := one(ctx, s.r, scanCount, `SELECT COUNT(*) FROM replies
		WHERE customer_id = $1 AND at >= $2 AND meaning = 'complaint'`, customerID, micros(since))
	return n > 0, wrap(err, "complaints of customer "+customerID)
}

// AskSurvey notes that a customer is asked and plans the text, if any. ErrConflict
// when they were asked before.
func (s *Store) AskSurvey(ctx context.Context, x presage.Survey, ms []presage.Message) error {
	return s.inTx(ctx, "ask about booking "+x.BookingID, func(tx *sql.Tx) error {
		err := changed(tx.ExecContext(ctx, `INSERT INTO surveys (`+surveyColumns+`)
			VALUES ($1, $2, $3, $4, $5, 0, 0, 0, '') ON CONFLICT (booking_id) DO NOTHING`,
			x.BookingID, x.CaseID, x.CustomerID, x.WorkshopID, micros(x.AskedAt)))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: asked already", presage.ErrConflict)
		}
		if err != nil {
			return err
		}
		return each(ctx, tx, messageInsert, ms, messageArgs)
	})
}

// AnswerSurvey keeps an answer, asked for or not. ErrConflict when there is one.
func (s *Store) AnswerSurvey(ctx context.Context, x presage.Survey) error {
	return s.inTx(ctx, "survey of booking "+x.BookingID, func(tx *sql.Tx) error {
		err := changed(tx.ExecContext(ctx, `INSERT INTO surveys (`+surveyColumns+`)
			VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8)
			ON CONFLICT (booking_id) DO UPDATE SET answered_at = excluded.answered_at, csat = excluded.csat,
				nps = excluded.nps, line = excluded.line WHERE surveys.answered_at = 0`,
			x.BookingID, x.CaseID, x.CustomerID, x.WorkshopID, micros(x.AnsweredAt), x.CSAT, x.NPS, clean(x.Line)))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: it was answered already", presage.ErrConflict)
		}
		return err
	})
}

// Survey is what was asked and answered of a booking. ErrNotFound for neither.
func (s *Store) Survey(ctx context.Context, bookingID string) (presage.Survey, error) {
	x, err := one(ctx, s.r, scanSurvey, `SELECT `+surveyColumns+` FROM surveys WHERE booking_id = $1`, bookingID)
	return x, wrap(err, "survey of booking "+bookingID)
}

// Surveys lists those that were answered, the first answer first.
func (s *Store) Surveys(ctx context.Context, f presage.SurveyFilter) ([]presage.Survey, error) {
	q := choose(`SELECT `+surveyColumns+` FROM surveys`).is("workshop_id", f.WorkshopID).and("answered_at > ?", 0)
	if !f.From.IsZero() {
		q.and("answered_at >= ?", micros(f.From))
	}
	if !f.To.IsZero() {
		q.and("answered_at < ?", micros(f.To))
	}
	if f.AfterID != "" {
		q.and("(answered_at, booking_id) > (SELECT x.answered_at, x.booking_id FROM surveys x WHERE x.booking_id = ?)",
			f.AfterID)
	}
	xs, err := chosen(ctx, s.r, scanSurvey, q.order("answered_at, booking_id", f.Limit))
	return xs, wrap(err, "list surveys")
}

func scanSurvey(r row) (x presage.Survey, err error) {
	err = r.Scan(&x.BookingID, &x.CaseID, &x.CustomerID, &x.WorkshopID, instant{&x.AskedAt}, instant{&x.AnsweredAt},
		&x.CSAT, &x.NPS, &x.Line)
	return x, err
}

// VisitFigures are how the visits that began in [from, to) went, by workshop.
func (s *Store) VisitFigures(ctx context.Context, from, to time.Time) ([]presage.VisitFigure, error) {
	visits, err := s.pastVisits(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var figures []presage.VisitFigure
	for len(visits) > 0 {
		n := slices.IndexFunc(visits, func(v pastVisit) bool { return v.workshop != visits[0].workshop })
		if n < 0 {
			n = len(visits)
		}
		figures, visits = append(figures, figureOf(visits[0].workshop, visits[:n])), visits[n:]
	}
	return figures, nil
}

// VisitTotal is how the visits at all workshops together went.
func (s *Store) VisitTotal(ctx context.Context, from, to time.Time) (presage.VisitFigure, error) {
	visits, err := s.pastVisits(ctx, from, to)
	return figureOf("", visits), err
}

type pastVisit struct {
	workshop string
	state    presage.BookingState
	result   presage.WorkshopResult
	survey   presage.Survey
}

// pastVisits lists the visits that began in [from, to), those of a workshop together.
func (s *Store) pastVisits(ctx context.Context, from, to time.Time) ([]pastVisit, error) {
	visits, err := all(ctx, s.r, func(r row) (v pastVisit, err error) {
		err = r.Scan(&v.workshop, &v.state, document{&v.result}, instant{&v.survey.AskedAt},
			instant{&v.survey.AnsweredAt}, &v.survey.CSAT, &v.survey.NPS)
		return v, err
	}, `SELECT b.workshop_id, b.state, COALESCE(r.body, '{}'), COALESCE(s.asked_at, 0), COALESCE(s.answered_at, 0),
			COALESCE(s.csat, 0), COALESCE(s.nps, 0) FROM bookings b
			LEFT JOIN workshop_results r ON r.booking_id = b.id LEFT JOIN surveys s ON s.booking_id = b.id
		WHERE b.start_at >= $1 AND b.start_at < $2 AND b.state IN ('done', 'no_show') ORDER BY b.workshop_id, b.id`,
		micros(from), micros(to))
	return visits, wrap(err, "count visits")
}

func figureOf(workshop string, visits []pastVisit) presage.VisitFigure {
	f := presage.VisitFigure{WorkshopID: workshop, Visits: len(visits)}
	var csat, nps, minutes []float64
	var first, told int
	for _, v := range visits {
		f.NoShows += flag(v.state == presage.BookingNoShow)
		f.Asked += flag(!v.survey.AskedAt.IsZero())
		if !v.survey.AnsweredAt.IsZero() {
			csat, nps = append(csat, float64(v.survey.CSAT)), append(nps, promotes(v.survey.NPS))
		}
		if v.result.FirstTime != nil {
			first, told = first+flag(*v.result.FirstTime), told+1
		}
		if v.result.Minutes > 0 {
			minutes = append(minutes, float64(v.result.Minutes))
		}
	}
	f.CSAT, f.NPS = presage.RatingOf(csat, 1, 5), presage.RatingOf(nps, -100, 100)
	f.FirstTime, f.Minutes = presage.ShareOf(first, told), presage.MeanOf(minutes, 0, 1e6)
	return f
}

// promotes is what one answer adds to the net promoter score, in percent.
func promotes(nps int) float64 {
	switch {
	case nps >= 9:
		return 100
	case nps <= 6:
		return -100
	}
	return 0
}
