package presage

import "math"

// ModelClock is the law of service items: due by days and km since the last service.
const ModelClock = "clock"

// ServiceInterval is after how much a service is due, whichever comes first.
type ServiceInterval struct {
	Days float64   `json:"days,omitempty" yaml:"days"` // 0: not by days
	Km   Kilometre `json:"km,omitempty" yaml:"km"`     // 0: not by distance
}

// Limits are both as numbers, of days and of km; one that is not set never ends.
func (v ServiceInterval) Limits() (days, km float64) {
	days, km = v.Days, float64(v.Km)
	if days <= 0 {
		days = math.Inf(1)
	}
	if km <= 0 {
		km = math.Inf(1)
	}
	return days, km
}

// IsService tells that a calendar or an odometer makes the component due. Nobody
// has looked at its state: that is no failure, and has no probability of one.
func (c Component) IsService() bool { return c.Model == ModelClock }

// Interval is how often a car with powertrain p needs the service; zero for what
// is not served at intervals.
func (c Component) Interval(p Powertrain) ServiceInterval {
	if v, own := c.Intervals[p]; own {
		return v
	}
	return ServiceInterval{Days: c.Params["interval_days"], Km: Kilometre(c.Params["interval_km"])}
}

// ByInterval tells that a service interval made the prognosis, whose FailWithin
// then says when the service is due, not when anything breaks.
func (p Prognosis) ByInterval() bool { return p.Basis == BasisClock }
