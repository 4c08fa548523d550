package presage

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// PartForecast is the demand for one part at one level (a depot, a region or
// everywhere) over the horizon. Upper levels are sums over their depots: means
// add up exactly, quantiles are those of the sum.
type PartForecast struct {
	Part        string    `json:"part"`
	DepotID     string    `json:"depot_id"` // empty for a region and for everywhere
	Region      string    `json:"region"`   // of the depot; empty for everywhere
	AsOf        time.Time `json:"as_of"`
	HorizonDays int       `json:"horizon_days"`
	// Class is that of the weekly record: smooth, erratic, intermittent, lumpy, or new
	// without a record; empty above a depot.
	Class     string             `json:"class,omitempty"`
	Mean      float64            `json:"mean"`      // pieces
	StdDev    float64            `json:"std_dev"`   // pieces
	Quantiles map[string]float64 `json:"quantiles"` // "0.1" ... "0.99", whole pieces
	Drivers   []DemandDriver     `json:"drivers"`   // their means add up to Mean
	// Horizons is the demand within each of the planned numbers of days,
	// ascending; the one of HorizonDays says what Mean and Quantiles say.
	Horizons []DemandStep `json:"horizons,omitempty"`
	// FleetWeight, in [0, 1], is the share of the prognoses in the law of what
	// is not booked; the rest is the history's.
	FleetWeight float64 `json:"fleet_weight"`
	// Override is the planner's figure in force. Mean, Quantiles and Drivers
	// stay the model's; the reorder advice follows the planner.
	Override *DemandOverride `json:"override,omitempty"`
	Stock    Stock           `json:"stock"`
	// ReorderPoint is the stock level (on hand + on order - reserved for
	// bookings) below which to order, for the configured service over the lead time.
	ReorderPoint int           `json:"reorder_point"`
	OrderNow     int           `json:"order_now"` // pieces, a multiple of the pack size; 0 for none
	Advice       ReorderAdvice `json:"advice"`
}

// AtHorizon turns a forecast to another of its planned numbers of days: Mean,
// StdDev, Quantiles, Drivers and HorizonDays are that horizon's; stock and
// advice stay. 0 days leave the forecast as it is; days that are not planned
// are an ErrInvalid that lists those that are.
func (f PartForecast) AtHorizon(days int) (PartForecast, error) {
	if days == 0 || days == f.HorizonDays {
		return f, nil
	}
	planned := []int{f.HorizonDays}
	for _, s := range f.Horizons {
		if s.Days == days && s.FromDay == 0 {
			f.HorizonDays, f.Mean, f.StdDev, f.Quantiles, f.Drivers = days, s.Mean, s.StdDev, s.Quantiles, s.Drivers
			return f, nil
		}
		planned = append(planned, s.Days)
	}
	slices.Sort(planned)
	var list []string
	for _, d := range slices.Compact(planned) {
		list = append(list, strconv.Itoa(d))
	}
	return f, fmt.Errorf("horizon: %w: %d days are not planned: want one of %s",
		ErrInvalid, days, strings.Join(list, ", "))
}

// The levels of forecasts.
const (
	LevelDepot  = "depot"
	LevelRegion = "region"
	LevelAll    = "all"
)

// ForecastFilter selects forecasts; fields that are empty select everything.
type ForecastFilter struct {
	Part    string
	DepotID string
	Region  string
	Level   string // "" for LevelDepot
	// After is the row behind which the list goes on, by part, region and depot.
	After PlanPlace
	Limit int // 0 for all
}

// DemandDriver says where a share of the mean comes from.
type DemandDriver struct {
	Name     string  `json:"name"` // "booked", "predicted", "unpredicted", "history"
	Mean     float64 `json:"mean"` // pieces
	Vehicles int     `json:"vehicles"`
}

// Numbers are those of the part and of all that it replaces, under which records may stand.
func (f PartForecast) Numbers() []string { return append([]string{f.Part}, f.Advice.Supersedes...) }

// DemandStep is the demand of the days [FromDay, FromDay+Days) after the forecast.
type DemandStep struct {
	FromDay   int                `json:"from_day"` // 0 is the day of the forecast
	Days      int                `json:"days"`
	Mean      float64            `json:"mean"`      // pieces
	StdDev    float64            `json:"std_dev"`   // pieces
	Quantiles map[string]float64 `json:"quantiles"` // as in PartForecast
	Drivers   []DemandDriver     `json:"drivers,omitempty"`
}

