package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"presage"
	"presage/api"
)

// What a workshop's hours, bays and technicians may be, and each fault by its place.
func TestFleetHoursAndBays(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) {
		c := *d.REST.Catalogue
		c.Jobs = append(slices.Clone(c.Jobs), presage.Job{Code: "pack", Skill: "hv", Bay: "hv"}, presage.Job{Code: "pads", Bay: "lift"})
		d.REST.Catalogue = &c
	})
	put := func(week, bays, person, more string) answer {
		return r.putFleet(t, fmt.Sprintf(`{"workshops": [{"id": "w-9", "name": {"zh": "店", "en": "Shop"},
			"address": {"zh": "路", "en": "Road"}, "zone": "Europe/Berlin", "depot_id": "d-east", "open_hour": 8, "close_hour": 18,
			"closed_on": [0], "week": %s, "bays": %s, "technicians": [{"id": "w-9-t", "name": "A", "skills": ["hv"], %s}], %s}]}`,
			week, bays, person, more))
	}
	want(t, put(`[{"days": [1, 2, 3, 4, 5], "from": "08:00", "to": "12:00"}, {"days": [1, 2, 3, 4, 5], "from": "13:00", "to": "18:00"}]`,
		`["b1", {"id": "b2", "kinds": ["lift", "hv"]}, {"id": "van", "kinds": ["van"], "radius_km": 30}]`,
		`"level": 3, "certificates": [{"skill": "hv", "until": "2027-05-31"}], "shifts": [{"days": [1, 2], "from": "06:00", "to": "14:00"}]`,
		`"holidays": "DE", "daily_visits": {"all": 12, "wait": 4}, "place": {"lat": 52.5, "lon": 13.4}`), http.StatusOK)
	a := put(`[{"days": [1, 9], "from": "8:00", "to": "12:10"}, {"days": [], "from": "12:00", "to": "12:00"}]`,
		`["b1", {"id": "b1"}, {"id": "b3", "kinds": ["paint", "hv", "hv"], "radius_km": 3}, {"id": "v", "kinds": ["van"]}, {"kinds": ["lift"]}, 7]`,
		`"level": 4, "certificates": [{"skill": "lift", "until": "soon"}, {"skill": "lift", "until": "2027-02-30"}],
			"shifts": [{"days": [1], "from": "12:00", "to": "08:00"}]`,
		`"holidays": "Germany", "daily_visits": {"all": -1}`)
	want(t, a, http.StatusUnprocessableEntity)
	for _, place := range []string{
		"week[0].from", "week[0].to", "week[0].days", "week[1].days", "week[1].to", "bays[1]", "bays[2].kinds[0]", "bays[2].kinds[2]",
		"bays[2].radius_km", "bays[3].radius_km", "bays[4]", "bays[5]", "technicians[0].level",
		"technicians[0].certificates[0].skill", "technicians[0].certificates[0].until", "technicians[0].certificates[1].skill",
		"technicians[0].certificates[1].until", "technicians[0].shifts[0].to", "holidays", "daily_visits.all",
	} {
		if !strings.Contains(a.body, `"body.workshops[0].`+place+`"`) {
			t.Errorf("%s is not named", place)
		}
	}
	a = put(`[{"days": [1], "from": "08:00", "to": "12:00"}, {"days": [1], "from": "11:00", "to": "13:00"}]`, `["b1"]`,
		`"shifts": [{"days": [2], "from": "08:00", "to": "12:00"}]`, `"holidays": "DE"`)
	if want(t, a, http.StatusUnprocessableEntity); !strings.Contains(a.body, "hours overlap at 11:00") {
		t.Errorf("overlapping hours: %s", a.body)
	}
	a = put(`[{"days": [1], "from": "08:00", "to": "12:00"}]`, `["b1"]`,
		`"shifts": [{"days": [2], "from": "08:00", "to": "12:00"}]`, `"holidays": "DE"`)
	if want(t, a, http.StatusUnprocessableEntity); !strings.Contains(a.body, "technicians[0].shifts") {
		t.Errorf("a shift on a closed day: %s", a.body)
	}
	if r.world.Puts != 1 {
		t.Errorf("stored %d times, want once", r.world.Puts)
	}
}

func TestTimesOfAVan(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for query, status := range map[string]int{
		"workshop=w-1&jobs=battery_12v_check&lat=31.2&lon=121.5": http.StatusOK,
		"workshop=w-1&jobs=battery_12v_check&lat=91&lon=121.5":   http.StatusUnprocessableEntity,
		"token=tok-0&lat=31.2&lon=121.5":                         http.StatusUnprocessableEntity,
	} {
		want(t, r.get(t, "/v1/slots/times?day=2026-12-01&"+query), status)
		want(t, r.get(t, "/v1/slots/days?month=2026-12&"+query), status)
	}
}
