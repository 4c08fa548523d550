package api_test

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api/apitest"
)

// A day shows each visit in the column of its bay or technician, a week how much of
// each day is sold.
func TestBoardPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	for path, parts := range map[string][]string{
		"/workshop?lang=en": {
			`data-visit="` + v.ID + `"`, "/job/" + v.ID, "Part missing", "Bay w-1-b3", `<tr data-time="10:30" class="now">`,
		},
		"/workshop?lang=en&by=technicians": {"Chen Wei <small>", `data-visit="` + v.ID + `"`, "Bay " + v.BayID},
		"/workshop?lang=zh&by=technicians": {"缺件", "当日预约"},
		"/workshop?lang=en&view=week":      {"Load of the week", "20%", "day=2026-11-20"},
		"/workshop?lang=en&id=w-2&day=2026-11-24": {
			`<option value="w-2" selected>`, "Free all day", "day=2026-11-23", "day=2026-11-25",
		},
	} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		for _, part := range parts {
			if !strings.Contains(a.body, part) {
				t.Errorf("%s lacks %q", path, part)
			}
		}
	}
	want(t, r.json(t, "/v1/workshops/w-1/blocks", `{"from": "2026-12-24", "note": "Christmas", "who": "Mia"}`), http.StatusCreated)
	if a := r.get(t, "/workshop?lang=en&day=2026-12-24"); !strings.Contains(a.body, "Nobody works on this day · Christmas") {
		t.Error("a day without work does not say so")
	}
}

// What an advisers' form asks for is done without a script; what cannot be done says
// why beside what was typed, above the board as it is now.
func TestMoveByForm(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	page := r.get(t, "/workshop?lang=en&visit="+v.ID).body
	for _, part := range []string{`id="move"`, `name="visit" value="` + v.ID + `"`, `<option value="` + v.BayID + `" selected>`} {
		if !strings.Contains(page, part) {
			t.Errorf("the form of moves lacks %q", part)
		}
	}
	form := url.Values{
		"id": {"w-1"}, "day": {"2026-11-21"}, "visit": {v.ID}, "on": {"2026-11-24"}, "time": {"09:15"}, "bay": {"w-1-b3"}, "who": {"Mia"},
	}
	a := r.form(t, "/workshop/move", form)
	want(t, a, http.StatusSeeOther)
	if got := r.world.Moves[0]; !got.Start.Equal(time.Date(2026, 11, 24, 1, 15, 0, 0, time.UTC)) || got.BayID != "w-1-b3" || got.Who != "Mia" {
		t.Errorf("moved %+v", got)
	}
	if got := r.get(t, a.Header.Get("Location")).body; !strings.Contains(got, "The visit is changed.") || !strings.Contains(got, "09:15–10:15") {
		t.Errorf("%s does not show the visit at its new time", a.Header.Get("Location"))
	}
	stale := r.form(t, "/workshop/move", form)
	want(t, stale, http.StatusConflict)
	if !strings.Contains(stale.body, "moved or cancelled meanwhile") {
		t.Error("a stale move does not say so")
	}
	for field, bad := range map[string]string{"time": "09:20", "on": "tomorrow", "who": "", "bay": "w-9-b9"} {
		f := maps.Clone(form)
		other := firstVisit(t, r)
		f.Set("visit", other.ID)
		f.Set("note", "typed")
		f.Set(field, bad)
		a := r.form(t, "/workshop/move", f)
		want(t, a, http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, `role="alert"`) || field == "time" && !strings.Contains(a.body, `value="09:20"`) {
			t.Errorf("%s=%s: the form does not say why, or what was typed is gone", field, bad)
		}
	}
}