// ReorderAdvice says what to do about a part at a depot, and why. Pieces throughout.
type ReorderAdvice struct {
	// Class is A, B or C by the share of a year's demand value, and X, Y or Z by how much the use
	// varies; empty before the first plan that has a record.
	Class string `json:"class,omitempty"`
	// Severity is that of the worst failure that the part mends; empty where no failure asks for it.
	Severity Severity `json:"severity,omitempty"`
	// Parameters are those of planners that the advice follows.
	Parameters   []PlannedParameter `json:"parameters,omitempty"`
	Policy       string             `json:"policy"`         // "service_level", "fill_rate" or "newsvendor"
	Target       float64            `json:"target"`         // the policy's probability or share
	Position     int                `json:"position"`       // on hand + on order - reserved
	OrderUpTo    int                `json:"order_up_to"`    // the position to order up to
	LeadTimeDays float64            `json:"lead_time_days"` // mean
	LeadTimeP90  float64            `json:"lead_time_p90"`  // days; 90 % of orders arrive sooner
	// WaitDays is how long an order of the next review waits until its supplier dispatches; the
	// lead time counts from there.
	WaitDays int `json:"wait_days"`
	// Supplier is who to order from now, where planners have said who sells the part.
	Supplier string `json:"supplier,omitempty"`
	// Sources compares the suppliers of a part that has several.
	Sources []SourceAdvice `json:"sources,omitempty"`
	// StockOutRisk is the probability that the shelf is empty before an order
	// placed today could arrive.
	StockOutRisk float64 `json:"stock_out_risk"`
	// DaysOfSupply is how long the stock lasts at the mean demand; -1 without demand.
	DaysOfSupply float64 `json:"days_of_supply"`
	Cost         Money   `json:"cost"`     // of OrderNow
	Proposed     int     `json:"proposed"` // of orders not placed yet; OrderNow comes on top
	Overdue      int     `json:"overdue"`  // on order, and expected before now
	// Missing is the mean number of pieces that are asked for in vain before an order
	// placed today could arrive.
	Missing     float64    `json:"missing"`
	Excess      int        `json:"excess"`       // on hand beyond what a year will take, at 95 %
	ExcessValue Money      `json:"excess_value"` // at the purchase price
	Obsolete    float64    `json:"obsolete"`     // probability that the demand has ended for good
	Transfers   []Transfer `json:"transfers,omitempty"`
	Supersedes  []string   `json:"supersedes,omitempty"` // whose history and stock count here
	ReplacedBy  string     `json:"replaced_by,omitempty"`
}

// Arrives is when an order is expected that is dispatched at a time: the mean of the lead time
// later, that of the supplier where it is one of several, in whole days, rounded up, the day after
// at the earliest.
func (a ReorderAdvice) Arrives(supplier string, dispatched time.Time) time.Time {
	const noise = 1e-6 // of a mean that is whole
	days := a.LeadTimeDays
	for _, s := range a.Sources {
		if s.Supplier == supplier {
			days = s.LeadTimeDays
		}
	}
	return dispatched.AddDate(0, 0, max(1, int(math.Ceil(days-noise))))
}

// Transfer moves pieces between depots instead of ordering them.
type Transfer struct {
	From   string `json:"from"` // depot
	To     string `json:"to"`   // depot
	Pieces int    `json:"pieces"`
}

// PartTransfer is a part that moves.
type PartTransfer struct {
	Part string
	Transfer
}

// DemandOverride is a planner's own figure for a part at a depot, kept beside
// the model's.
type DemandOverride struct {
	ID          int64     `json:"id"`
	Part        string    `json:"part"`
	DepotID     string    `json:"depot_id"`
	Mean        float64   `json:"mean"` // pieces within Days, >= 0, booked visits included
	Days        int       `json:"days"` // 1-365
	Until       Day       `json:"until"`
	By          string    `json:"by"`
	Why         string    `json:"why"`
	CreatedAt   time.Time `json:"created_at"`
	WithdrawnAt time.Time `json:"withdrawn_at,omitzero"`
	WithdrawnBy string    `json:"withdrawn_by,omitempty"`
}

// InForce tells whether the override counts on the day.
func (o DemandOverride) InForce(on Day) bool { return o.WithdrawnAt.IsZero() && on <= o.Until }

// Newer tells whether o was given after than. The store numbers overrides in
// turn; the clocks of two processes may differ, and one may be set back.
func (o DemandOverride) Newer(than DemandOverride) bool { return o.ID > than.ID }

// The bounds of an override: pieces, characters, and days that it may count ahead.
const (
	maxOverride  = 1e6
	maxBy        = 100
	maxWhy       = 500
	maxDaysAhead = 2 * 366
)

// Validate names every field out of range at once, each as an ErrInvalid that
// begins with the field's name in JSON.
func (o DemandOverride) Validate(today Day) error {
	var faults []error
	want := func(ok bool, field, text string, args ...any) {
		if !ok {
			faults = append(faults, AtField(field, fmt.Errorf("%w: "+text, append([]any{ErrInvalid}, args...)...)))
		}
	}
	within := func(s string, most int) bool {
		return strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= most
	}
	want(o.Part != "", "part", "want the number of a planned part")
	want(o.DepotID != "", "depot_id", "want the depot's ID")
	want(o.Mean >= 0 && o.Mean <= maxOverride, "mean", "%v: want 0 to %v pieces within the days", o.Mean, int(maxOverride))
	want(o.Days >= 1 && o.Days <= 365, "days", "%d: want 1 to 365", o.Days)
	want(o.Until >= today && o.Until <= today+maxDaysAhead, "until", "%s: want a day from %s to %s",
		o.Until, today, today+maxDaysAhead)
	want(within(o.By, maxBy), "by", "want the planner's name, at most %d characters", maxBy)
	want(within(o.Why, maxWhy), "why", "want the reason, at most %d characters", maxWhy)
	return errors.Join(faults...)
}

// PartOutlook is one part at one level with its past: what a planner looks at.
type PartOutlook struct {
	Forecast  PartForecast       `json:"forecast"`
	Weeks     []DemandStep       `json:"weeks"`   // ahead, 7 days each
	History   []DemandWeek       `json:"history"` // oldest first, whole weeks until the forecast
	Past      []PastForecast     `json:"past"`    // those whose horizon has ended, oldest first
	Accuracy  []ForecastAccuracy `json:"accuracy"`
	Overrides []DemandOverride   `json:"overrides"` // newest first, ended ones too
}

// DemandWeek is what was used in the 7 days from From.
type DemandWeek struct {
	From   Day `json:"from"`
	Pieces int `json:"pieces"`
}
