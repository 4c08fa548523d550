package api_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api/apitest"
)

// vin is the world's first vehicle.
func vin() string { return string(apitest.VIN(42)) }

func decode[T any](t *testing.T, a answer) T {
	t.Helper()
	want(t, a, http.StatusOK)
	var v T
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%s: %v", a.Request.URL.Path, err)
	}
	return v
}

type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

func TestRoutesAnswer(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, path := range []string{
		"/v1/overview", "/v1/vehicles", "/v1/vehicles?status=due&q=lumen&limit=3", "/v1/vehicles/" + vin(),
		"/v1/vehicles/" + vin() + "/health", "/v1/vehicles/" + vin() + "/series?feature=pad_wear_front_pct&days=30",
		"/v1/cases", "/v1/cases?state=open", "/v1/cases/K001000", "/v1/bookings", "/v1/messages", "/v1/parts/forecast",
		"/v1/slots?workshop=w-1&jobs=brake_pads_front_replace,battery_12v_replace", "/v1/dead-letters?reason=future_time",
	} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		if !json.Valid([]byte(a.body)) || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: %s, want JSON", path, a.Header.Get("Content-Type"))
		}
	}
}

func TestVehiclesPageByPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	seen, after := map[presage.VIN]bool{}, ""
	for range 40 {
		p := decode[list[presage.Vehicle]](t, r.get(t, "/v1/vehicles?limit=7&after="+after))
		for _, v := range p.Items {
			seen[v.VIN] = true
		}
		if after = p.Next; after == "" {
			break
		}
	}
	if len(seen) != fleetSize {
		t.Errorf("%d vehicles over all pages, want %d", len(seen), fleetSize)
	}
}

// What a vehicle runs is told of it, on its page too; who has not said has no field.
func TestSoftwareOfAVehicle(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	vins := decode[list[presage.Vehicle]](t, r.get(t, "/v1/vehicles?limit=2")).Items
	for i, version := range []string{"4.1.0", ""} {
		at := "/vehicles/" + string(vins[i].VIN)
		got := decode[struct{ Software string }](t, r.get(t, "/v1"+at))
		shown := strings.Contains(r.get(t, at+"?lang=en").body, "<dt>Software</dt><dd>4.1.0</dd>")
		if got.Software != version || shown != (version != "") {
			t.Errorf("vehicle %d runs %q, on its page: %v", i, got.Software, shown)
		}
	}
}

func TestHealthTellsSilence(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	type health struct {
		Prognoses []presage.Prognosis `json:"prognoses"`
		Silent    float64             `json:"silent_hours"`
		Status    presage.Status      `json:"status"`
	}
	h := decode[health](t, r.get(t, "/v1/vehicles/"+vin()+"/health"))
	v := decode[presage.Vehicle](t, r.get(t, "/v1/vehicles/"+vin()))
	if silent := now().Sub(v.LastSeen).Hours(); h.Silent != silent || len(h.Prognoses) < 5 {
		t.Errorf("silent for %v h with %d prognoses, want %v h", h.Silent, len(h.Prognoses), silent)
	}
}

func TestErrorKindsAndStatuses(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		err    error
		status int
	}{
		{presage.ErrInvalid, 422},
		{presage.ErrNotFound, 404},
		{presage.ErrConflict, 409},
		{presage.ErrForbidden, 403},
		{presage.ErrExpired, 410},
		{presage.ErrUnavailable, 503},
		{errors.New("secret of the store"), 500},
	} {
		r := start(t, nil)
		r.world.Err = fmt.Errorf("read: %w", x.err)
		a := r.get(t, "/v1/vehicles")
		want(t, a, x.status)
		var p struct {
			Status        int
			Title, Detail string
		}
		if err := json.Unmarshal([]byte(a.body), &p); err != nil || p.Status != x.status || p.Title == "" {
			t.Errorf("%v: %s is no problem document", x.err, a.body)
		}
		if strings.Contains(a.body, "secret") {
			t.Errorf("an unknown error's text went out: %s", a.body)
		}
		want(t, r.get(t, "/vehicles"), x.status)
	}
}

