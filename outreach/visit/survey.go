package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
	"presage/outreach/rules"
)

// Surveyor asks customers once what they think of a visit. Its fields are set
// once, before its first use.
type Surveyor struct {
	Surveys SurveyStore
	Files   *Files
	Planner *contact.Planner
	Rules   rules.Current
	Now     func() time.Time
}

// SurveyStore keeps what customers were asked and said.
type SurveyStore interface {
	Unasked(ctx context.Context, from, to time.Time, limit int) ([]presage.Booking, error)
	Complained(ctx context.Context, customerID string, since time.Time) (bool, error)
	AskSurvey(ctx context.Context, x presage.Survey, ms []presage.Message) error
	AnswerSurvey(ctx context.Context, x presage.Survey) error
	Survey(ctx context.Context, bookingID string) (presage.Survey, error)
}

// A customer is asked at most so long after the result, at most so many in one pass.
const (
	askUntil   = 7 * 24 * time.Hour
	mostAsked  = 200
	askAtLeast = time.Hour // a result may be taken back before
)

// AskDue asks about the visits whose time has come, each once, and returns how
// many customers a text goes to. Who complained since the case was opened, has no
// channel for it or has sold the car is not asked.
func (s *Surveyor) AskDue(ctx context.Context) (int, error) {
	after, now := s.Rules().SurveyAfter, s.Now()
	if after == 0 {
		return 0, nil
	}
	visits, err := s.Surveys.Unasked(ctx, now.Add(-askUntil), now.Add(-max(after, askAtLeast)), mostAsked)
	if err != nil {
		return 0, fmt.Errorf("surveys: %w", err)
	}
	asked := 0
	var faults []error
	for _, b := range visits {
		told, err := s.ask(ctx, b)
		switch {
		case errors.Is(err, presage.ErrConflict): // another process was faster
		case err != nil:
			faults = append(faults, fmt.Errorf("survey of booking %s: %w", b.ID, err))
		case told:
			asked++
		}
	}
	return asked, errors.Join(faults...)
}

func (s *Surveyor) ask(ctx context.Context, b presage.Booking) (told bool, err error) {
	f, err := s.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return false, err
	}
	x := presage.Survey{BookingID: b.ID, CaseID: b.CaseID, CustomerID: b.CustomerID, WorkshopID: b.WorkshopID}
	complained, err := s.Surveys.Complained(ctx, b.CustomerID, f.Case.OpenedAt)
	if err != nil {
		return false, err
	}
	route := s.Planner.Route(f.Customer.For(presage.PurposeService))
	if complained || f.Lost() || len(route) == 0 || f.Link == "" || route[0] == presage.ChannelCall {
		return false, s.Surveys.AskSurvey(ctx, x, nil) // kept as settled: they are never asked
	}
	m, err := s.Planner.Message(wording.Survey, f.Facts(s.Planner.Sender(f.Vehicle)), contact.Draft{
		About: b.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
		At: s.Planner.QuietFor(f.Customer, presage.PurposeService).Until(s.Now()),
	})
	if err != nil {
		return false, err
	}
	m.Safety = false // what the visit was about does not matter here
	x.AskedAt = s.Now()
	return true, s.Surveys.AskSurvey(ctx, x, []presage.Message{m})
}

// SurveyOf is the survey of the visit that a link is about; without an answer as
// long as there is none. ErrNotFound before the visit is over.
func (s *Surveyor) SurveyOf(ctx context.Context, token string) (presage.Survey, error) {
	f, err := s.Files.ByToken(ctx, token)
	if err != nil {
		return presage.Survey{}, err
	}
	if f.Last == nil || f.Last.State != presage.BookingDone {
		return presage.Survey{}, fmt.Errorf("survey: visit %w", presage.ErrNotFound)
	}
	x, err := s.Surveys.Survey(ctx, f.Last.ID)
	if errors.Is(err, presage.ErrNotFound) {
		b := *f.Last
		return presage.Survey{BookingID: b.ID, CaseID: b.CaseID, CustomerID: b.CustomerID, WorkshopID: b.WorkshopID}, nil
	}
	return x, err
}

// AnswerByToken keeps what the customer says of the visit of a link, once.
// ErrInvalid names each field, ErrConflict when they have answered.
func (s *Surveyor) AnswerByToken(ctx context.Context, token string, said presage.Survey) error {
	x, err := s.SurveyOf(ctx, token)
	if err != nil {
		return err
	}
	x.CSAT, x.NPS, x.Line, x.AnsweredAt = said.CSAT, said.NPS, said.Line, s.Now()
	if err := x.Check(); err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	return s.Surveys.AnswerSurvey(ctx, x)
}
