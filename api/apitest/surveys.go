package apitest

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// SurveyOf implements web.Surveys: every visit that is done can be spoken of.
func (w *World) SurveyOf(ctx context.Context, token string) (presage.Survey, error) {
	v, err := w.OfferAt(ctx, token, "")
	if err != nil {
		return presage.Survey{}, err
	}
	if v.Case.State != presage.CaseDone {
		return presage.Survey{}, fmt.Errorf("survey: visit %w", presage.ErrNotFound)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if x, ok := w.surveys[v.Case.ID]; ok {
		return x, nil
	}
	return presage.Survey{BookingID: "b-of-" + v.Case.ID, CaseID: v.Case.ID, WorkshopID: v.Case.WorkshopID}, nil
}

// AnswerByToken implements web.Surveys.
func (w *World) AnswerByToken(ctx context.Context, token string, said presage.Survey) error {
	x, err := w.SurveyOf(ctx, token)
	if err != nil {
		return err
	}
	if !x.AnsweredAt.IsZero() {
		return fmt.Errorf("survey: %w: answered", presage.ErrConflict)
	}
	x.CSAT, x.NPS, x.Line, x.AnsweredAt = said.CSAT, said.NPS, said.Line, w.now
	if err := x.Check(); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.surveys[x.CaseID] = x
	return nil
}

// Surveys implements rest.Surveys.
func (w *World) Surveys(_ context.Context, f presage.SurveyFilter) ([]presage.Survey, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []presage.Survey
	for _, x := range w.surveys {
		if f.WorkshopID == "" || f.WorkshopID == x.WorkshopID {
			list = append(list, x)
		}
	}
	return list, w.Err
}

// VisitFigures implements rest.Surveys.
func (w *World) VisitFigures(context.Context, time.Time, time.Time) ([]presage.VisitFigure, error) {
	return []presage.VisitFigure{{
		WorkshopID: "w-1", Visits: 41, NoShows: 2, Asked: 37,
		CSAT: presage.RatingOf([]float64{5, 4, 5, 3, 5}, 1, 5), NPS: presage.RatingOf([]float64{100, 0, 100, -100, 100}, -100, 100),
		FirstTime: presage.ShareOf(3, 4), Minutes: presage.MeanOf([]float64{45, 60, 75}, 0, 1e6),
	}}, w.Err
}

// VisitTotal implements rest.Surveys: there is one workshop.
func (w *World) VisitTotal(ctx context.Context, from, to time.Time) (presage.VisitFigure, error) {
	rows, err := w.VisitFigures(ctx, from, to)
	rows[0].WorkshopID = ""
	return rows[0], err
}
