package presage

import (
	"errors"
	"fmt"
	"maps"
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
	// Routes are the allowed ways to mend what it finds; none: as its component says.
	Routes []Route `json:"routes,omitempty" yaml:"routes"`
	// Strands tells that the car cannot drive on: it is fetched at once.
	Strands bool `json:"strands,omitempty" yaml:"strands"`
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

// set fills in a field that is zero.
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
	for _, f := range append(r.plainFaults(), r.sourceFaults()...) {
		faults = append(faults, fmt.Errorf("watch rule %s: %w: %s", r.ID, ErrInvalid, f))
	}
	return errors.Join(faults...)
}

// broken keeps the texts of the demands that are not met.
func broken(demands map[string]bool) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(demands)), func(text string) bool { return demands[text] })
}

// plainFaults are those that any rule may have.
func (r WatchRule) plainFaults() []string {
	aggregates := []Aggregate{OfValue, OfMin, OfMax, OfSpread, OfShare, OfFall, OfRise}
	blank := func(t Text) bool { return t.ZH == "" || t.EN == "" }
	written := !slices.ContainsFunc([]Text{r.Name, r.Tell, r.Advise}, blank)
	grave := slices.Contains([]Severity{Comfort, Mobility, Safety}, r.Severity)
	known := slices.Contains(aggregates, r.Of) && slices.Contains(aggregates, r.Clear.Of)
	return broken(map[string]bool{
		"no id": r.ID != "",
		"strands: want severity mobility or safety":             !r.Strands || r.Severity != Comfort,
		"severity: want comfort, mobility or safety":            grave,
		"name, tell and advise: want zh and en":                 written,
		"of: want value, min, max, spread, share, fall or rise": known,
		"for, gap, window, clear.for: want 0 or more":           min(r.For, r.Gap, r.Window, r.Clear.For) >= 0,
		"repeat, stale_after, samples: want more than 0":        min(r.Repeat, r.StaleAfter) > 0 && r.Samples > 0,
	})
}

// sourceFaults are those of what the rule looks at.
func (r WatchRule) sourceFaults() []string {
	if r.Event != nil {
		return broken(map[string]bool{
			"signals and event: want one of them":        len(r.Signals) == 0,
			"event: want type and codes":                 r.Event.Type != "" && len(r.Event.Codes) > 0,
			"clear.for: want how long without the event": r.Clear.For > 0,
		})
	}
	gated := !slices.ContainsFunc(r.While, func(g WatchGate) bool { return g.Signal == "" || g.When.Empty() })
	return broken(map[string]bool{
		"no signals and no event":                              len(r.Signals) > 0,
		"when and clear.when: want above, below, equals or in": !r.When.Empty() && !r.Clear.When.Empty(),
		"window: fall and rise need it, nothing else does":     (r.Of == OfFall || r.Of == OfRise) == (r.Window > 0),
		"per.otherwise: want a positive number":                r.Per == nil || r.Per.Otherwise > 0,
		"while: want signal and when":                          gated,
	})
}
