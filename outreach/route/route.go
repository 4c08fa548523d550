package route

import (
	"cmp"
	"slices"
	"strconv"

	"presage"
)

// Ask is what a route is chosen by.
type Ask struct {
	Severity presage.Severity
	Stands   bool            // the car stands still and cannot drive
	Allowed  []presage.Route // by all that is to be mended; none: the workshop
	Rollout  *presage.Rollout
	Van      *Van
}

// Van is one that is free in time and comes as far as the car.
type Van struct{ Km presage.Kilometre }

// Choice is a route with its reason.
type Choice struct {
	Route presage.Route
	Why   presage.Reason
}

// Choose chooses the route of a case by what each costs.
func Choose(costs map[presage.Route]presage.RouteCost, a Ask) Choice {
	switch {
	case a.Stands:
		return Choice{presage.RouteRescue, presage.Because(presage.WhyRouteStands)}
	case a.Severity == presage.Safety:
		return Choice{presage.RouteWorkshop, presage.Because(presage.WhyRouteDanger)}
	}
	ways := a.ways(costs)
	if len(ways) == 0 {
		return Choice{presage.RouteWorkshop, presage.Because(presage.WhyRouteOnly)}
	}
	return Choice{ways[0].route, a.because(ways)}
}

// because says why the first of the ways is chosen.
func (a Ask) because(ways []way) presage.Reason {
	var why presage.Reason
	switch best := ways[0]; {
	case best.route == presage.RouteOTA:
		why = presage.Because(presage.WhyRouteSoftware, "rollout", a.Rollout.ID, "version", a.Rollout.To)
	case best.route == presage.RouteMobile:
		why = presage.Because(presage.WhyRouteVan, "km", strconv.FormatFloat(float64(a.Van.Km), 'f', 1, 64))
	case len(ways) > 1:
		why = presage.Because(presage.WhyRouteCheapest)
	default:
		return presage.Because(presage.WhyRouteOnly)
	}
	if len(ways) > 1 {
		next := ways[1]
		why = why.Arg("cost", ways[0].cost.String()).Arg("next", string(next.route)).Arg("next_cost", next.cost.String())
	}
	return why
}

// way is a route that can be had, with its cost.
type way struct {
	route presage.Route
	cost  presage.Money
}

// ways are those that can be had now, the cheapest first; of equals the one of less trouble.
func (a Ask) ways(costs map[presage.Route]presage.RouteCost) []way {
	var ways []way
	for _, r := range presage.Routes() {
		km := presage.Kilometre(0)
		switch {
		case !slices.Contains(a.Allowed, r),
			r == presage.RouteOTA && a.Rollout == nil,
			r == presage.RouteMobile && a.Van == nil:
			continue
		case r == presage.RouteMobile:
			km = a.Van.Km
		}
		ways = append(ways, way{r, costs[r].Over(km)})
	}
	slices.SortStableFunc(ways, func(a, b way) int { return cmp.Compare(a.cost.Minor, b.cost.Minor) })
	return ways
}