func TestBadRequests(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, path := range []string{
		"/v1/vehicles?limit=0", "/v1/vehicles?limit=501", "/v1/vehicles?status=fine", "/v1/vehicles/NOTAVIN",
		"/v1/cases?state=lost", "/v1/slots?workshop=w-1", "/v1/vehicles/" + vin() + "/series",
		"/v1/slots?workshop=w-1&jobs=x&to=2020-01-01T00:00:00Z",
	} {
		a := r.get(t, path)
		want(t, a, http.StatusUnprocessableEntity)
		if a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %s", path, a.Header.Get("Content-Type"))
		}
	}
	want(t, r.get(t, "/v1/nothing"), http.StatusNotFound)
	want(t, r.get(t, "/v1/cases/none"), http.StatusNotFound)
	want(t, r.json(t, "/v1/vehicles", "{}"), http.StatusMethodNotAllowed)
	want(t, r.json(t, "/v1/bookings", `{"slot_id":"s"}`), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/bookings", `{"slot_id":"s","token":"forged"}`), http.StatusForbidden)
	want(t, r.json(t, "/v1/bookings", `{"slot_id":"s","token":"old"}`), http.StatusGone)
	want(t, r.json(t, "/v1/bookings", `{"slot_id":"sold","case_id":"K001000"}`), http.StatusConflict)
}

// TestFromSlotToResult books, arrives and reports over the API.
func TestFromSlotToResult(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=offered")).Items[0]
	slots := decode[list[presage.Slot]](t, r.get(t, "/v1/slots?jobs=brake_pads_front_replace&workshop="+c.WorkshopID)).Items
	a := r.json(t, "/v1/bookings", fmt.Sprintf(`{"case_id":%q,"slot_id":%q}`, c.ID, slots[2].ID))
	want(t, a, http.StatusCreated)
	var b presage.Booking
	if err := json.Unmarshal([]byte(a.body), &b); err != nil || !b.Start.Equal(slots[2].Start) {
		t.Fatalf("booked %s: %v", a.body, err)
	}
	want(t, r.json(t, "/v1/bookings", fmt.Sprintf(`{"case_id":%q,"slot_id":%q,"visit":""}`, c.ID, slots[1].ID)), http.StatusConflict)
	want(t, r.json(t, "/v1/bookings/"+b.ID+"/arrive", ""), http.StatusOK)
	want(t, r.json(t, "/v1/bookings/"+b.ID+"/arrive", ""), http.StatusConflict)
	result := fmt.Sprintf(`{"booking_id":%q,"vin":%q,"at":"2026-11-21T02:30:00Z","odometer_km":41200,
		"findings":[{"component":"brake_pads_front","outcome":"confirmed","replaced":true,"measured":96.5}]}`, b.ID, c.VIN)
	want(t, r.json(t, "/v1/results", strings.Replace(result, "brake_pads_front", "wings", 1)), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/results", strings.Replace(result, `"confirmed"`, `"perhaps"`, 1)), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/results", result), http.StatusCreated)
	if n := len(r.world.Results); n != 1 || *r.world.Results[0].Findings[0].Measured != 96.5 {
		t.Errorf("%d results recorded: %+v", n, r.world.Results)
	}
	if got := decode[presage.Booking](t, r.get(t, "/v1/bookings/"+b.ID)); got.State != presage.BookingDone {
		t.Errorf("booking is %s, want done", got.State)
	}
}

