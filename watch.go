package presage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Aggregate says what of a signal a watch rule looks at.
type Aggregate string

// The aggregates. Readings outside the signal table's range never count.
const (
	OfValue  Aggregate = "value"  // the number itself, a flag as 0 or 1
	OfMin    Aggregate = "min"    // least element of an array
	OfMax    Aggregate = "max"    // greatest element of an array
	OfSpread Aggregate = "spread" // greatest less least element of an array
	OfShare  Aggregate = "share"  // percent of the highest of the rule's signals in the same sample
	OfFall   Aggregate = "fall"   // how far below the highest value within the window
	OfRise   Aggregate = "rise"   // how far above the lowest value within the window
)

// WatchRule is one condition that cannot wait for the nightly scoring: data,
// not code. It looks either at signals or at events. Durations are of event
// time, the vehicle's own clock.
type WatchRule struct {
	ID        string      `json:"id" yaml:"id"`
	Component ComponentID `json:"component" yaml:"component"` // what a case is opened for
	Severity  Severity    `json:"severity" yaml:"severity"`
	Name      Text        `json:"name" yaml:"name"`     // a few words
	Tell      Text        `json:"tell" yaml:"tell"`     // to the customer: what it means and what to do
	Advise    Text        `json:"advise" yaml:"advise"` // to the adviser: what to look for
	Unit      string      `json:"unit" yaml:"unit"`     // of the judged value
	// Signals are each judged on their own; the first that holds long enough fires.
	Signals []string  `json:"signals,omitempty" yaml:"signals"`
	Of      Aggregate `json:"of,omitempty" yaml:"of"` // default value
	// Scale multiplies what was measured before it is judged; default 1.
	Scale float64 `json:"scale,omitempty" yaml:"scale"`
	// Per divides by another signal of the same sample.
	Per *WatchPer `json:"per,omitempty" yaml:"per"`
	// While lists what else the same sample must show; a sample that lacks one
	// of these signals is not judged.
	While []WatchGate `json:"while,omitempty" yaml:"while"`
	// Window is how far OfFall and OfRise look back.
	Window time.Duration `json:"window,omitempty" yaml:"window"`
	// Event is looked for instead of signals.
	Event *WatchEvent `json:"event,omitempty" yaml:"event"`

	When Condition `json:"when,omitzero" yaml:"when"`
	// For is how long the condition must hold, in no fewer than Samples samples
	// (default 1). A silence longer than Gap begins the count anew; 0: any.
	For     time.Duration `json:"for,omitempty" yaml:"for"`
	Samples int           `json:"samples,omitempty" yaml:"samples"`
	Gap     time.Duration `json:"gap,omitempty" yaml:"gap"`
	Clear   WatchClear    `json:"clear,omitzero" yaml:"clear"`
	// Repeat is how soon after it fired the rule may fire again; default 24 h.
	Repeat time.Duration `json:"repeat,omitempty" yaml:"repeat"`
	// StaleAfter is the age from which data are too old to call anybody: what
	// fires on them is marked stale until a newer sample confirms it. Default 2 h.
	StaleAfter time.Duration `json:"stale_after,omitempty" yaml:"stale_after"`
}

// Condition compares a judged value. Bounds that are set must all be met.
type Condition struct {
	Above  *float64  `json:"above,omitempty" yaml:"above"`
	Below  *float64  `json:"below,omitempty" yaml:"below"`
	Equals *float64  `json:"equals,omitempty" yaml:"equals"`
	In     []float64 `json:"in,omitempty" yaml:"in"`
}

// Met tells whether x satisfies c. NaN satisfies nothing.
func (c Condition) Met(x float64) bool {
	if math.IsNaN(x) || (c.Above != nil && x <= *c.Above) || (c.Below != nil && x >= *c.Below) {
		return false
	}
	return (c.Equals == nil || x == *c.Equals) && (len(c.In) == 0 || slices.Contains(c.In, x))
}

