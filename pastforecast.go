package presage

import "time"

// PastForecast is a forecast as it was made, and what came.
type PastForecast struct {
	Part        string    `json:"part"`
	DepotID     string    `json:"depot_id"`
	AsOf        time.Time `json:"as_of"`
	HorizonDays int       `json:"horizon_days"`
	Mean        float64   `json:"mean"` // pieces
	P10         float64   `json:"p10"`
	P50         float64   `json:"p50"`
	P90         float64   `json:"p90"`
	Override    *float64  `json:"override,omitempty"` // the planner's mean for the same days
	Actual      int       `json:"actual"`             // pieces used within the horizon
	RPS         float64   `json:"rps"`                // ranked probability score of the combined distribution, pieces
	FleetRPS    float64   `json:"fleet_rps"`          // of the fleet's distribution alone
	HistoryRPS  float64   `json:"history_rps"`        // of the history's distribution alone
}

// ForecastAccuracy sums up past forecasts.
type ForecastAccuracy struct {
	Of        string  `json:"of"` // "model", "fleet", "history" or "planner"
	Forecasts int     `json:"forecasts"`
	Bias      float64 `json:"bias"`         // (sum of means - sum of actuals) / sum of actuals; 0 without demand
	MAE       float64 `json:"mae"`          // of the mean, pieces
	RPS       float64 `json:"rps,omitzero"` // pieces; none for the planner, who gives no law
	Inside80  float64 `json:"inside_80"`    // share of actuals from P10 to P90; the model's
}

// ArchivedForecast is a forecast as it was made, kept until its days are over: the
// distributions of the demand within HorizonDays from AsOf on, by model and combined.
// One is kept a week for each part at each depot; its day of AsOf names it.
type ArchivedForecast struct {
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

// ScoredForecast is an archived forecast after its days, with what it was worth.
type ScoredForecast struct {
	PastForecast

	FleetMean   float64 `json:"fleet_mean"`   // pieces
	HistoryMean float64 `json:"history_mean"` // pieces
	// Cross is the integral of (F - 1)(H - 1) beside the scores of F and H
	// alone: with it the score of w F + (1-w) H is known for every w.
	Cross float64 `json:"cross"`
}

// ScoreFilter selects scored forecasts; zero fields select all.
type ScoreFilter struct {
	Part    string
	DepotID string
	Since   Day // forecasts made on this day or later
}
