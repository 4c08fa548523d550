package app

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api"
	"presage/api/apitest"
	"presage/api/apitest/wired"
	"presage/api/explain"
	"presage/forecast"
	"presage/forecast/month"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// plannedWorld is a store with two depots of one region and a plan made anew
// once a week, with one set of brake pads used at each depot every other day.
type plannedWorld struct {
	*httptest.Server

	sql     *sqlstore.Store
	service *forecast.Service
	now     time.Time
	replans int
	ran     forecast.Report // all passes together
}

const (
	padKit  = "BP-F-2041"
	planKey = "a-key-of-the-planner-4711"
)

func newPlannedWorld(t *testing.T) *plannedWorld {
	t.Helper()
	w := &plannedWorld{sql: sqltest.Open(t), now: time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	var err error
	w.service, err = forecast.New(forecast.Default(), forecast.Deps{
		Catalogue: apitest.Catalogue(), Store: forecastStore{w.sql}, Now: clock, Logger: slog.New(slog.DiscardHandler),
	})
	ok(t, err)
	ok(t, w.sql.PutDepots(t.Context(), []presage.Depot{{ID: "d1", Region: "north"}, {ID: "d2", Region: "north"}}))
	ok(t, w.sql.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1", DepotID: "d1"}, {ID: "w2", DepotID: "d2"}}))
	var fleet []presage.Vehicle
	for i := range 2 {
		fleet = append(fleet, presage.Vehicle{VIN: apitest.VIN(i), WorkshopID: fmt.Sprintf("w%d", i+1)})
	}
	ok(t, w.sql.PutVehicles(t.Context(), fleet))
	ok(t, w.sql.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: padKit, OnHand: 500}, {DepotID: "d2", Part: padKit, OnHand: 500}}))
	w.use(t, -140, 0)
	p := forecast.NewDesk(forecastStore{w.sql}, clock, func() { w.replans++ })
	d := wired.Deps(apitest.New(1, w.now))
	d.REST.Parts, d.REST.Overrides, d.REST.Places, d.REST.Now = p, p, w.sql, clock
	d.REST.Month = month.New(month.Deps{
		Store: w.sql, Advice: p, Catalogue: apitest.Catalogue(), Holding: .25, Shortage: .02, Horizon: 30, Now: clock,
	})
	d.Web.Parts, d.Web.Overrides, d.Web.Places, d.Web.Now = p, p, w.sql, clock
	handler, err := api.New(api.Config{AdminKey: planKey}, d)
	ok(t, err)
	w.Server = httptest.NewServer(handler)
	t.Cleanup(w.Close)
	return w
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// use takes a set of pads at each depot every other day of [from, to) from now.
func (w *plannedWorld) use(t *testing.T, from, to int) {
	t.Helper()
	for day := from; day < to; day++ {
		at := w.now.AddDate(0, 0, day)
		if presage.DayOf(at)%2 == 1 {
			continue
		}
		for i := range 2 {
			ok(t, w.sql.FinishBooking(t.Context(), presage.WorkshopResult{
				VIN: apitest.VIN(i), At: at, PartsUsed: []presage.PartQuantity{{Part: padKit, Quantity: 1}},
			}, nil, nil))
		}
	}
}

// plan makes a plan now.
func (w *plannedWorld) plan(t *testing.T) {
	t.Helper()
	r, err := w.service.Run(t.Context())
	ok(t, err)
	w.ran.Scored, w.ran.Archived = w.ran.Scored+r.Scored, w.ran.Archived+r.Archived
}

func ask[T any](t *testing.T, w *plannedWorld, request, body string, status int) (v T) {
	t.Helper()
	method, path, _ := strings.Cut(request, " ")
	req, err := http.NewRequestWithContext(t.Context(), method, w.URL+path, strings.NewReader(body))
	ok(t, err)
	req.Header.Set("Authorization", "Bearer "+planKey)
	ok(t, err)
	req.Header.Set("Content-Type", "application/json")
	resp, err := w.Client().Do(req)
	ok(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	ok(t, err)
	if resp.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, status, text)
	}
	if len(text) > 0 {
		ok(t, json.Unmarshal(text, &v))
	}
	return v
}

// keepsWeeks tells whether each of the eight weeks before is kept, scored and compared with.
func (w *plannedWorld) keepsWeeks(t *testing.T) {
	t.Helper()
	m := ask[presage.PlanMonth](t, w, "GET /v1/parts/month", "", 200)
	if len(m.Weeks) != 9 || presage.DayOf(m.Since) != presage.DayOf(w.now)-7 || len(m.Drivers) == 0 {
		t.Errorf("%d weeks, compared with %v: %+v", len(m.Weeks), m.Since, m.Drivers)
	}
	r := ask[presage.PlanReview](t, w, "GET /v1/parts/review?depot=d1", "", 200)
	// Pads alone are used, 15 in 30 days; four weeks of them are over (-56 to -35 days).
	i := slices.IndexFunc(r.ByHorizon, func(a presage.PlanAccuracy) bool { return a.Of == "30" })
	if i < 0 || r.ByHorizon[i].Pieces != 60 || r.ByHorizon[i].Forecasts%4 != 0 || len(r.ByClass) == 0 {
		t.Errorf("%+v", r)
	}
}

type items[T any] struct{ Items []T }

