package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"presage"
)

func TestFreeDaysAndTimes(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, whose := range []string{"workshop=w-1&jobs=brake_pads_front_replace", "token=tok-0", "token=tok-0&workshop=w-2"} {
		m := decode[presage.FreeMonth](t, r.get(t, "/v1/slots/days?month=2026-12&"+whose))
		if len(m.Days) != 31 || m.Days[0].Day != "2026-12-01" || m.Days[0].State != presage.DayFree {
			t.Fatalf("%s: %+v", whose, m)
		}
		times := decode[list[presage.Slot]](t, r.get(t, "/v1/slots/times?day=2026-12-01&"+whose))
		if len(times.Items) != 4 || !times.Items[0].Start.Equal(m.Days[0].First) || times.Next != "" {
			t.Errorf("%s: %+v", whose, times)
		}
	}
	for path, status := range map[string]int{
		"days?month=2026-12":                                http.StatusUnprocessableEntity,
		"days?month=2026-12&workshop=w-1":                   http.StatusUnprocessableEntity,
		"days?month=2026-12&token=tok-0&jobs=x":             http.StatusUnprocessableEntity,
		"days?month=2026-13&token=tok-0":                    http.StatusUnprocessableEntity,
		"times?day=2026-02-30&token=tok-0":                  http.StatusUnprocessableEntity,
		"days?token=tok-0":                                  http.StatusUnprocessableEntity,
		"days?month=2026-12&token=forged":                   http.StatusForbidden,
		"days?month=2026-12&token=old":                      http.StatusGone,
		"times?day=2026-12-01&workshop=none&jobs=whichever": http.StatusNotFound,
	} {
		want(t, r.get(t, "/v1/slots/"+path), status)
	}
}

func TestWorkshopRecordIsChecked(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	put := func(more string) answer {
		return r.do(t, http.MethodPut, "/v1/fleet", fmt.Sprintf(`{"workshops": [{"id": "w-9", "name": {"zh": "店", "en": "Shop"},
			"address": {"zh": "路", "en": "Road"}, "zone": "Europe/Berlin", "depot_id": "d-east", "open_hour": 8, "close_hour": 18,
			"closed_on": [], "bays": ["w-9-b"], "technicians": [{"id": "w-9-t", "name": "A", "skills": []}], %s}]}`, more),
			"Content-Type", "application/json")
	}
	want(t, put(`"phone": "+4930555501", "email": "a@example.org", "place": {"lat": 52.5, "lon": 13.4}, "brands": ["Lumen"],
		"stays": ["wait", "loaner"], "prices": {"brake_pads_front_replace": {"minor": 8900, "currency": "EUR"}}`), http.StatusOK)
	for _, wrong := range []string{
		`"phone": "030 555501"`, `"email": "Shop <a@example.org>"`, `"place": {"lat": 91, "lon": 0}`, `"place": {"lat": 0, "lon": 0}`,
		`"brands": [""]`, `"stays": ["sleep"]`, `"prices": {"none": {"minor": 1, "currency": "EUR"}}`,
		`"prices": {"brake_pads_front_replace": {"minor": -1, "currency": "EUR"}}`,
		`"prices": {"brake_pads_front_replace": {"minor": 1, "currency": "euro"}}`,
	} {
		want(t, put(wrong), http.StatusUnprocessableEntity)
	}
}
