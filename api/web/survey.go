package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"presage"
)

// Surveys is what customers say of their visits: whoever holds the signed token
// may answer, once; see Offers for the errors of tokens.
type Surveys interface {
	// SurveyOf has no AnsweredAt as long as there is no answer; ErrNotFound before
	// the visit is over.
	SurveyOf(ctx context.Context, token string) (presage.Survey, error)
	// AnswerByToken: ErrInvalid names each field, ErrConflict when it was answered.
	AnswerByToken(ctx context.Context, token string, said presage.Survey) error
}

// VisitFigures tells how visits went; see rest.Surveys.
type VisitFigures interface {
	VisitFigures(ctx context.Context, from, to time.Time) ([]presage.VisitFigure, error)
	VisitTotal(ctx context.Context, from, to time.Time) (presage.VisitFigure, error)
}

// scale are the points that a customer chooses from.
func scale(from, to int) []int {
	var points []int
	for n := from; n <= to; n++ {
		points = append(points, n)
	}
	return points
}

// answerSurvey keeps what a customer says; what is missing is asked for again, and
// nothing that was chosen is lost.
func answerSurvey(r *request) error {
	token := r.Param("token")
	said := presage.Survey{
		CSAT: point(r.PostForm("csat")), NPS: point(r.PostForm("nps")), Line: oneLine(r.PostForm("line")),
	}
	err := r.site.Surveys.AnswerByToken(r.Request.Context(), token, said)
	switch {
	case errors.Is(err, presage.ErrInvalid):
		b, err := r.readOffer(token, spot{})
		if err != nil {
			return err
		}
		b.Survey.CSAT, b.Survey.NPS, b.Survey.Line = said.CSAT, said.NPS, said.Line
		r.notice = notice{"watch", r.text("survey.incomplete")}
		return r.showOffer(http.StatusUnprocessableEntity, b)
	case errors.Is(err, presage.ErrConflict):
		return r.offerPage(http.StatusConflict) // it says that it was answered
	case err != nil:
		return err
	}
	return r.redirect(offerURL(token))
}

// point is a number of a scale or a share in percent, -1 for what is none.
func point(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// survey is what the page of a visit that is over asks.
func (r *request) survey(token string) (presage.Survey, error) {
	x, err := r.site.Surveys.SurveyOf(r.Request.Context(), token)
	if x.AnsweredAt.IsZero() {
		x.CSAT, x.NPS = -1, -1
	}
	if errors.Is(err, presage.ErrNotFound) { // closed without a visit
		return presage.Survey{}, nil
	}
	return x, err
}
