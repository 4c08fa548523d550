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
	c := firstCase(t, r, presage.CaseOffered)
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
	refused := r.form(t, page+"/actions?lang=zh", url.Values{"action": {"answered"}}).body
	holds(t, "a refusal in Chinese", refused, "请检查：您的姓名", "说明（按需必填")
	if strings.Contains(refused, "want") {
		t.Error("English words on a Chinese page")
	}
	if got := r.world.Actions; !got[len(got)-1].On.Equal(time.Date(2020, 1, 31, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("done %+v", got)
	}
	form.Set("outcome", "perhaps")
	want(t, r.form(t, page+"/actions", form), http.StatusUnprocessableEntity)
	want(t, r.form(t, "/cases/none/actions", url.Values{"who": {"Mia"}, "action": {"closed"}, "note": {"x"}}), http.StatusNotFound)
}

// Opening a case that waits says nothing; its button, under the name that the browser
// remembers, and the API do.
func TestCaseIsReadWhenSomebodySaysSo(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := firstCase(t, r, presage.CaseEscalated)
	page := "/cases/" + c
	holds(t, "page", r.get(t, page+"?lang=en").body, `action="`+page+`/read"`, "Mark as read")
	want(t, r.get(t, "/v1"+page), http.StatusOK)
	if got := r.world.Read(); len(got) != 0 {
		t.Fatalf("opening a case counts as reading it: %v", got)
	}
	want(t, r.form(t, page+"/read", url.Values{}), http.StatusSeeOther)
	want(t, r.json(t, "/v1"+page+"/read", `{"who":"Mia"}`), http.StatusOK)
	want(t, r.json(t, "/v1"+page+"/read", ""), http.StatusOK)
	if got := r.world.Read(); len(got) != 3 || got[1] != c+" by Mia" {
		t.Errorf("read %v", got)
	}
	want(t, r.json(t, "/v1/cases/none/read", ""), http.StatusNotFound)
	want(t, r.json(t, "/v1"+page+"/read", `{"who":"`+strings.Repeat("x", 101)+`"}`), http.StatusUnprocessableEntity)
	want(t, r.form(t, "/cases/none/read", url.Values{}), http.StatusNotFound)
}

func firstCase(t *testing.T, r *rig, state presage.CaseState) string {
	t.Helper()
	got := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state="+string(state)))
	if len(got.Items) == 0 {
		t.Fatalf("no case is %s", state)
	}
	return got.Items[0].ID
}
