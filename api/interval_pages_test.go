package api_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"presage"
	"presage/api"
	"presage/api/web"
)

// dueSince gives the shock absorbers a service interval that is over.
type dueSince struct{ web.Health }

func (h dueSince) PrognosesWithPaths(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := h.Prognoses(ctx, vin)
	for i := range ps {
		if ps[i].Component == presage.ShockAbsorbers {
			ps[i].Basis, ps[i].Status = presage.BasisClock, presage.StatusDue
			ps[i].Terms = []presage.Term{
				{Name: "days_since_service", Value: 377},
				{Name: "km_since_service", Value: 9000},
				{Name: "interval_used", Value: 104},
				{Name: "interval_days", Value: 365},
				{Name: "interval_km", Value: 20000},
			}
		}
	}
	return ps, err
}

// A component that a service interval makes due has no probability of failure on the page.
func TestServiceIntervalsShowNoProbability(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) { d.Web.Health = dueSince{d.Web.Health} })
	prognoses, err := r.world.Prognoses(t.Context(), presage.VIN(vin()))
	if err != nil {
		t.Fatal(err)
	}
	body := r.get(t, "/vehicles/"+vin()+"?lang=en").body
	if got, want := strings.Count(body, `<div class="risks">`), len(prognoses)-1; got != want {
		t.Errorf("%d probabilities, want %d", got, want)
	}
	if !strings.Contains(body, `<span class="label">Service interval</span><b>due for 12 days</b>`) {
		t.Error("the interval is not told")
	}
}

// Neither does it on the way to partners: the answer says how the interval stands.
func TestServiceIntervalsHaveNoProbabilityInTheAPI(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) { d.REST.Health = dueSince{d.REST.Health} })
	var got struct {
		Prognoses []struct {
			Component  presage.ComponentID
			FailWithin *presage.FailWithin `json:"fail_within"`
			Interval   *struct {
				State    presage.Text
				OverDays float64 `json:"over_days"`
				OverKm   float64 `json:"over_km"`
			}
		}
	}
	if err := json.Unmarshal([]byte(r.get(t, "/v1/vehicles/"+vin()+"/health").body), &got); err != nil {
		t.Fatal(err)
	}
	services := 0
	for _, p := range got.Prognoses {
		if p.Interval == nil != (p.FailWithin != nil) {
			t.Errorf("%s: probability %v, interval %v", p.Component, p.FailWithin, p.Interval)
		}
		if p.Interval == nil {
			continue
		}
		services++
		want := presage.Text{ZH: "保养已到期12天", EN: "due for 12 days"}
		if p.Interval.State != want || p.Interval.OverDays != 12 || p.Interval.OverKm != 0 {
			t.Errorf("%s: %+v", p.Component, *p.Interval)
		}
	}
	if services != 1 {
		t.Errorf("%d services, want 1", services)
	}
}