func TestBlockByForm(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	v := firstVisit(t, r)
	form := url.Values{
		"id": {"w-1"}, "day": {"2026-11-21"}, "resource": {v.BayID}, "from": {"2026-11-21"}, "from_time": {"10:30"},
		"note": {"Lift is serviced"}, "who": {"Mia"},
	}
	met := r.form(t, "/workshop/block", form)
	want(t, met, http.StatusConflict)
	for _, part := range []string{"These visits are in the way", `name="seen" value="` + v.ID + `"`, "Lift is serviced", "/cases/" + v.CaseID} {
		if !strings.Contains(met.body, part) {
			t.Errorf("a block that visits are in the way of lacks %q", part)
		}
	}
	for _, m := range regexp.MustCompile(`name="seen" value="([^"]+)"`).FindAllStringSubmatch(met.body, -1) {
		form.Add("seen", m[1])
	}
	done := r.form(t, "/workshop/block", form)
	want(t, done, http.StatusOK)
	if !strings.Contains(done.body, "What became of the visits") || !strings.Contains(done.body, "Same time, another bay") {
		t.Error("nothing says what became of the visits")
	}
	board := r.get(t, "/workshop?lang=en").body
	block := regexp.MustCompile(`name="block" value="([^"]+)"`).FindStringSubmatch(board)
	if block == nil || !strings.Contains(board, "Lift is serviced") {
		t.Fatal("the day does not show the block")
	}
	back := url.Values{"id": {"w-1"}, "day": {"2026-11-21"}, "block": {block[1]}}
	want(t, r.form(t, "/workshop/unblock", back), http.StatusSeeOther)
	want(t, r.form(t, "/workshop/unblock", back), http.StatusNotFound)
	reads(t, r.get(t, "/workshop?id=w-1&day=2026-11-21&lang=en").body, "Blocks taken back", "Lift is serviced")

	sick := url.Values{"id": {"w-1"}, "day": {"2026-11-21"}, "technician": {v.TechnicianID}, "who": {"Mia"}}
	if a := r.form(t, "/workshop/sick", sick); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "What became of the visits") {
		t.Errorf("a sick call answers %d without what became of the visits", a.StatusCode)
	}
}

func TestWalkIn(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	busy := firstVisit(t, r)
	form := url.Values{
		"id": {"w-1"}, "vin": {strings.ToLower(vin())}, "component": {"brake_pads_front", "battery_12v"}, "note": {"It squeals"}, "who": {"Mia"},
	}
	free := vin()
	if busy.VIN == presage.VIN(free) {
		t.Fatal("the car has a visit")
	}
	a := r.form(t, "/workshop/walk-in", form)
	want(t, a, http.StatusSeeOther)
	if got := r.get(t, a.Header.Get("Location")).body; !strings.Contains(got, "The car is taken in.") {
		t.Error("nothing says that the car is taken in")
	}
	again := r.form(t, "/workshop/walk-in", form)
	want(t, again, http.StatusConflict)
	if !strings.Contains(again.body, "It squeals") || !strings.Contains(again.body, `<option value="battery_12v" selected>`) {
		t.Error("what was typed is gone")
	}
	form.Set("vin", string(apitest.VIN(99999)))
	if a := r.form(t, "/workshop/walk-in", form); a.StatusCode != http.StatusNotFound || !strings.Contains(a.body, "No car is registered under this VIN") {
		t.Errorf("an unknown car answers %d: %.300s", a.StatusCode, a.body)
	}
	body := func(vin, component string) string {
		return `{"vin": "` + vin + `", "components": ["` + component + `"], "who": "Mia"}`
	}
	want(t, r.json(t, "/v1/workshops/w-1/walk-ins", body(string(busy.VIN), "battery_12v")), http.StatusConflict)
	want(t, r.json(t, "/v1/workshops/w-1/walk-ins", body("X", "battery_12v")), http.StatusNotFound)
	want(t, r.json(t, "/v1/workshops/w-1/walk-ins", body(string(busy.VIN), "flux_capacitor")), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/workshops/w-9/walk-ins", body(string(busy.VIN), "battery_12v")), http.StatusNotFound)
}
