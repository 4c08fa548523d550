package models

import (
	"fmt"
	"slices"

	"presage"
)

// routes checks the allowed ways to mend of one row.
func (f *faults) routes(c *presage.Catalogue, row string, rs []presage.Route) {
	for i, r := range rs {
		f.check(slices.Contains(presage.Routes(), r), row,
			fmt.Sprintf("routes[%d] %q: want ota, mobile or workshop", i, string(r)))
		f.check(!slices.Contains(rs[:i], r), row, fmt.Sprintf("routes[%d] %q: it is there twice", i, string(r)))
		_, priced := c.RouteCosts[r]
		f.check(priced || !slices.Contains(presage.Routes(), r), row,
			fmt.Sprintf("routes[%d] %q: route_costs lacks it", i, string(r)))
	}
}

// routeCosts checks what each route costs.
func (f *faults) routeCosts(c *presage.Catalogue) {
	var currency string
	for _, r := range append(presage.Routes(), presage.RouteRescue) {
		x, priced := c.RouteCosts[r]
		if !priced {
			continue
		}
		row := "route_costs " + string(r)
		f.check(x.Base.Minor >= 0 && x.PerKm.Minor >= 0, row, "amounts must not be negative")
		f.check(x.Base.Currency != "", row, "base: currency is missing")
		f.check(x.PerKm.Minor == 0 || x.PerKm.Currency == x.Base.Currency, row, "per_km: another currency than base")
		if currency == "" {
			currency = x.Base.Currency
		}
		f.check(x.Fee.Minor >= 0, row, "fee: it must not be negative")
		f.check(x.Fee.Minor == 0 || x.Fee.Currency == currency, row, "fee: another currency than base")
		f.check(x.Base.Currency == currency, row, "base: another currency than the routes before")
	}
	for r := range c.RouteCosts {
		f.check(slices.Contains(presage.Routes(), r) || r == presage.RouteRescue, "route_costs "+string(r),
			"want ota, mobile, workshop or rescue")
	}
}
