package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"presage"
	"presage/api/apitest"
)

// openCase is a case that goes on.
func openCase(t *testing.T, r *rig) string {
	t.Helper()
	for _, c := range decode[list[presage.Case]](t, r.get(t, "/v1/cases")).Items {
		if c.State == presage.CaseEscalated {
			return c.ID
		}
	}
	t.Fatal("the world has no escalated case")
	return ""
}

// A rescue is asked for, taken with a time, and called off, by API and by page; a step
// from a state that it has left is refused.
func TestRescues(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	id := openCase(t, r)
	x := decode[presage.Rescue](t, r.json(t, "/v1/cases/"+id+"/rescue", `{"who": "Li Na"}`))
	if x.State != presage.RescueAsked || x.CaseID != id || x.Km == nil || x.Place == nil {
		t.Errorf("asked %+v", x)
	}
	want(t, r.json(t, "/v1/cases/none/rescue", `{"who": "Li Na"}`), http.StatusNotFound)
	step := func(body string) answer { return r.json(t, "/v1/rescues/"+x.ID+"/steps", body) }
	bad := step(`{"seen": "here", "to": "asked", "minutes": 900}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"seen", "to", "who", "minutes"} {
		if !strings.Contains(bad.body, field+": ") {
			t.Errorf("the answer does not name %q: %s", field, bad.body)
		}
	}
	took := decode[presage.Rescue](t, step(`{"seen": "asked", "to": "on_the_way", "who": "Chen Wei", "minutes": 25}`))
	if took.State != presage.RescueOnTheWay || took.ETA.Sub(took.UpdatedAt).Minutes() != 25 {
		t.Errorf("taken %+v", took)
	}
	want(t, step(`{"seen": "asked", "to": "on_the_way", "who": "Wang Fang"}`), http.StatusConflict)
	want(t, step(`{"seen": "on_the_way", "to": "done", "who": "Chen Wei"}`), http.StatusConflict)
	live := decode[list[presage.Rescue]](t, r.get(t, "/v1/rescues?live=true&limit=1"))
	if len(live.Items) != 1 || live.Items[0].ID != x.ID || live.Next != "" {
		t.Errorf("live %+v", live)
	}
	want(t, r.get(t, "/v1/rescues?after=none"), http.StatusUnprocessableEntity)
	one := decode[struct {
		presage.Rescue

		Events []presage.RescueEvent
	}](t, r.get(t, "/v1/rescues/"+x.ID))
	evs := one.Events
	if len(evs) != 2 || evs[1].Who != "Chen Wei" || evs[1].From != presage.RescueAsked || one.ETA.IsZero() {
		t.Errorf("one %+v", one)
	}
	want(t, r.get(t, "/v1/rescues/none"), http.StatusNotFound)
	for lang, texts := range map[string][]string{
		"en": {"Roadside rescue", "On the way", "6.4 km", "Chen Wei", "openstreetmap", "Arrived", "Call off"},
		"zh": {"道路救援", "在途", "已到达", "取消救援"},
	} {
		for _, path := range []string{"/rescue?", "/cases/" + id + "?"} {
			page := r.get(t, path+"lang="+lang).body
			for _, text := range texts {
				if !strings.Contains(page, text) {
					t.Errorf("%s does not say %q", path, text)
				}
			}
		}
	}
	form := url.Values{"seen": {"on_the_way"}, "to": {"called_off"}, "who": {"Li Na"}, "back": {"/rescue"}}
	post := func() answer {
		return r.do(t, http.MethodPost, "/rescue/"+x.ID+"/step", form.Encode(),
			"Content-Type", "application/x-www-form-urlencoded")
	}
	want(t, post(), http.StatusSeeOther)
	want(t, post(), http.StatusConflict)
	if page := r.get(t, "/rescue?all=1&lang=en").body; !strings.Contains(page, "Called off") {
		t.Error("the page does not say that it is called off")
	}
}

// A customer sees who comes, with a phone number, and the page renews itself.
func TestRescuePage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.json(t, "/v1/cases/"+openCase(t, r)+"/rescue", `{"who": "Li Na"}`)
	for lang, texts := range map[string][]string{
		"en": {"Help is asked for", "862155550100", "hazard lights", `http-equiv="refresh"`, "Aurora Service"},
		"zh": {"救援已请求", "双闪", "上海浦东服务中心"},
	} {
		page := r.get(t, "/r/"+apitest.RescueToken+"?lang="+lang).body
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("the page does not say %q", text)
			}
		}
	}
	want(t, r.get(t, "/r/forged"), http.StatusForbidden)
	off := func(seen string) answer {
		return r.do(t, http.MethodPost, "/r/"+apitest.RescueToken+"/off", "seen="+seen,
			"Content-Type", "application/x-www-form-urlencoded")
	}
	want(t, off("on_the_way"), http.StatusConflict)
	want(t, off("asked"), http.StatusSeeOther)
	if page := r.get(t, "/r/"+apitest.RescueToken+"?lang=en").body; !strings.Contains(page, "is called off") ||
		strings.Contains(page, "Nobody has to come") {
		t.Error("the page does not say that it is called off")
	}
}
