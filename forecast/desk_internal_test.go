package forecast

import (
	"testing"

	"presage"
)

// A figure given for the old number is the new part's, as in the plan; the
// newer of two counts.
func TestOverlayFollowsSupersession(t *testing.T) {
	t.Parallel()
	fs := []presage.PartForecast{
		{Part: "NEW", DepotID: "d1", Advice: presage.ReorderAdvice{Supersedes: []string{"OLD", "OLDER"}}},
		{Part: "OTHER", DepotID: "d1"},
		{Part: "NEW", Region: "north", Advice: presage.ReorderAdvice{Supersedes: []string{"OLD"}}},
	}
	for _, c := range []struct {
		name    string
		inForce []presage.DemandOverride
		want    int64
	}{
		{"the old one's", []presage.DemandOverride{{ID: 1, Part: "OLD", DepotID: "d1"}}, 1},
		{"both", []presage.DemandOverride{{ID: 2, Part: "NEW", DepotID: "d1"}, {ID: 1, Part: "OLD", DepotID: "d1"}}, 2},
		{"the old one's is newer", []presage.DemandOverride{{ID: 2, Part: "NEW", DepotID: "d1"}, {ID: 3, Part: "OLDER", DepotID: "d1"}}, 3},
	} {
		overlay(fs, c.inForce)
		if o := fs[0].Override; o == nil || o.ID != c.want || fs[1].Override != nil || fs[2].Override != nil {
			t.Errorf("%s: %+v", c.name, fs)
		}
	}
}
