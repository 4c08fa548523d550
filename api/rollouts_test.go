package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"presage"
)

const newSoftware = `{"title": {"zh": "电池控制器", "en": "Battery control"}, "component": "hv_battery",
	"codes": ["U0300"], "from": ["4.1.0"], "to": "4.1.2"}`

// A roll-out is put, started, listed and shown on the console with its cars, where a
// person pauses it.
func TestRollouts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	put := func(id, body string) answer {
		return r.do(t, http.MethodPut, "/v1/rollouts/"+id, body, "Content-Type", "application/json")
	}
	want(t, put("SW-1", newSoftware), http.StatusOK)
	want(t, put("SW-2", newSoftware), http.StatusOK)
	want(t, put("SW-1", strings.Replace(newSoftware, "4.1.2", "4.1.3", 1)), http.StatusOK)
	first := decode[list[presage.RolloutProgress]](t, r.get(t, "/v1/rollouts?limit=1"))
	if len(first.Items) != 1 || first.Next != "SW-1" || first.Items[0].To != "4.1.3" || first.Items[0].Rings[0] != 1 {
		t.Errorf("first page %+v", first)
	}
	rest := decode[list[presage.RolloutProgress]](t, r.get(t, "/v1/rollouts?after=SW-1"))
	if len(rest.Items) != 1 || rest.Items[0].ID != "SW-2" || rest.Next != "" {
		t.Errorf("second page %+v", rest)
	}
	want(t, r.get(t, "/v1/rollouts?after=none"), http.StatusUnprocessableEntity)
	steer := func(id, state string) answer {
		return r.json(t, "/v1/rollouts/"+id+"/state", `{"state": "`+state+`", "who": "Li Na"}`)
	}
	want(t, steer("SW-1", "paused"), http.StatusConflict)
	want(t, r.json(t, "/v1/rollouts/SW-2/state", `{"state": "closed", "who": "`+strings.Repeat("n", 101)+`"}`),
		http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/rollouts/SW-2/state", `{"state": "closed", "who": "`+strings.Repeat("n", 100)+`"}`), http.StatusOK)
	if got := decode[presage.Rollout](t, steer("SW-1", "running")); got.State != presage.RolloutRunning || got.By != "Li Na" {
		t.Errorf("started %+v", got)
	}
	want(t, put("SW-1", newSoftware), http.StatusConflict)
	want(t, steer("none", "running"), http.StatusNotFound)
	want(t, steer("SW-1", "halted"), http.StatusUnprocessableEntity)
	cars := decode[list[presage.RolloutCar]](t, r.get(t, "/v1/rollouts/SW-1/vehicles?state=failed"))
	if len(cars.Items) != 1 || cars.Items[0].Note != "12 V too low" || cars.Items[0].VIN == "" {
		t.Errorf("cars %+v", cars)
	}
	want(t, r.get(t, "/v1/rollouts/none/vehicles"), http.StatusNotFound)

	for lang, texts := range map[string][]string{
		"en": {"Battery control", "Running", "4.1.0 → <b>4.1.3</b>", "1 / 3", "Pause", "Failed 1", "12 V too low", "Cars of SW-1"},
		"zh": {"电池控制器", "进行中", "暂停", "失败 1", "失败超过 5% 时停止"},
	} {
		holds(t, lang, r.get(t, "/rollouts?id=SW-1&lang="+lang).body, texts...)
	}
	form := url.Values{"state": {"paused"}, "who": {"Li Na"}}
	want(t, r.form(t, "/rollouts/SW-1/state", form), http.StatusSeeOther)
	if page := r.get(t, "/rollouts?lang=en").body; !strings.Contains(page, "Paused") {
		t.Error("the page does not say that it is paused")
	}
}

// All faults of a roll-out are named by their fields.
func TestRolloutFaults(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	bad := r.do(t, http.MethodPut, "/v1/rollouts/SW-1", `{"title": {"zh": "软件"}, "component": "brake_pads_front",
		"from": ["2", ""], "to": "2", "rings": [10, 5], "pass_share": 2, "halt_share": -1, "min_answers": -1, "hours": 9999}`,
		"Content-Type", "application/json")
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{
		"title", "component", "from[1]", "to", "rings", "rings[1]", "pass_share", "halt_share", "min_answers", "hours",
	} {
		if !strings.Contains(bad.body, field+": ") {
			t.Errorf("the answer does not name %q: %s", field, bad.body)
		}
	}
}

// Cases are counted by route, by API and on the page of figures.
func TestRouteFigures(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	got := decode[struct{ Routes []presage.RouteFigure }](t, r.get(t, "/v1/cases/routes"))
	if len(got.Routes) != 2 || got.Routes[0] != (presage.RouteFigure{Route: presage.RouteOTA, Cases: 6, Mended: 5}) {
		t.Errorf("figures %+v", got)
	}
	want(t, r.get(t, "/v1/cases/routes?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z"), http.StatusUnprocessableEntity)
	page := r.get(t, "/outreach/stages?lang=en").body
	holds(t, "figures", page, "How cases are repaired", "Over the air", "25") // 6 of 24
}
