package presage

import (
	"math"
	"slices"
	"time"
)

// Status is what a prognosis means for the people who look at it.
type Status string

// The statuses. Stale and unknown are never "healthy": silence is not health.
const (
	StatusOK      Status = "ok"
	StatusWatch   Status = "watch"
	StatusDue     Status = "due"
	StatusStale   Status = "stale"   // the data are older than the catalogue allows
	StatusUnknown Status = "unknown" // not enough data to say anything
)

// Urgency orders statuses: due 4, watch 3, stale 2, unknown 1, ok 0. Silence
// ranks above health.
func (s Status) Urgency() int {
	switch s {
	case StatusDue:
		return 4
	case StatusWatch:
		return 3
	case StatusStale:
		return 2
	case StatusUnknown:
		return 1
	case StatusOK:
	}
	return 0
}

// Basis is where a prognosis comes from.
type Basis string

// The bases.
const (
	BasisMeasured Basis = "measured" // a wear signal of this vehicle
	BasisSurvival Basis = "survival" // age and mileage against a population
	BasisClock    Basis = "clock"    // a service interval
	BasisLearned  Basis = "learned"  // a fitted hazard
)

// FailWithin holds the probability of failure within 7, 30, 60 and 90 days of
// the prognosis, each in [0, 1] and never falling with the horizon.
type FailWithin struct {
	D7  float64 `json:"7d"`
	D30 float64 `json:"30d"`
	D60 float64 `json:"60d"`
	D90 float64 `json:"90d"`
}

// By interpolates the probability of failure within the given days by constant
// hazard between the known horizons and, past 90 days, at the last one's hazard.
// It returns 0 for days <= 0.
func (f FailWithin) By(days float64) float64 {
	if days <= 0 || math.IsNaN(days) {
		return 0
	}
	ends, probs := [...]float64{0, 7, 30, 60, 90}, [...]float64{0, f.D7, f.D30, f.D60, f.D90}
	i := 1
	for i < len(ends)-1 && days > ends[i] {
		i++
	}
	h0, h1 := cumulativeHazard(probs[i-1]), cumulativeHazard(probs[i])
	return 1 - math.Exp(-(h0 + (h1-h0)*(days-ends[i-1])/(ends[i]-ends[i-1])))
}

// cumulativeHazard is -log(1-p), kept finite so that a certain failure can be interpolated.
func cumulativeHazard(p float64) float64 {
	return -math.Log1p(-math.Min(p, 1-1e-12))
}

// Quantiles of a distribution: 10 %, 50 %, 90 %.
type Quantiles struct {
	P10 float64 `json:"p10"`
	P50 float64 `json:"p50"`
	P90 float64 `json:"p90"`
}

// RemainingLife is the remaining useful life. Values past 3,650 days or
// 500,000 km are given as those bounds: further out the models know nothing.
type RemainingLife struct {
	Days Quantiles `json:"days"`
	Km   Quantiles `json:"km"`
}

// Term is one thing that moved the estimate, ready for a sentence.
type Term struct {
	Name   string  `json:"name"` // stable key, e.g. "wear_per_1000km"
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"`
	Effect float64 `json:"effect"` // on the 30-day failure probability, signed; 0 when it only informs
}

// ModelRef names the law and its version that made a prognosis.
type ModelRef struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// PathPoint is the predicted course of the measured quantity on one day.
type PathPoint struct {
	Day Day `json:"day"`
	Quantiles
}

// Prognosis is what is known about one component of one vehicle.
type Prognosis struct {
	VIN           VIN           `json:"vin"`
	Component     ComponentID   `json:"component"`
	AsOf          time.Time     `json:"as_of"`
	DataThrough   time.Time     `json:"data_through"` // newest event time that went in
	Status        Status        `json:"status"`
	FailWithin    FailWithin    `json:"fail_within"`
	RemainingLife RemainingLife `json:"remaining_life"`
	Terms         []Term        `json:"terms"`
	Model         ModelRef      `json:"model"`
	Basis         Basis         `json:"basis"`
	// OdometerKm is the newest reading that went in; 0 if none.
	OdometerKm Kilometre `json:"odometer_km,omitempty"`
	// Measured is the newest value of the quantity that wears, with its limit; nil without a sensor.
	Measured *Measured `json:"measured,omitempty"`
	// Path is the predicted course of Measured over the next 90 days, about weekly.
	Path []PathPoint `json:"path,omitempty"`
}

// WorstStatus returns the most urgent status of what wears; unknown for no such
// prognoses. A service that is due by an interval does not make a car ill.
func WorstStatus(ps []Prognosis) Status {
	ps = slices.DeleteFunc(slices.Clone(ps), Prognosis.ByInterval)
	if len(ps) == 0 {
		return StatusUnknown
	}
	worst := StatusOK
	for _, p := range ps {
		if p.Status.Urgency() > worst.Urgency() {
			worst = p.Status
		}
	}
	return worst
}

// Measured is a measured wear quantity against its limit.
type Measured struct {
	Feature string  `json:"feature"` // the roll-up feature it was read from
	Value   float64 `json:"value"`
	Limit   float64 `json:"limit"`
	Unit    string  `json:"unit"`
}

// Rollup condenses the valid readings of one vehicle-day. It is recomputed
// from stored rows whenever its day gains data, so late uploads and repeats
// simply lead to the same roll-up as punctual data.
type Rollup struct {
	VIN     VIN       `json:"vin"`
	Day     Day       `json:"day"`
	Samples int       `json:"samples"`
	First   time.Time `json:"first"`
	Last    time.Time `json:"last"`
	// Features are finite numbers by name; the names and units are the
	// constants of package models. A missing feature was not observed.
	Features map[string]float64 `json:"features"`
}
