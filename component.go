package presage

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// ComponentID names a component of the catalogue, e.g. "brake_pads_front".
type ComponentID string

// The components that the embedded catalogue knows. A catalogue may hold others.
const (
	BrakePadsFront ComponentID = "brake_pads_front"
	BrakePadsRear  ComponentID = "brake_pads_rear"
	Battery12V     ComponentID = "battery_12v"
	HVBattery      ComponentID = "hv_battery"
	TyreLeak       ComponentID = "tyre_leak"
	ShockAbsorbers ComponentID = "shock_absorbers"
)

// Severity is what a failure on the road means for the people in the car.
type Severity string

// The severities, from least to worst.
const (
	Comfort  Severity = "comfort"  // nuisance
	Mobility Severity = "mobility" // the car may not start or stops
	Safety   Severity = "safety"   // an accident may follow: never held out, never capped
)

// Severities are all of them, from least to worst.
func Severities() []Severity { return []Severity{Comfort, Mobility, Safety} }

// Compare is negative when s is less grave than other, positive when it is graver. None, or one that
// is not known, is the least.
func (s Severity) Compare(other Severity) int {
	return cmp.Compare(slices.Index(Severities(), s), slices.Index(Severities(), other))
}

// Graver tells whether s is worse than other.
func (s Severity) Graver(other Severity) bool { return s.Compare(other) > 0 }

// Component is one row of the catalogue: data, not code.
type Component struct {
	ID   ComponentID `json:"id" yaml:"id"`
	Name Text        `json:"name" yaml:"name"`
	// Model names the law: "wear", "lead_acid", "hv_capacity", "slow_leak", "survival", "clock".
	Model     string       `json:"model" yaml:"model"`
	AppliesTo []Powertrain `json:"applies_to" yaml:"applies_to"`
	Signals   []string     `json:"signals" yaml:"signals"`
	// Limit is where the component counts as failed, in Unit.
	Limit   float64 `json:"limit" yaml:"limit"`
	Unit    string  `json:"unit" yaml:"unit"`
	JobCode string  `json:"job" yaml:"job"`
	// DiagnosisCode is the job that looks what is wrong after an alert, before
	// anything is replaced; "" for JobCode.
	DiagnosisCode string   `json:"diagnosis,omitempty" yaml:"diagnosis"`
	Severity      Severity `json:"severity" yaml:"severity"`
	// Routes are the allowed ways to mend it; none: as its job says, see Catalogue.RoutesOf.
	Routes []Route `json:"routes,omitempty" yaml:"routes"`
	// StaleAfterDays of silence make the status stale.
	StaleAfterDays int `json:"stale_after_days" yaml:"stale_after_days"`
	// Measured tells what a technician can measure at it, in Unit; nil where nobody has said.
	Measured *MeasuredRange `json:"measured,omitempty" yaml:"measured"`
	// Params are the law's own constants, named in its doc comment.
	Params map[string]float64 `json:"params" yaml:"params"`
	// Intervals are those of a service item for powertrains where they are not the params'.
	Intervals map[Powertrain]ServiceInterval `json:"intervals,omitempty" yaml:"intervals"`
	// RenewedBy are components whose replacement counts as this service item's: it
	// is about the same part.
	RenewedBy []ComponentID `json:"renewed_by,omitempty" yaml:"renewed_by"`
	// Why is one sentence a customer reads: what it is and what happens if it fails.
	Why Text `json:"why" yaml:"why"`
}

// MeasuredRange is what the quantity of a component can be.
type MeasuredRange struct {
	Min float64 `json:"min" yaml:"min"` // nothing below it exists
	Max float64 `json:"max" yaml:"max"` // nothing above it exists
	// Worn says on which side of the limit the component is worn out: "above" or "below".
	Worn string `json:"worn" yaml:"worn"`
}

// Possible is what can be measured at the component, wide where the catalogue
// does not say.
func (c Component) Possible() MeasuredRange {
	const anything, percent = 1e6, 200
	switch {
	case c.Measured != nil:
		return *c.Measured
	case c.Unit == "%":
		return MeasuredRange{Max: percent}
	}
	return MeasuredRange{Max: anything}
}

// Has tells whether x can be measured.
func (r MeasuredRange) Has(x float64) bool { return x >= r.Min && x <= r.Max }

// SafetyCritical components are never held out, capped or suppressed by tier.
func (c Component) SafetyCritical() bool { return c.Severity == Safety }

// Applies tells whether a vehicle with powertrain p has the component.
func (c Component) Applies(p Powertrain) bool {
	return len(c.AppliesTo) == 0 || slices.Contains(c.AppliesTo, p)
}

