package web

import (
	"context"
	"net/url"
	"strings"

	"presage"
)

// CaseDesk is what a person does with a case; see rest.Desk.
type CaseDesk interface {
	Act(ctx context.Context, x presage.CaseAction) (presage.Case, error)
}

// caseActs are what the case page offers: what comes of a call, then the rest.
func caseActs() []presage.ActionKind {
	return []presage.ActionKind{presage.ActionCalled, presage.ActionAnswered, presage.ActionDeclined, presage.ActionClosed}
}

func actOnCase(r *request) error {
	x := presage.CaseAction{
		CaseID: r.Param("id"), Kind: presage.ActionKind(r.PostForm("action")),
		Who: strings.TrimSpace(r.PostForm("who")), Note: strings.TrimSpace(r.PostForm("note")),
	}
	if x.Kind == presage.ActionCalled {
		x.Call = presage.CallOutcome(r.PostForm("outcome"))
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