// The plan of the real service, through the real store, as the API answers it.
func TestPlanningThroughTheStore(t *testing.T) {
	t.Parallel()
	w := newPlannedWorld(t)
	for range 8 { // weeks, so that the first forecasts of 30 days are over
		w.plan(t)
		w.use(t, 0, 7)
		w.now = w.now.AddDate(0, 0, 7)
	}
	w.plan(t)
	if w.ran.Archived == 0 || w.ran.Scored == 0 {
		t.Errorf("%+v, want forecasts archived and scored", w.ran)
	}
	w.keepsWeeks(t)
	type outlook struct {
		presage.PartOutlook
		Explanation []explain.Sentence
	}
	path := "/v1/parts/" + padKit + "/forecast"
	o := ask[outlook](t, w, "GET "+path+"?depot=d1", "", 200)
	// Every other day is 15 in 30 days and 3 or 4 in a week; the record of 139 + 56 days has 27 whole weeks.
	if f := o.Forecast; f.Mean < 12 || f.Mean > 18 || f.Region != "north" || len(o.Weeks) == 0 || len(o.Explanation) < 3 {
		t.Errorf("%v expected, %d weeks ahead, %+v", f.Mean, len(o.Weeks), o.Explanation)
	}
	for _, step := range append(o.Weeks, o.Forecast.Horizons...) {
		if step.StdDev <= 0 || step.Days == o.Forecast.HorizonDays && step.StdDev != o.Forecast.StdDev {
			t.Errorf("%d days: standard deviation %v beside the forecast's %v", step.Days, step.StdDev, o.Forecast.StdDev)
		}
	}
	if len(o.History) != 27 {
		t.Errorf("%d weeks of history, want 27", len(o.History))
	}
	for _, h := range o.History {
		if h.Pieces < 3 || h.Pieces > 4 {
			t.Errorf("%d pieces in the week from %s", h.Pieces, h.From)
		}
	}
	if len(o.Past) == 0 || len(o.Accuracy) == 0 || o.Past[0].Actual != 15 {
		t.Errorf("past %+v, accuracy %+v", o.Past, o.Accuracy)
	}
	north := ask[outlook](t, w, "GET "+path+"?region=north", "", 200)
	if len(north.Past) != 2*len(o.Past) || north.Forecast.Mean < 1.9*o.Forecast.Mean || north.History[0].Pieces != 2*o.History[0].Pieces {
		t.Errorf("the region: %d past, mean %v, first week %d", len(north.Past), north.Forecast.Mean, north.History[0].Pieces)
	}
	ask[any](t, w, "GET "+path+"?region=west", "", 404)
	for _, f := range []presage.ForecastFilter{{Part: padKit, DepotID: "d1"}, {Part: padKit, Region: "north"}, {Part: padKit, Region: "west"}} {
		p := forecast.NewDesk(forecastStore{w.sql}, func() time.Time { return w.now }, nil)
		sums, err := p.PlanAccuracy(t.Context(), f)
		ok(t, err)
		want := map[string]int{"": len(o.Past), "north": 2 * len(o.Past), "west": 0}[f.Region]
		if got := append(sums, presage.ForecastAccuracy{})[0].Forecasts; got != want {
			t.Errorf("%+v: accuracy of %d forecasts, want %d", f, got, want)
		}
	}
	for filter, places := range map[string]int{"": 2, "&region=north": 2, "&level=region": 1, "&level=all": 1, "&depot=d2": 1} {
		fs := ask[items[presage.PartForecast]](t, w, "GET /v1/parts/forecast?part="+padKit+filter, "", 200).Items
		if len(fs) != places {
			t.Errorf("%q: %d forecasts, want %d", filter, len(fs), places)
		}
	}
}

// What a planner decides is there at once, and the next plan follows it.
func TestOverrideThroughTheStore(t *testing.T) {
	t.Parallel()
	w := newPlannedWorld(t)
	w.plan(t)
	until := presage.DayOf(w.now) + 20
	input := fmt.Sprintf(`{"part":%q,"depot_id":"d1","mean":6000,"days":30,"until":%q,"by":"Li","why":"recall"}`, padKit, until)
	o := ask[presage.DemandOverride](t, w, "POST /v1/parts/overrides", input, 201)
	read := func() (presage.PartForecast, presage.ReorderRow) {
		query := "?part=" + padKit + "&depot=d1"
		fs := ask[items[presage.PartForecast]](t, w, "GET /v1/parts/forecast"+query, "", 200).Items
		rows := ask[items[presage.ReorderRow]](t, w, "GET /v1/parts/reorder"+query+"&all=true", "", 200).Items
		if len(fs) != 1 || len(rows) != 1 {
			t.Fatalf("%d forecasts, %d rows", len(fs), len(rows))
		}
		return fs[0], rows[0]
	}
	before, row := read()
	if before.Override == nil || before.Override.ID != o.ID || row.Override == nil || before.OrderNow != 0 || w.replans != 1 {
		t.Errorf("before the next plan: %+v, %d plans asked for", before, w.replans)
	}
	w.plan(t)
	after, row := read()
	if after.OrderNow == 0 || row.OrderNow != after.OrderNow || row.Reason.EN == "" || after.Mean != before.Mean || after.Override.Mean != 6000 {
		t.Errorf("the model's %v stays %v; order %d", before.Mean, after.Mean, after.OrderNow)
	}
	ask[any](t, w, fmt.Sprintf("DELETE /v1/parts/overrides/%d?by=Wu", o.ID), "", 204)
	ask[any](t, w, fmt.Sprintf("DELETE /v1/parts/overrides/%d?by=Wu", o.ID), "", 409)
	if f, _ := read(); f.Override != nil || w.replans != 2 {
		t.Errorf("withdrawn, yet %+v is in force; %d plans asked for", f.Override, w.replans)
	}
	kept := ask[items[presage.DemandOverride]](t, w, "GET /v1/parts/overrides", "", 200).Items
	if len(kept) != 1 || kept[0].WithdrawnBy != "Wu" || !kept[0].CreatedAt.Equal(w.now) {
		t.Errorf("%+v", kept)
	}
}
