package presage

import "time"

// PlannedPart is a forecast with the weeks ahead, which its own page shows.
type PlannedPart struct {
	Forecast PartForecast
	Weeks    []DemandStep
}

// PlannedRows are all rows that the plan of one part makes: every level, and the parts
// that it supersedes where some are left.
type PlannedRows struct {
	Part string
	// Unchanged says that the rows are those of the plan before, AsOf apart; Rows is empty.
	Unchanged bool
	Rows      []PlannedPart
}

// PlanPlace names a row of a level of the plan.
type PlanPlace struct{ Part, Region, DepotID string }

// Place is where the forecast stands in its level.
func (f PartForecast) Place() PlanPlace { return PlanPlace{f.Part, f.Region, f.DepotID} }

// NextPlan says which plan is kept, and in the place of which.
type NextPlan struct {
	AsOf time.Time
	// Before is the version of the plan that it replaces, 0 for none.
	Before int64
}

// KeptPlan says what keeping a plan came to.
type KeptPlan struct {
	Version int64 // of the plan kept
	Written int   // rows that are new or say something else
	Removed int   // rows that the plan has no more
}
