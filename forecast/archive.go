package forecast

import (
	"time"

	"presage"
)

// ArchivedLaw is a forecast as it was made, kept until its days are over: the
// distributions of the demand within HorizonDays from AsOf on, by model and combined.
// One is kept a week for each part at each depot; its day of AsOf names it.
type ArchivedLaw struct {
	Part        string    `json:"part"`
	DepotID     string    `json:"depot_id"`
	AsOf        time.Time `json:"as_of"`
	HorizonDays int       `json:"horizon_days"`
	// Support are numbers of pieces, ascending; the CDFs are P(demand <= it).
	Support    []int     `json:"support"`
	FleetCDF   []float64 `json:"fleet_cdf"`   // bookings and prognoses
	HistoryCDF []float64 `json:"history_cdf"` // bookings and history
	ModelCDF   []float64 `json:"model_cdf"`   // the two combined: what the planner saw
	// The distributions' means, in pieces.
	FleetMean   float64 `json:"fleet_mean"`
	HistoryMean float64 `json:"history_mean"`
	Mean        float64 `json:"mean"`
	// Override is the planner's mean for the same days, nil for none.
	Override *float64 `json:"override,omitempty"`
}

// ScoredForecast is an archived distribution after its days, with what it was worth.
type ScoredForecast struct {
	presage.PastForecast

	FleetMean   float64 `json:"fleet_mean"`   // pieces
	HistoryMean float64 `json:"history_mean"` // pieces
	// Cross is the integral of (F - 1)(H - 1) beside the scores of F and H
	// alone: with it the score of w F + (1-w) H is known for every w.
	Cross float64 `json:"cross"`
}

// Planned is the plan of one moment.
type Planned struct {
	// Forecasts of every part at every depot, by part and depot, then in every
	// region, by part and region, then everywhere. A superseded part stands
	// only where some is left of it, without a demand: that is its successor's.
	Forecasts []presage.PartForecast
	// Weeks are the weeks ahead of Forecasts[i], 7 days each.
	Weeks [][]presage.DemandStep
	// Distributions of the depots' forecasts, to be archived.
	Laws []ArchivedLaw
}
