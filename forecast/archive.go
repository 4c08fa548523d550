package forecast

import "presage"

// Planned is the plan of one moment.
type Planned struct {
	// Forecasts of every part at every depot, by part and depot, then in every
	// region, by part and region, then everywhere. A superseded part stands
	// only where some is left of it, without a demand: that is its successor's.
	Forecasts []presage.PartForecast
	// Weeks are the weeks ahead of Forecasts[i], 7 days each.
	Weeks [][]presage.DemandStep
	// Distributions of the depots' forecasts, to be archived.
	Archive []presage.ArchivedForecast
}
