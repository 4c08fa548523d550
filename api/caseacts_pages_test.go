package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"presage"
)

// What a person did with a case is noted on its page; a fault is said, not swallowed.
func TestCaseActsPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, ok := firstCase(t, r, presage.CaseOffered)
	if !ok {
		t.Fatal("no case is offered")
	}
	page := "/cases/" + c
	if got := r.get(t, page+"?lang=en").body; !strings.Contains(got, `value="called"`) || !strings.Contains(got, "no answer") {
		t.Errorf("the case has no form for a call: %s", got)
	}
	form := url.Values{"who": {"Mia"}, "action": {"called"}, "outcome": {"no_answer"}}
	want(t, r.form(t, page+"/actions", form), http.StatusSeeOther)
	if got := r.get(t, page+"?notice=case_called").body; !strings.Contains(got, "The call is noted.") {
		t.Error("no notice that the call is noted")
	}
	if got := r.get(t, page+"?lang=en").body; !strings.Contains(got, `name="on"`) || !strings.Contains(got, "Repaired elsewhere") {
		t.Error("the case has no form for a repair elsewhere")
	}
	done := url.Values{"who": {"Mia"}, "action": {"repaired"}}
	want(t, r.form(t, page+"/actions", done), http.StatusUnprocessableEntity)
	done.Set("on", "2020-01-31")
	want(t, r.form(t, page+"/actions", done), http.StatusSeeOther)
	if got := r.world.Actions; !got[len(got)-1].On.Equal(time.Date(2020, 1, 31, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("done %+v", got)
	}
	form.Set("outcome", "perhaps")
	want(t, r.form(t, page+"/actions", form), http.StatusUnprocessableEntity)
	want(t, r.form(t, "/cases/none/actions", url.Values{"who": {"Mia"}, "action": {"closed"}, "note": {"x"}}), http.StatusNotFound)
}

func firstCase(t *testing.T, r *rig, state presage.CaseState) (string, bool) {
	t.Helper()
	got := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state="+string(state)))
	if len(got.Items) == 0 {
		return "", false
	}
	return got.Items[0].ID, true
}
