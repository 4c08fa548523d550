package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"presage"
)

// Rescues is help for cars that stand still; see rest.Rescues.
type Rescues interface {
	Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error)
	RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error)
	StepRescue(ctx context.Context, s presage.RescueStep) (presage.Rescue, error)
	Report(ctx context.Context, caseID, who string) (presage.Rescue, error)
	// RescueByToken is the customer's page; see Offers for the errors of tokens.
	RescueByToken(ctx context.Context, token string) (presage.RescueView, error)
	// CallOffByToken: ErrConflict when it is in another state than the one that was seen.
	CallOffByToken(ctx context.Context, token string, seen presage.RescueState) error
	// ReportByToken opens one from the page of an offer and returns the token of its page.
	ReportByToken(ctx context.Context, token string) (string, error)
}

const (
	rescuesPath = "/rescue"
	rescueRows  = 30
)

// rescueCard is a rescue with its car, its partner and what a person may say of it.
type rescueCard struct {
	presage.Rescue

	Vehicle presage.Vehicle
	Partner presage.Workshop
	Spot    presage.Workshop // where the car stands, as a map shows it
	Events  []presage.RescueEvent
	Acts    []presage.RescueState
	Who     signer
	Late    bool
	Back    string // the page that the form comes back to
}

// Zone is of the times of the partner.
func (c rescueCard) Zone() string { return c.Partner.Zone }

// Listed tells that the card stands in the list of all rescues, not on the page of its case.
func (c rescueCard) Listed() bool { return c.Back == rescuesPath }

// Distance is of the partner; only where it is known.
func (c rescueCard) Distance() presage.Kilometre { return *c.Km }

type rescuesBody struct {
	Rows []rescueCard
	Live bool
	Next string
}

func rescuesPage(r *request) error {
	b := rescuesBody{Live: r.Query("all") == ""}
	f := presage.RescueFilter{Live: b.Live, BeforeID: r.Query("before"), Limit: rescueRows + 1}
	found, err := r.site.Rescues.Rescues(r.Request.Context(), f)
	if err != nil {
		return err
	}
	if len(found) > rescueRows {
		found = found[:rescueRows]
		b.Next = found[rescueRows-1].ID
	}
	for _, x := range found {
		card, err := r.rescueCard(x, rescuesPath)
		if err != nil {
			return err
		}
		b.Rows = append(b.Rows, card)
	}
	r.heed()
	return r.render(http.StatusOK, "rescues", "cases", r.text("rescue.title"), b)
}

func (r *request) rescueCard(x presage.Rescue, back string) (rescueCard, error) {
	ctx, s := r.Request.Context(), r.site
	c := rescueCard{
		Rescue: x, Acts: x.State.Next(), Who: r.signer(), Back: back,
		Late: !x.DueAt.IsZero() && s.Now().After(x.DueAt),
	}
	var err error
	if c.Vehicle, err = s.Vehicles.Vehicle(ctx, x.VIN); err != nil && !errors.Is(err, presage.ErrNotFound) {
		return c, err
	}
	c.Vehicle.VIN = x.VIN
	places, err := s.Places.Workshops(ctx)
	if err != nil {
		return c, err
	}
	for _, w := range places {
		if w.ID == x.WorkshopID {
			c.Partner = w
		}
	}
	if x.Place != nil {
		name := strings.TrimSpace(c.Vehicle.Make + " " + c.Vehicle.Model)
		c.Spot = presage.Workshop{Name: presage.Text{ZH: name, EN: name}, Place: x.Place}
	}
	c.Events, err = s.Rescues.RescueEvents(ctx, x.ID)
	return c, err
}

// caseRescues are the rescues of a case as its page shows them, the newest first.
func (r *request) caseRescues(caseID string) ([]rescueCard, error) {
	found, err := r.site.Rescues.Rescues(r.Request.Context(), presage.RescueFilter{CaseID: caseID, Limit: rescueRows})
	if err != nil {
		return nil, err
	}
	var cards []rescueCard
	for _, x := range found {
		c, err := r.rescueCard(x, "/cases/"+url.PathEscape(caseID))
		if err != nil {
			return nil, err
		}
		cards = append(cards, c)
	}
	return cards, nil
}

// stepRescue takes a rescue a step on.
func stepRescue(r *request) error {
	step := presage.RescueStep{
		ID: r.Param("id"), Seen: presage.RescueState(r.PostForm("seen")), To: presage.RescueState(r.PostForm("to")),
		Who: r.posted("who"), Note: r.posted("note"),
	}
	if text := r.posted("minutes"); text != "" && step.To == presage.RescueOnTheWay {
		n, err := strconv.Atoi(text)
		if err != nil {
			n = -1 // is refused
		}
		step.Minutes = n
	}
	x, err := r.site.Rescues.StepRescue(r.Request.Context(), step)
	if err != nil {
		return err
	}
	r.remember(step.Who)
	back := rescuesPath
	if r.PostForm("back") != rescuesPath {
		back = "/cases/" + url.PathEscape(x.CaseID)
	}
	return r.redirect(back + "?notice=rescue")
}

// orderRescue is an adviser's word that a car stands still.
func orderRescue(r *request) error {
	id, who := r.Param("id"), r.posted("who")
	if _, err := r.site.Rescues.Report(r.Request.Context(), id, who); err != nil {
		return err
	}
	r.remember(who)
	return r.redirect("/cases/" + url.PathEscape(id) + "?notice=rescue")
}

// rescueBody is a customer's page of a rescue.
type rescueBody struct {
	presage.RescueView

	ZoneName string
	Safe     bool // the car stands at the road still
}

// Coming tells that somebody is on the way who has said when they arrive.
func (b rescueBody) Coming() bool { return b.State == presage.RescueOnTheWay && !b.ETA.IsZero() }

// Course are the states in their order, each once.
func (b rescueBody) Course() []presage.RescueEvent {
	var steps []presage.RescueEvent
	for _, e := range b.Events {
		if e.From != e.To {
			steps = append(steps, e)
		}
	}
	return steps
}

func rescuePage(r *request) error { return r.rescuePage(http.StatusOK) }

func (r *request) rescuePage(status int) error {
	view, err := r.site.Rescues.RescueByToken(r.Request.Context(), r.Param("token"))
	if view.Lang != "" {
		r.speaker = r.site.speakers[r.site.chooseLang(r.Writer, r.Request, view.Lang)]
	}
	if err != nil {
		return err
	}
	b := rescueBody{RescueView: view, Safe: view.State.Live()}
	if view.Zone != nil {
		b.ZoneName = view.Zone.String()
	}
	return r.render(status, "rescue", "", r.text("rescue.title"), b)
}

// callOffRescue is a customer's word that nobody has to come; a stale page shows how it
// stands now.
func callOffRescue(r *request) error {
	token := r.Param("token")
	err := r.site.Rescues.CallOffByToken(r.Request.Context(), token, presage.RescueState(r.PostForm("seen")))
	if errors.Is(err, presage.ErrConflict) {
		r.here = rescueURL(token) + "?"
		return r.rescuePage(http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return r.redirect(rescueURL(token))
}

func rescueURL(token string) string { return "/r/" + url.PathEscape(token) }

// reportBroken is a customer's word, on the page of an offer, that the car has broken down.
func reportBroken(r *request) error {
	token, err := r.site.Rescues.ReportByToken(r.Request.Context(), r.Param("token"))
	if errors.Is(err, presage.ErrConflict) {
		return r.offerPage(http.StatusConflict)
	}
	if err != nil {
		return err
	}
	return r.redirect(rescueURL(token))
}
