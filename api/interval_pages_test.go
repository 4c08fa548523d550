package api_test

import (
	"context"
	"strings"
	"testing"

	"presage"
	"presage/api"
	"presage/api/web"
)

// dueSince gives the shock absorbers a service interval that is over.
type dueSince struct{ web.Health }

func (h dueSince) Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error) {
	ps, err := h.Health.Prognoses(ctx, vin)
	for i := range ps {
		if ps[i].Component == presage.ShockAbsorbers {
			ps[i].Basis, ps[i].Terms = presage.BasisClock, []presage.Term{{Name: "interval_used", Value: 104}}
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
	if !strings.Contains(body, `<span class="label">Service interval</span><b>due now</b>`) {
		t.Error("the interval is not told")
	}
}
