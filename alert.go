package presage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"
)

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
	Strands   bool        `json:"strands,omitempty"` // the car cannot drive on
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
		Stale: s.Stale, Strands: r.Strands, ClearedAt: s.ClearedAt, Name: r.Name, Tell: r.Tell, Advise: r.Advise,
	}, true
}

// AlertFilter selects alerts; fields that are empty select everything.
type AlertFilter struct {
	VIN    VIN
	Firing bool // those alone that stand
	Limit  int  // 0 for all
	// After is the last alert of the page before. What places it in the list
	// counts: VIN, Rule, Signal, FiredAt, and whether ClearedAt is set.
	After *Alert
}
