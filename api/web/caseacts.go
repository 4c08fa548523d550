package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"presage"
)

// CaseDesk is what a person does with a case; see rest.Desk.
type CaseDesk interface {
	Act(ctx context.Context, x presage.CaseAction) (presage.Case, error)
}

// caseActs are what the case page offers: what comes of a call, then the rest.
func caseActs() []presage.ActionKind {
	return []presage.ActionKind{
		presage.ActionCalled, presage.ActionAnswered, presage.ActionDeclined, presage.ActionRepaired, presage.ActionClosed,
		presage.ActionGoodwill,
	}
}

func actOnCase(r *request) error {
	x := presage.CaseAction{
		CaseID: r.Param("id"), Kind: presage.ActionKind(r.PostForm("action")),
		Who: r.posted("who"), Note: r.posted("note"),
	}
	if x.Kind == presage.ActionCalled {
		x.Call = presage.CallOutcome(r.PostForm("outcome"))
	}
	if x.Kind == presage.ActionGoodwill {
		x.Percent = point(strings.TrimSuffix(r.posted("percent"), "%")) // -1 is refused
	}
	if x.Kind == presage.ActionRepaired {
		x.On = dayOf(r.PostForm("on"))
	}
	if err := x.Validate(r.site.Now()); err != nil {
		return err
	}
	if _, err := r.site.Acts.Act(r.Request.Context(), x); err != nil {
		return err
	}
	r.remember(x.Who)
	return r.redirect("/cases/" + url.PathEscape(x.CaseID) + "?notice=case_" + string(x.Kind))
}

// readCase is an adviser's word that they have read a case that waits: opening the page
// alone says nothing. Under whose name is what this browser remembers.
func readCase(r *request) error {
	ctx, id := r.Request.Context(), r.Param("id")
	if _, err := r.site.Cases.Case(ctx, id); err != nil {
		return err
	}
	if err := r.site.Stages.SawCase(ctx, id, r.who()); err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(id) + "?notice=talk_read")
}

// dayOf is noon of a day as a browser writes it; zero when it is none.
func dayOf(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return time.Time{}
	}
	return day.Add(12 * time.Hour)
}
