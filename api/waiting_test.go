package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"presage"
)

func TestWaitingList(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	path := "/v1/cases/" + v.CaseID + "/waiting"
	want(t, r.json(t, path, `{"who": "Mia"}`), http.StatusNoContent)
	want(t, r.json(t, path, `{"who": "Mia"}`), http.StatusNoContent)
	got := decode[list[presage.Waiting]](t, r.get(t, "/v1/waiting-list?workshop=w-1&limit=1"))
	if len(got.Items) != 1 || got.Items[0].BookingID != v.ID || got.Items[0].Who != "Mia" || got.Next != "" {
		t.Fatalf("the list is %+v", got)
	}
	if got := decode[list[presage.Waiting]](t, r.get(t, "/v1/waiting-list?workshop=w-2")); len(got.Items) != 0 {
		t.Errorf("another workshop's list is %+v", got)
	}
	want(t, r.get(t, "/v1/waiting-list?after=none"), http.StatusUnprocessableEntity)
	if page := r.get(t, "/workshop?lang=en").body; !strings.Contains(page, "Take off") {
		t.Error("the board does not show who waits")
	}
	want(t, r.do(t, http.MethodDelete, path+"?who=Mia", ""), http.StatusNoContent)
	want(t, r.do(t, http.MethodDelete, path+"?who=Mia", ""), http.StatusNotFound)
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/cases/none/waiting", `{"who": "Mia"}`), http.StatusNotFound)

	form := url.Values{"id": {"w-1"}, "day": {"2026-11-21"}, "case": {v.CaseID}, "who": {"Mia"}}
	want(t, r.form(t, "/workshop/wait", form), http.StatusSeeOther)
	want(t, r.form(t, "/workshop/wait-no-more", form), http.StatusSeeOther)
	want(t, r.form(t, "/workshop/wait-no-more", form), http.StatusNotFound)
	form.Set("who", "")
	want(t, r.form(t, "/workshop/wait", form), http.StatusUnprocessableEntity)
}
