package presage

import "time"

// Fleet is what an operator registers at once: who and what there is. Rows with
// a known key are replaced, those that are left out stay.
type Fleet struct {
	Depots    []Depot
	Workshops []Workshop
	Customers []Customer
	Devices   []Device // as imports know them
	Vehicles  []Vehicle
	Stock     []Stock
	At        time.Time // when the stock was counted; zero for nobody knows
}

// HealthCount is a number of vehicles with one component in one status.
type HealthCount struct {
	Component ComponentID `json:"component"`
	Status    Status      `json:"status"`
	Vehicles  int         `json:"vehicles"`
}

// Overview is the state of the whole fleet in numbers. What service books tell
// of the years before the first roll-up is neither avoided nor occurred.
type Overview struct {
	Vehicles int               `json:"vehicles"`
	Heard    int               `json:"heard"`     // heard from since the asked time
	Silent   int               `json:"silent"`    // not heard from in time: nothing is known of them
	ByStatus map[Status]int    `json:"by_status"` // vehicles by the worst prognosis of what wears
	Health   []HealthCount     `json:"health"`    // vehicles by component and status
	Cases    map[CaseState]int `json:"cases"`     // cases by state, ended ones too
	Avoided  int               `json:"avoided"`   // findings at a booked visit that confirmed a prognosis
	Occurred int               `json:"occurred"`  // findings "failed": broke down before a visit
	// ServicesDue counts vehicles with something due by an interval, Serviced the
	// services done at booked visits: neither is a failure, nor one avoided.
	ServicesDue int `json:"services_due" doc:"Vehicles with something due by an interval"`
	Serviced    int `json:"serviced" doc:"Services by interval done at booked visits"`
	OpenParts   int `json:"open_parts"` // part and depot pairs that should be ordered now
}
