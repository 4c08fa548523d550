package policy

import (
	"fmt"
	"math"
	"time"

	"presage"
)

// Version names this policy's arithmetic. Change it with the arithmetic.
const Version = "expected-cost/1"

// Parameters are the costs and shares that a service network chooses.
type Parameters struct {
	VisitCost   presage.Money `json:"visit_cost"`   // the way and the reception, once a visit; default CNY 200
	Annoyance   presage.Money `json:"annoyance"`    // of being asked in at all, once a visit; default CNY 50
	HorizonDays int           `json:"horizon_days"` // the curve covers days 0..HorizonDays; default 60
	HoldOut     float64       `json:"hold_out"`     // share in [0, 1) not contacted, to measure the effect; default 0
}

// DefaultParameters are the defaults that the fields name.
func DefaultParameters() Parameters {
	return Parameters{
		VisitCost:   presage.Money{Minor: 20_000, Currency: "CNY"},
		Annoyance:   presage.Money{Minor: 5_000, Currency: "CNY"},
		HorizonDays: 60,
	}
}

// Need is one component that the visit may serve.
type Need struct {
	Component  presage.ComponentID `json:"component"`
	Status     presage.Status      `json:"status"` // due: must be served; anything else: may join
	Severity   presage.Severity    `json:"severity"`
	FailWithin presage.FailWithin  `json:"fail_within"` // of a service: that it is due by then
	Model      presage.ModelRef    `json:"model"`
	// RemainingDays is the median remaining life, RemainingKm the same in
	// distance: the mileage ahead is in their ratio.
	RemainingDays float64           `json:"remaining_days"`
	RemainingKm   presage.Kilometre `json:"remaining_km"`
	// LeftShare is the share of the whole life that is left today, in [0, 1].
	LeftShare float64       `json:"left_share"`
	Price     presage.Money `json:"price"`
	Breakdown presage.Money `json:"breakdown"`
	// Service: an interval makes it due; that is no failure.
	Service bool `json:"service,omitempty"`
	// LeadDays is when the parts can be at the workshop; 0 when they lie on the shelf.
	LeadDays int `json:"lead_days"`
}

// Input is everything that a decision rests on.
type Input struct {
	VIN        presage.VIN `json:"vin"`
	At         time.Time   `json:"at"`
	Catalogue  string      `json:"catalogue"` // its version
	Parameters Parameters  `json:"parameters"`
	// EarliestDay is the first day with a free slot, counted from At.
	EarliestDay int     `json:"earliest_day"`
	Needs       []Need  `json:"needs"`
	Draw        float64 `json:"draw"` // in [0, 1), see Draw
	// PolicyVersion is of the stored policy that was in force; 0, and absent, for
	// the configuration.
	PolicyVersion int64 `json:"policy_version,omitempty"`
	// OutsidePilot: the vehicle's workshop is not one of the pilot's.
	OutsidePilot bool `json:"outside_pilot,omitempty"`
}

// validate reports the first fault as an ErrInvalid.
func (in Input) validate() error {
	p := in.Parameters
	switch {
	case p.HorizonDays < 1 || p.HorizonDays > 365:
		return fmt.Errorf("%w policy: horizon of %d days, want 1..365", presage.ErrInvalid, p.HorizonDays)
	case p.HoldOut < 0 || p.HoldOut >= 1 || math.IsNaN(p.HoldOut):
		return fmt.Errorf("%w policy: hold-out share %v, want [0, 1)", presage.ErrInvalid, p.HoldOut)
	case in.EarliestDay < 0:
		return fmt.Errorf("%w policy: earliest day %d is in the past", presage.ErrInvalid, in.EarliestDay)
	case p.VisitCost.Currency != p.Annoyance.Currency:
		return fmt.Errorf("%w policy: costs in two currencies", presage.ErrInvalid)
	}
	for _, n := range in.Needs {
		if err := n.validate(p.VisitCost.Currency); err != nil {
			return err
		}
	}
	return nil
}

func (n Need) validate(currency string) error {
	switch {
	case n.Price.Currency != currency || n.Breakdown.Currency != currency:
		return fmt.Errorf("%w policy: %s is priced in %s and %s, the visit in %s",
			presage.ErrInvalid, n.Component, n.Price.Currency, n.Breakdown.Currency, currency)
	case n.LeadDays < 0:
		return fmt.Errorf("%w policy: %s has a lead time of %d days", presage.ErrInvalid, n.Component, n.LeadDays)
	case math.IsNaN(n.LeftShare) || n.LeftShare < 0 || n.LeftShare > 1:
		return fmt.Errorf("%w policy: %s has %v of its life left, want [0, 1]",
			presage.ErrInvalid, n.Component, n.LeftShare)
	case math.IsNaN(n.RemainingDays) || n.RemainingDays < 0:
		return fmt.Errorf("%w policy: %s has %v days left", presage.ErrInvalid, n.Component, n.RemainingDays)
	}
	return nil
}

// defaultLifeDays is taken where neither a wear sensor nor an age tells how
// much of a component's life is behind it.
const defaultLifeDays = 5 * 365.25

// NeedOf builds the need of one prognosed component. The share of life left is
// read from the wear sensor where it counts up to its limit in percent (0 new,
// limit worn out), else it is the median remaining life over age plus
// remaining life, with the age of the vehicle (5 years when unknown).
func NeedOf(p presage.Prognosis, c presage.Component, j presage.Job, age time.Duration, leadDays int) Need {
	rest := math.Max(0, p.RemainingLife.Days.P50)
	lived := age.Hours() / 24
	if lived <= 0 {
		lived = defaultLifeDays
	}
	left := rest / (rest + lived)
	if m := p.Measured; m != nil && c.Model == "wear" && m.Limit > 0 {
		left = 1 - m.Value/m.Limit
	}
	return Need{
		Component: p.Component, Status: p.Status, Severity: c.Severity, FailWithin: p.FailWithin, Model: p.Model,
		RemainingDays: rest, RemainingKm: presage.Kilometre(p.RemainingLife.Km.P50),
		LeftShare: math.Min(1, math.Max(0, left)), Price: j.Price, Breakdown: j.BreakdownCost, LeadDays: leadDays,
		Service: p.ByInterval(),
	}
}
