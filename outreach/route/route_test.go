package route_test

import (
	"testing"

	"presage"
	"presage/outreach/route"
)

// The costs are in whole yuan: air 3, van 90 and 6 a kilometre, workshop 200.
func costs() map[presage.Route]presage.RouteCost {
	cny := func(n int64) presage.Money { return presage.Money{Minor: 100 * n, Currency: "CNY"} }
	return map[presage.Route]presage.RouteCost{
		presage.RouteOTA: {Base: cny(3)}, presage.RouteMobile: {Base: cny(90), PerKm: cny(6)},
		presage.RouteWorkshop: {Base: cny(200)},
	}
}

func TestChoose(t *testing.T) {
	t.Parallel()
	air := &presage.Rollout{ID: "SW-1", To: "2.0"}
	van := func(km presage.Kilometre) *route.Van { return &route.Van{Km: km} }
	all := presage.Routes()
	driven := []presage.Route{presage.RouteMobile, presage.RouteWorkshop}
	for _, c := range []struct {
		name string
		ask  route.Ask
		want presage.Route
		why  presage.Reason
	}{
		{"stands still", route.Ask{Stands: true, Allowed: all, Rollout: air}, presage.RouteRescue, presage.Because("route_stands")},
		{
			"danger",
			route.Ask{Severity: presage.Safety, Allowed: all, Rollout: air, Van: van(1)},
			presage.RouteWorkshop,
			presage.Because("route_danger"),
		},
		{
			"software",
			route.Ask{Allowed: all, Rollout: air, Van: van(1)},
			presage.RouteOTA,
			presage.Because("route_software", "rollout", "SW-1", "version", "2.0",
				"cost", "CNY 3.00", "next", "mobile", "next_cost", "CNY 96.00"),
		},
		{
			"no roll-out for its version",
			route.Ask{Allowed: []presage.Route{presage.RouteOTA, presage.RouteWorkshop}},
			presage.RouteWorkshop, presage.Because("route_only"),
		},
		{ // 90 + 108 = 198
			"near",
			route.Ask{Allowed: driven, Van: van(18)},
			presage.RouteMobile,
			presage.Because("route_van", "km", "18.0", "cost", "CNY 198.00", "next", "workshop", "next_cost", "CNY 200.00"),
		},
		{ // 90 + 114 = 204
			"too far to pay",
			route.Ask{Allowed: driven, Van: van(19)},
			presage.RouteWorkshop,
			presage.Because("route_cheapest", "cost", "CNY 200.00", "next", "mobile", "next_cost", "CNY 204.00"),
		},
		{"no van", route.Ask{Allowed: driven}, presage.RouteWorkshop, presage.Because("route_only")},
		{
			"not allowed",
			route.Ask{Allowed: []presage.Route{presage.RouteWorkshop}, Rollout: air, Van: van(1)},
			presage.RouteWorkshop, presage.Because("route_only"),
		},
		{
			"only over the air, and not now",
			route.Ask{Allowed: []presage.Route{presage.RouteOTA}},
			presage.RouteWorkshop, presage.Because("route_only"),
		},
	} {
		got := route.Choose(costs(), c.ask)
		if got.Route != c.want || !got.Why.Equal(c.why) {
			t.Errorf("%s: %s because %v, want %s because %v", c.name, got.Route, got.Why, c.want, c.why)
		}
	}
}