// TestActOnACase is what a person may do with a case, and what is wrong with a wish.
func TestActOnACase(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=escalated")).Items[0]
	path := "/v1/cases/" + c.ID + "/actions"
	for body, fields := range map[string][]string{
		`{}`:                                    {"body.action", "body.who"},
		`{"action":"praised","who":"Mia"}`:      {"body.action"},
		`{"action":"called","who":"Mia"}`:       {"body.outcome"},
		`{"action":"answered","who":" "}`:       {"body.who", "body.note"},
		`{"action":"snoozed","who":"Mia"}`:      {"body.until"},
		`{"action":"assigned","who":"Mia"}`:     {"body.owner"},
		`{"action":"repaired","who":"Mia"}`:     {"body.on"},
		`{"action":"closed","who":"M\u001b[2"}`: {"body.who", "body.note"},
	} {
		a := r.json(t, path, body)
		want(t, a, http.StatusUnprocessableEntity)
		for _, field := range fields {
			if !strings.Contains(a.body, `"`+field+`"`) {
				t.Errorf("%s: %s is not named: %s", body, field, a.body)
			}
		}
	}
	want(t, r.json(t, path, `{"action":"called","who":"Mia","outcome":"no_answer","note":"tomorrow"}`), http.StatusOK)
	want(t, r.json(t, path, `{"action":"closed","who":"Mia","note":"sold abroad"}`), http.StatusOK)
	want(t, r.json(t, path, `{"action":"closed","who":"Mia","note":"sold abroad"}`), http.StatusConflict)
	want(t, r.json(t, "/v1/cases/none/actions", `{"action":"declined","who":"Mia"}`), http.StatusNotFound)
	if got := r.world.Actions; len(got) != 2 || got[0].Call != presage.CallNoAnswer || got[0].Note != "tomorrow" || got[0].CaseID != c.ID {
		t.Errorf("done %+v", got)
	}
}

func TestResultFaultsAllAtOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	body := fmt.Sprintf(`{"vin":%q,"at":"1900-01-01T00:00:00Z","odometer_km":1,"note":"a\u0000","findings":[
		{"component":"brake_pads_front","outcome":"confirmed","replaced":true,"measured":-5},
		{"component":"wings","outcome":"confirmed","replaced":true}],
		"parts_used":[{"part":"BP-F-2041","quantity":0},{"part":"a\u0000","quantity":1}]}`, vin())
	a := r.json(t, "/v1/results", body)
	want(t, a, http.StatusUnprocessableEntity)
	for _, place := range []string{
		"at", "note", "findings[0].measured", "findings[1].component", "parts_used[0].quantity", "parts_used[1].part",
	} {
		if !strings.Contains(a.body, `"body.`+place+`"`) {
			t.Errorf("%s is not named: %s", place, a.body)
		}
	}
	unknown := strings.Replace(body, vin(), string(apitest.VIN(777777)), 1)
	want(t, r.json(t, "/v1/results", unknown), http.StatusNotFound)
	if len(r.world.Results) != 0 {
		t.Error("a result with faults was recorded")
	}
}

func TestCancelBooking(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := decode[list[presage.Booking]](t, r.get(t, "/v1/bookings")).Items
	for _, x := range b {
		if x.State == presage.BookingConfirmed {
			want(t, r.json(t, "/v1/bookings/"+x.ID+"/cancel", `{}`), http.StatusUnprocessableEntity)
			got := decode[presage.Booking](t, r.json(t, "/v1/bookings/"+x.ID+"/cancel", `{"why":"customer called"}`))
			if got.State != presage.BookingCancelled {
				t.Errorf("booking is %s, want cancelled", got.State)
			}
			return
		}
	}
	t.Fatal("the world has no confirmed booking")
}

func TestForecastAsCSV(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, a := range []answer{r.get(t, "/v1/parts/forecast", "Accept", "text/csv"), r.get(t, "/parts/forecast.csv")} {
		want(t, a, http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
		if err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
			t.Fatalf("%s: %v", a.Header.Get("Content-Type"), err)
		}
		if len(rows) != 1+7*3 { // the header, 7 parts at 3 depots
			t.Errorf("%d lines, want 22", len(rows))
		}
		if rows[0][0] != "part" || rows[0][8] != "q0.1" || rows[1][2] != "Front brake pads kit" {
			t.Errorf("columns %v, first line %v", rows[0], rows[1])
		}
	}
	j := decode[list[presage.PartForecast]](t, r.get(t, "/v1/parts/forecast?depot=d-east"))
	if len(j.Items) != 7 {
		t.Errorf("%d forecasts at one depot, want 7", len(j.Items))
	}
}