// Job is what a workshop does about a component.
type Job struct {
	Code    string `json:"code" yaml:"code"`
	Name    Text   `json:"name" yaml:"name"`
	Minutes int    `json:"minutes" yaml:"minutes"` // bay and technician time
	Skill   string `json:"skill" yaml:"skill"`     // "" any; "hv" needs a high-voltage technician
	// Bay is the kind of bay that it needs, "" for any; Level how hard it is, 1 to 3.
	Bay   string         `json:"bay,omitempty" yaml:"bay"`
	Level int            `json:"level,omitempty" yaml:"level"`
	Price Money          `json:"price" yaml:"price"` // what the customer pays
	Parts []PartQuantity `json:"parts" yaml:"parts"`
	// Routes are the allowed ways to do it; none: at the workshop.
	Routes []Route `json:"routes,omitempty" yaml:"routes"`
	// BreakdownCost is what an unplanned failure costs everybody together
	// (tow, lost day, collateral damage); it drives the policy.
	BreakdownCost Money `json:"breakdown_cost" yaml:"breakdown_cost"`
	// Steps are what a technician does, in order; Tools what they need for it.
	Steps []Text `json:"steps,omitempty" yaml:"steps"`
	Tools []Text `json:"tools,omitempty" yaml:"tools"`
}

// Duration is the bay and technician time of the job.
func (j Job) Duration() time.Duration { return time.Duration(j.Minutes) * time.Minute }

// PartQuantity is a number of pieces of one part.
type PartQuantity struct {
	Part     string `json:"part" yaml:"part"` // part number
	Quantity int    `json:"quantity" yaml:"quantity"`
}

// Part is one row of the parts master.
type Part struct {
	Number       string `json:"number" yaml:"number"`
	Name         Text   `json:"name" yaml:"name"`
	Cost         Money  `json:"cost" yaml:"cost"` // purchase price of one piece
	LeadTimeDays int    `json:"lead_time_days" yaml:"lead_time_days"`
	PackSize     int    `json:"pack_size" yaml:"pack_size"`           // ordered in multiples of
	MinOrder     int    `json:"min_order,omitempty" yaml:"min_order"` // least pieces of an order; 0 for none
	// Supersedes are the numbers that this part replaces. What was used of
	// them counts as its history, what is left of them as its stock, and they
	// are not ordered any more. They need no row of their own.
	Supersedes []string `json:"supersedes,omitempty" yaml:"supersedes"`
}

// Catalogue is everything the service knows about components, jobs and parts.
type Catalogue struct {
	Version    string      `json:"version" yaml:"version"`
	Components []Component `json:"components" yaml:"components"`
	Jobs       []Job       `json:"jobs" yaml:"jobs"`
	Parts      []Part      `json:"parts" yaml:"parts"` // as the files have them; Master knows all
	// Watch lists what cannot wait for the nightly scoring.
	Watch []WatchRule `json:"watch,omitempty" yaml:"watch"`
	// Warranties tell for what the maker pays.
	Warranties []Warranty `json:"warranties,omitempty" yaml:"warranties"`
	// RouteCosts are what each route costs beside the repair.
	RouteCosts map[Route]RouteCost `json:"route_costs,omitempty" yaml:"route_costs"`
	// RecallBook finds a recall by its ID; nil: there are none. Set once, before
	// the catalogue is used by several.
	RecallBook func(id string) (Recall, error) `json:"-" yaml:"-"`
	// PartBook reads the parts master that imports change; nil: Parts are all there are. Set once,
	// before the catalogue is used by several.
	PartBook func() *PartsMaster `json:"-" yaml:"-"`
}

// Component returns the component named id, or the one that stands for a recall;
// ErrNotFound if there is none.
func (c *Catalogue) Component(id ComponentID) (Component, error) {
	if number, is := id.Recall(); is && c.RecallBook != nil {
		r, err := c.RecallBook(number)
		return r.Component(), err
	}
	return find(c.Components, "component", string(id), func(x Component) string { return string(x.ID) })
}

// Job returns the job with the given code; ErrNotFound if there is none.
func (c *Catalogue) Job(code string) (Job, error) {
	return find(c.Jobs, "job", code, func(x Job) string { return x.Code })
}

// JobsOf are the jobs with the codes, but for codes that are unknown.
func (c *Catalogue) JobsOf(codes []string) []Job {
	var jobs []Job
	for _, code := range codes {
		if j, err := c.Job(code); err == nil {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// Minutes are those planned for jobs; one that the catalogue does not know adds none.
func (c *Catalogue) Minutes(codes []string) (sum int) {
	for _, j := range c.JobsOf(codes) {
		sum += j.Minutes
	}
	return sum
}

// Part returns the part with the given number; ErrNotFound if there is none.
func (c *Catalogue) Part(number string) (Part, error) {
	if c.PartBook != nil {
		return c.PartBook().Part(number)
	}
	return find(c.Parts, "part", number, func(x Part) string { return x.Number })
}

func find[T any](rows []T, what, id string, key func(T) string) (T, error) {
	for _, r := range rows {
		if key(r) == id {
			return r, nil
		}
	}
	var zero T
	return zero, fmt.Errorf("%s %q: %w in the catalogue", what, id, ErrNotFound)
}
