package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"presage"
	"presage/api"
	"presage/api/apitest"
)

// pastAndPresent has one case that has ended of each car, and an older one in hand.
type pastAndPresent struct{ *apitest.World }

func (w pastAndPresent) Cases(ctx context.Context, f presage.CaseFilter) ([]presage.Case, error) {
	if f.VIN == "" {
		return w.World.Cases(ctx, f)
	}
	cases := []presage.Case{
		{ID: "c-newer", VIN: f.VIN, State: presage.CaseSuperseded, OpenedAt: now(), UpdatedAt: now()},
		{ID: "c-older", VIN: f.VIN, State: presage.CaseBooked, OpenedAt: now().AddDate(0, 0, -1), UpdatedAt: now()},
	}
	return cases[:min(f.Limit, len(cases))], nil
}

// A list of vehicles shows the case that is in hand, not a newer one that has ended.
func TestListShowsTheCaseInHand(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) { d.Web.Cases = pastAndPresent{apitest.New(3, now())} })
	a := r.get(t, "/vehicles?lang=en")
	want(t, a, http.StatusOK)
	if !strings.Contains(a.body, `href="/cases/c-older"`) || strings.Contains(a.body, "c-newer") {
		t.Error("the list does not show the case in hand")
	}
}