// Empty tells whether c compares nothing.
func (c Condition) Empty() bool {
	return c.Above == nil && c.Below == nil && c.Equals == nil && len(c.In) == 0
}

// WatchPer is a divisor; Otherwise stands in where the sample lacks the signal.
type WatchPer struct {
	Signal    string  `json:"signal" yaml:"signal"`
	Otherwise float64 `json:"otherwise" yaml:"otherwise"`
}

// WatchGate is a condition on another signal of the same sample.
type WatchGate struct {
	Signal string    `json:"signal" yaml:"signal"`
	When   Condition `json:"when" yaml:"when"`
}

// WatchEvent matches events by type and code; a code that ends in * matches by
// its beginning. The failure type byte that SAE J2012 puts behind a code
// ("C0031-14", "C0031:14") does not count.
type WatchEvent struct {
	Type  string   `json:"type" yaml:"type"`
	Codes []string `json:"codes" yaml:"codes"`
}

// Matches tells whether ev is what the rule looks for.
func (e WatchEvent) Matches(ev Event) bool {
	base := ev.Code
	if i := strings.IndexAny(base, ":-"); i > 0 {
		base = base[:i]
	}
	return ev.Type == e.Type && slices.ContainsFunc(e.Codes, func(code string) bool {
		if prefix, open := strings.CutSuffix(code, "*"); open {
			return strings.HasPrefix(base, prefix)
		}
		return base == code
	})
}

// WatchClear ends an alert: When has held for For, or, for an event, the event
// has not come for For while the vehicle went on reporting. When is a level on
// the healthy side of the rule's own, so that an alert does not flap.
type WatchClear struct {
	Of   Aggregate     `json:"of,omitempty" yaml:"of"` // default the rule's own
	When Condition     `json:"when,omitzero" yaml:"when"`
	For  time.Duration `json:"for,omitempty" yaml:"for"`
}

// Defaults of a WatchRule.
const (
	watchRepeat = 24 * time.Hour
	watchStale  = 2 * time.Hour
)