func TestDeadLettersHideVINs(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, path := range []string{"/v1/dead-letters", "/data"} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		if strings.Contains(a.body, vin()) {
			t.Errorf("%s shows a whole VIN", path)
		}
	}
	type letter struct {
		Times    int       `json:"times"`
		Received time.Time `json:"received"`
		Last     time.Time `json:"last_received"`
	}
	page := decode[struct{ Items []letter }](t, r.get(t, "/v1/dead-letters"))
	if l := page.Items[3]; l.Times != 4 || l.Last.Sub(l.Received) != 3*time.Minute { // as apitest made it
		t.Errorf("the fourth letter: %+v", l)
	}
	if page := r.get(t, "/data?lang=en").body; !strings.Contains(page, "4 times, last ") {
		t.Error("the page does not say how often a letter came")
	}
	a := r.json(t, "/v1/dead-letters/redrive", `{"reason":"malformed_json"}`)
	if got := decode[struct{ Accepted int }](t, a); got.Accepted != 2 {
		t.Errorf("%d driven again, want 2", got.Accepted)
	}
}

// The first vehicle of the test world has an alert that stands, the second one
// had one.
func TestAlerts(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	type list struct {
		Items []presage.Alert `json:"items"`
	}
	standing := decode[list](t, r.get(t, "/v1/alerts")).Items
	if len(standing) != 1 || standing[0].Rule != "insulation_lost" || standing[0].Tell.ZH == "" {
		t.Errorf("alerts that stand: %+v", standing)
	}
	if all := decode[list](t, r.get(t, "/v1/alerts?firing=false")).Items; len(all) != 2 || all[1].ClearedAt.IsZero() {
		t.Errorf("all alerts: %+v", all)
	}
	vin := string(standing[0].VIN)
	if a := r.get(t, "/v1/alerts?vin=nonsense"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a wrong VIN answers %d", a.StatusCode)
	}
	h := decode[struct{ Alerts []presage.Alert }](t, r.get(t, "/v1/vehicles/"+vin+"/health"))
	if len(h.Alerts) != 1 || h.Alerts[0].ID != standing[0].ID {
		t.Errorf("health of the vehicle: %+v", h.Alerts)
	}
	for page, wants := range map[string][]string{
		"/?lang=zh": {"实时告警", "高压绝缘失效"}, "/?lang=en": {"Alerts", "High-voltage insulation lost"},
		"/vehicles/" + vin + "?lang=en": {"High-voltage insulation lost", "Measure the insulation"},
	} {
		body := r.get(t, page).body
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not show %q", page, want)
			}
		}
	}
}

// TestDoubtfulResult is asked about, and kept once somebody says that it is right.
func TestDoubtfulResult(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	body := fmt.Sprintf(`{"vin":%q,"at":"2026-11-21T02:30:00Z","odometer_km":41200,"minutes":45,"fixed_first_time":true,"who":"Li Na",
		"findings":[{"component":"brake_pads_front","outcome":"other_cause","cause":"seized caliper","replaced":true}],
		"parts_used":[{"part":"SA-F-3310","quantity":1}]}`, vin())
	a := r.json(t, "/v1/results", body)
	want(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, `"body.parts_used[0].part"`) || !strings.Contains(a.body, "confirmed_by") {
		t.Errorf("the answer does not say how to go on: %s", a.body)
	}
	want(t, r.json(t, "/v1/results", strings.Replace(body, `"cause":"seized caliper",`, "", 1)), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/results", strings.Replace(body, `"minutes"`, `"confirmed_by":"Li Na","minutes"`, 1)), http.StatusCreated)
	if n := len(r.world.Results); n != 1 || r.world.Results[0].ConfirmedBy != "Li Na" || len(r.world.Results[0].Doubts) != 1 {
		t.Errorf("recorded %+v", r.world.Results)
	}
}
