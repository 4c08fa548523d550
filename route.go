package presage

import "slices"

// Route is how a case is repaired.
type Route string

// The routes.
const (
	RouteOTA      Route = "ota"      // over the air, without a visit
	RouteMobile   Route = "mobile"   // by a van, where the car stands
	RouteWorkshop Route = "workshop" // at the workshop
	RouteRescue   Route = "rescue"   // the car stands still: it is fetched
)

// Routes are those that a catalogue may allow, from the least trouble to the most.
func Routes() []Route { return []Route{RouteOTA, RouteMobile, RouteWorkshop} }

// In is the route of a case in a state: what is offered, booked or arrived is repaired
// by people.
func (r Route) In(s CaseState) Route {
	if r == RouteOTA && (s == CaseOffered || s == CaseBooked || s == CaseArrived) {
		return RouteWorkshop
	}
	return r
}

// RouteCost is what a route costs everybody together, beside the repair itself.
type RouteCost struct {
	Base  Money `json:"base" yaml:"base"`
	PerKm Money `json:"per_km" yaml:"per_km"` // of the way to the car, as the crow flies
	// Fee is what the customer pays of it, beside the repair.
	Fee Money `json:"fee,omitzero" yaml:"fee"`
}

// Over is the cost of a repair at a distance.
func (c RouteCost) Over(km Kilometre) Money {
	return Money{Minor: c.Base.Minor + int64(float64(c.PerKm.Minor)*float64(km)), Currency: c.Base.Currency}
}

// RoutesOf are the routes by which a component may be repaired: those that it, its job
// and the watch rule that fired have in common. One of these three without routes
// does not count; where none has any, the route is the workshop.
func (c *Catalogue) RoutesOf(id ComponentID, job, rule string) []Route {
	var said [][]Route
	if x, err := c.Component(id); err == nil {
		said = append(said, x.Routes)
	}
	if j, err := c.Job(job); err == nil {
		said = append(said, j.Routes)
	}
	if i := slices.IndexFunc(c.Watch, func(r WatchRule) bool { return r.ID == rule }); i >= 0 {
		said = append(said, c.Watch[i].Routes)
	}
	said = slices.DeleteFunc(said, func(rs []Route) bool { return len(rs) == 0 })
	if len(said) == 0 {
		return []Route{RouteWorkshop}
	}
	return slices.DeleteFunc(Routes(), func(r Route) bool {
		return slices.ContainsFunc(said, func(rs []Route) bool { return !slices.Contains(rs, r) })
	})
}

// Visits tells whether the component may be repaired by people: at a workshop, or by
// a van.
func (c Component) Visits() bool {
	return len(c.Routes) == 0 || slices.Contains(c.Routes, RouteWorkshop) || slices.Contains(c.Routes, RouteMobile)
}

// RouteFigure counts the cases of a route.
type RouteFigure struct {
	Route  Route `json:"route" enum:"ota,mobile,workshop,rescue"`
	Cases  int   `json:"cases"`
	Mended int   `json:"mended" doc:"Of them, that ended with a repair"`
}