// WithDefaults fills in what the fields name.
func (r WatchRule) WithDefaults() WatchRule {
	set(&r.Of, OfValue)
	set(&r.Clear.Of, r.Of)
	set(&r.Scale, 1)
	set(&r.Samples, 1)
	set(&r.Repeat, watchRepeat)
	set(&r.StaleAfter, watchStale)
	return r
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Validate names every fault of r, as ErrInvalid.
func (r WatchRule) Validate() error {
	r = r.WithDefaults()
	var faults []error
	check := func(ok bool, fault string) {
		if !ok {
			faults = append(faults, fmt.Errorf("watch rule %s: %w: %s", r.ID, ErrInvalid, fault))
		}
	}
	aggregates := []Aggregate{OfValue, OfMin, OfMax, OfSpread, OfShare, OfFall, OfRise}
	check(r.ID != "", "no id")
	check(slices.Contains([]Severity{Comfort, Mobility, Safety}, r.Severity), "severity: want comfort, mobility or safety")
	check(r.Name.ZH != "" && r.Name.EN != "" && r.Tell.ZH != "" && r.Tell.EN != "" && r.Advise.ZH != "" && r.Advise.EN != "",
		"name, tell and advise: want zh and en")
	check(slices.Contains(aggregates, r.Of) && slices.Contains(aggregates, r.Clear.Of),
		"of: want value, min, max, spread, share, fall or rise")
	check(min(r.For, r.Gap, r.Window, r.Clear.For) >= 0 && min(r.Repeat, r.StaleAfter) > 0 && r.Samples > 0,
		"durations must not be negative, samples not below 1")
	if r.Event != nil {
		check(len(r.Signals) == 0, "signals and event: want one of them")
		check(r.Event.Type != "" && len(r.Event.Codes) > 0, "event: want type and codes")
		check(r.Clear.For > 0, "clear.for: want how long without the event")
		return errors.Join(faults...)
	}
	check(len(r.Signals) > 0, "no signals and no event")
	check(!r.When.Empty() && !r.Clear.When.Empty(), "when and clear.when: want above, below, equals or in")
	looks := r.Of == OfFall || r.Of == OfRise
	check(looks == (r.Window > 0), "window: fall and rise need it, nothing else does")
	check(r.Per == nil || r.Per.Otherwise > 0, "per.otherwise: want a positive number")
	for _, g := range r.While {
		check(g.Signal != "" && !g.When.Empty(), "while: want signal and when")
	}
	return errors.Join(faults...)
}

// WatchPhase is where a rule stands with a vehicle.
type WatchPhase string

// The phases.
//
//	idle -> pending -> firing <-> clearing -> idle
//	  ^--------+
const (
	WatchIdle     WatchPhase = "idle"
	WatchPending  WatchPhase = "pending"  // the condition holds, not long enough yet
	WatchFiring   WatchPhase = "firing"   // it held long enough
	WatchClearing WatchPhase = "clearing" // the clear condition holds, not long enough yet
)

// What outreach has been told of an alert.
const (
	ToldNothing = 0
	ToldRaised  = 1
	ToldCleared = 2
)

// WatchState is one rule on one signal of one vehicle. All times are event times.
type WatchState struct {
	VIN        VIN        `json:"vin"`
	Rule       string     `json:"rule"`
	Signal     string     `json:"signal"` // "" for an event rule
	Code       string     `json:"code"`   // of the latest event
	Phase      WatchPhase `json:"phase"`
	Since      time.Time  `json:"since"`   // the condition holds since; kept while firing
	Samples    int        `json:"samples"` // that held since then, until it fired
	FiredAt    time.Time  `json:"fired_at"`
	ClearSince time.Time  `json:"clear_since"`
	ClearedAt  time.Time  `json:"cleared_at"`
	At         time.Time  `json:"at"` // newest sample that was judged
	Value      float64    `json:"value"`
	Stale      bool       `json:"stale"` // fired on old data, not confirmed since
	Told       int        `json:"told"`
}

// Firing tells whether the alert stands, stale or not.
func (s WatchState) Firing() bool { return s.Phase == WatchFiring || s.Phase == WatchClearing }

// Alert is a firing of a watch rule, with the rule's words.
type Alert struct {
	ID        string      `json:"id"` // follows from vehicle, rule, signal and instant
	VIN       VIN         `json:"vin"`
	Rule      string      `json:"rule"`
	Component ComponentID `json:"component"`
	Severity  Severity    `json:"severity"`
	Signal    string      `json:"signal,omitempty"`
	Code      string      `json:"code,omitempty"`
	Since     time.Time   `json:"since"`
	FiredAt   time.Time   `json:"fired_at"`
	At        time.Time   `json:"at"` // of the value
	Value     float64     `json:"value"`
	Unit      string      `json:"unit,omitempty"`
	Stale     bool        `json:"stale"`
	ClearedAt time.Time   `json:"cleared_at,omitzero"`
	Name      Text        `json:"name"`
	Tell      Text        `json:"tell"`
	Advise    Text        `json:"advise"`
}

// Alert is the alert that s stands for; false when it never fired or its rule
// has left the catalogue.
func (c *Catalogue) Alert(s WatchState) (Alert, bool) {
	i := slices.IndexFunc(c.Watch, func(r WatchRule) bool { return r.ID == s.Rule })
	if i < 0 || s.FiredAt.IsZero() {
		return Alert{}, false
	}
	r := c.Watch[i]
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%d", string(s.VIN), s.Rule, s.Signal, s.FiredAt.UnixMilli()))
	return Alert{
		ID: "a" + hex.EncodeToString(sum[:10]), VIN: s.VIN, Rule: s.Rule, Component: r.Component, Severity: r.Severity,
		Signal: s.Signal, Code: s.Code, Since: s.Since, FiredAt: s.FiredAt, At: s.At, Value: s.Value, Unit: r.Unit,
		Stale: s.Stale, ClearedAt: s.ClearedAt, Name: r.Name, Tell: r.Tell, Advise: r.Advise,
	}, true
}
