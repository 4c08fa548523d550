package rescue_test

import (
	"testing"

	"presage"
	"presage/outreach/rescue"
)

// The car stands 23.2 km from berlin, 3.5 from babelsberg and 1.8 from potsdam, by the
// spherical law of cosines in Python.
func TestChoose(t *testing.T) {
	t.Parallel()
	car := &presage.Place{Lat: 52.42, Lon: 13.10}
	at := func(id string, lat, lon float64) presage.Workshop {
		return presage.Workshop{ID: id, Place: &presage.Place{Lat: lat, Lon: lon}, Bays: presage.PlainBays(id + "-1")}
	}
	berlin, potsdam, babelsberg := at("berlin", 52.52, 13.40), at("potsdam", 52.41, 13.08), at("babelsberg", 52.40, 13.06)
	potsdam.Brands = []string{"Norvik"}
	babelsberg.Bays = []presage.Bay{{ID: "b1", Kinds: []string{"lift"}}}
	unplaced, far := presage.Workshop{ID: "unplaced"}, at("far", 48.1, 11.6)
	all := []presage.Workshop{unplaced, far, berlin, potsdam, babelsberg}
	twin := at("aaa", 52.52, 13.40)
	for name, c := range map[string]struct {
		need rescue.Need
		all  []presage.Workshop
		want string
		why  presage.Reason
		km   bool
	}{
		"the nearest of its make": {
			rescue.Need{Within: 150, Make: "Norvik", Place: car, Own: "berlin"},
			all, "potsdam",
			presage.Because("rescue_nearest", "workshop", "potsdam", "km", "1.8"), true,
		},
		"another make": {
			rescue.Need{Within: 150, Make: "Aurora", Place: car, Own: "berlin"},
			all, "babelsberg",
			presage.Because("rescue_nearest", "workshop", "babelsberg", "km", "3.5"), true,
		},
		"no bay for the job": {
			rescue.Need{Within: 150, Make: "Aurora", Place: car, Own: "unplaced", Bays: []string{"hv"}},
			all, "berlin",
			presage.Because("rescue_nearest", "workshop", "berlin", "km", "23.2"), true,
		},
		"as near: by ID": {
			rescue.Need{Within: 150, Place: car, Own: "berlin"},
			[]presage.Workshop{berlin, twin},
			"aaa",
			presage.Because("rescue_nearest", "workshop", "aaa", "km", "23.2"), true,
		},
		"nobody knows where": {
			rescue.Need{Within: 150, Own: "berlin"}, all, "berlin", presage.Because("rescue_own", "workshop", "berlin"), false,
		},
		"all too far": {
			rescue.Need{Within: 150, Place: car, Own: "far"},
			[]presage.Workshop{far},
			"far",
			presage.Because("rescue_own", "workshop", "far"), true,
		},
	} {
		got, found := rescue.Choose(c.need, c.all)
		if !found || got.Workshop.ID != c.want || !got.Why.Equal(c.why) || (got.Km != nil) != c.km {
			t.Errorf("%s: %s because %v, want %s because %v", name, got.Workshop.ID, got.Why, c.want, c.why)
		}
	}
	if _, found := rescue.Choose(rescue.Need{Within: 150, Own: "gone"}, all); found {
		t.Error("a partner is found where there is none")
	}
}
