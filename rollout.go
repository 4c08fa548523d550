package presage

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// RolloutState is where a roll-out stands.
type RolloutState string

// The states.
const (
	RolloutDraft   RolloutState = "draft"   // nobody has started it
	RolloutRunning RolloutState = "running" // cars get it
	RolloutPaused  RolloutState = "paused"  // by a person
	RolloutHalted  RolloutState = "halted"  // by itself: too many cars failed
	RolloutDone    RolloutState = "done"    // the last ring has passed; cars that come later still get it
	RolloutClosed  RolloutState = "closed"  // by a person, for good
)

// Rollout is new software for a component, sent to cars over the air in rings: to a
// few first, to more when those have installed it.
//
//	draft --start--> running --last ring passed--> done
//	                 ^ |  ^ |
//	          start -+ |  | +--too many failed--> halted --start--+
//	                   +--+-- paused                              |
//	any --closed                                        running <-+
type Rollout struct {
	ID        string      `json:"id"`
	Title     Text        `json:"title"`
	Component ComponentID `json:"component"` // what it mends
	// Codes are the trouble codes that it mends, one that ends in * by its beginning;
	// none for whatever is wrong with the component.
	Codes  []string      `json:"codes,omitempty"`
	From   []string      `json:"from"` // the versions that it replaces
	To     string        `json:"to"`   // the version that it installs
	Ranges []RecallRange `json:"ranges,omitempty"`
	// Rings are shares of the cars in percent, each with those of the ring before.
	Rings []float64 `json:"rings"`
	// PassShare of a ring's cars must have installed it before the next ring; it halts
	// when more than HaltShare of at least MinAnswers answers are failures.
	PassShare  float64 `json:"pass_share"`
	HaltShare  float64 `json:"halt_share"`
	MinAnswers int     `json:"min_answers"`
	// Hours are how long a car has to install it.
	Hours int `json:"hours"`

	State   RolloutState `json:"state"`
	Ring    int          `json:"ring"`              // index of the ring that is served
	Since   time.Time    `json:"since"`             // of the state and the ring; answers before do not halt it
	Reason  Reason       `json:"reason,omitzero"`   // of the state
	By      string       `json:"by,omitempty"`      // who put it there
	SavedAt time.Time    `json:"saved_at,omitzero"` // of its newest version
}

// RolloutCarState is where a car of a roll-out stands.
type RolloutCarState string

// The states of a car.
//
//	waiting --its ring--> sent --> received --> installed | failed
//	                       +----------+--no answer in time--> expired --late answer--> installed
const (
	CarWaiting   RolloutCarState = "waiting"
	CarSent      RolloutCarState = "sent"
	CarReceived  RolloutCarState = "received" // the car has taken the command
	CarInstalled RolloutCarState = "installed"
	CarFailed    RolloutCarState = "failed"
	CarExpired   RolloutCarState = "expired"
)

// Over tells that a car has had its update, whatever came of it.
func (s RolloutCarState) Over() bool { return s == CarInstalled || s == CarFailed || s == CarExpired }

// RolloutCar is one car of a roll-out.
type RolloutCar struct {
	Rollout    string          `json:"rollout"`
	VIN        VIN             `json:"vin"`
	State      RolloutCarState `json:"state"`
	CommandID  int64           `json:"command_id,omitempty"`
	SentAt     time.Time       `json:"sent_at,omitzero"`
	ExpiresAt  time.Time       `json:"expires_at,omitzero"`
	AnsweredAt time.Time       `json:"answered_at,omitzero"` // the car's own time
	Note       string          `json:"note,omitempty"`       // what the car said of a failure
}

// RolloutProgress is a roll-out with its cars by state.
type RolloutProgress struct {
	Rollout

	Cars  int `json:"cars"`
	Count struct {
		Waiting   int `json:"waiting"`
		Sent      int `json:"sent"`
		Received  int `json:"received"`
		Installed int `json:"installed"`
		Failed    int `json:"failed"`
		Expired   int `json:"expired"`
	} `json:"count"`
}

// RolloutCarFilter selects cars of a roll-out; fields that are empty select everything.
type RolloutCarFilter struct {
	Rollout string
	VIN     VIN
	State   RolloutCarState
	After   VIN // the last car of the page before
	Limit   int // 0 for all
}

// RolloutRing counts the answers of the cars that the served ring holds.
type RolloutRing struct {
	All       int // cars of the roll-out, in whatever ring they are
	Cars      int // those of the ring
	Installed int // cars of the ring that have installed it
	Failed    int // cars of the ring that failed, whenever
	Lately    int // answers of the ring since the roll-out was last started
	LateFails int // of these answers, those that are failures
}

// RolloutStep is a change of a roll-out that was seen in a state and a ring.
type RolloutStep struct {
	ID       string
	Seen     RolloutState
	SeenRing int
	To       RolloutState
	Ring     int
	Reason   Reason
	By       string
	At       time.Time
}

// The kinds of events by which a car tells of its software.
const (
	EventSoftware = "software" // code: the version that it runs
	EventOTA      = "ota"      // code: installed or failed; rollout and note in its document
)

// rolloutBuckets is how finely rings can cut: hundredths of a percent.
const rolloutBuckets = 10_000

// RolloutBucket is where a car stands in a roll-out's order, from 0 to 9,999: the
// same for ever, and another in each roll-out.
func RolloutBucket(id string, vin VIN) int {
	sum := sha256.Sum256([]byte(id + "|" + string(vin)))
	return int(binary.BigEndian.Uint32(sum[:4]) % rolloutBuckets)
}

// Bound is the first bucket behind the ring that is served.
func (r Rollout) Bound() int {
	if r.Ring < 0 || r.Ring >= len(r.Rings) {
		return rolloutBuckets
	}
	return int(r.Rings[r.Ring]*rolloutBuckets/100 + 0.5)
}

// Live tells that cars get it now.
func (r Rollout) Live() bool { return r.State == RolloutRunning || r.State == RolloutDone }

// Mends tells whether it is about a fault: of its component, with one of its codes.
func (r Rollout) Mends(component ComponentID, code string) bool {
	if r.Component != component {
		return false
	}
	return len(r.Codes) == 0 || code == "" || WatchEvent{Codes: r.Codes}.Matches(Event{Code: code})
}

// Serves tells whether a car that runs a version is one of its cars.
func (r Rollout) Serves(v Vehicle, version string) bool {
	in := len(r.Ranges) == 0 || slices.ContainsFunc(r.Ranges, func(x RecallRange) bool { return x.Contains(v) })
	return in && slices.Contains(r.From, version)
}

const (
	maxVersion  = 64  // of a version, in characters: the code of the event that tells it
	maxVersions = 100 // that it replaces; of trouble codes as many
	maxRings    = 10
	maxHours    = 90 * 24
)

// Validate names every fault of a roll-out by its field, as ErrInvalid.
func (r Rollout) Validate(c *Catalogue) error {
	var f fieldFaults
	r.about(&f, c)
	r.versions(&f)
	r.rings(&f)
	return errors.Join(f.errs...)
}

func (r Rollout) about(f *fieldFaults, c *Catalogue) {
	f.demand(recallID(r.ID), "id", "want 1 to %d letters, digits, dots and hyphens", longestRecallID)
	for _, s := range []string{r.Title.ZH, r.Title.EN} {
		ok := strings.TrimSpace(s) != "" && CheckPlain(s, longestRecallText) == nil
		f.demand(ok, "title", "want zh and en, each at most %d characters on one line", longestRecallText)
	}
	comp, err := c.Component(r.Component)
	f.demand(err == nil, "component", "the catalogue has no %.40q", string(r.Component))
	f.demand(err != nil || slices.Contains(comp.Routes, RouteOTA), "component",
		"%s is not mended over the air: its routes in the catalogue lack ota", string(r.Component))
	f.demand(len(r.Codes) <= maxVersions, "codes", "want at most %d", maxVersions)
	f.demand(len(r.Ranges) <= mostRecallRanges, "ranges", "want at most %d", mostRecallRanges)
	f.ranges(r.Ranges)
}

func (r Rollout) versions(f *fieldFaults) {
	some := len(r.From) > 0 && len(r.From) <= maxVersions
	f.demand(some, "from", "want the versions that it replaces, at most %d", maxVersions)
	plain := func(v string) bool { return v != "" && CheckPlain(v, maxVersion) == nil }
	for i, v := range r.From {
		f.demand(plain(v), fmt.Sprintf("from[%d]", i), "want 1 to %d plain characters", maxVersion)
	}
	f.demand(plain(r.To), "to", "want 1 to %d plain characters", maxVersion)
	f.demand(!slices.Contains(r.From, r.To), "to", "it is one of the versions that are replaced")
}

func (r Rollout) rings(f *fieldFaults) {
	whole := len(r.Rings) > 0 && r.Rings[len(r.Rings)-1] == 100
	f.demand(whole && len(r.Rings) <= maxRings, "rings", "want 1 to %d shares in percent, the last of them 100", maxRings)
	before := 0.0
	for i, p := range r.Rings {
		f.demand(p >= 0.01 && p <= 100 && p > before, fmt.Sprintf("rings[%d]", i),
			"want a share above the ring before, from 0.01 to 100")
		before = p
	}
	f.demand(r.PassShare > 0 && r.PassShare <= 1, "pass_share", "want above 0, at most 1")
	f.demand(r.HaltShare > 0 && r.HaltShare <= 1, "halt_share", "want above 0, at most 1")
	f.demand(r.MinAnswers >= 1 && r.MinAnswers <= 100_000, "min_answers", "want 1 to 100000")
	f.demand(r.Hours >= 1 && r.Hours <= maxHours, "hours", "want 1 to %d", maxHours)
}

// WithDefaults fills in what may be left out of a new roll-out.
func (r Rollout) WithDefaults() Rollout {
	if len(r.Rings) == 0 {
		r.Rings = []float64{1, 10, 100}
	}
	set(&r.PassShare, 0.9)
	set(&r.HaltShare, 0.05)
	set(&r.MinAnswers, 10)
	set(&r.Hours, 168)
	r.State = RolloutDraft
	return r
}

// CanBecome tells whether a person may put a roll-out into another state.
func (s RolloutState) CanBecome(next RolloutState) bool {
	switch next {
	case RolloutRunning:
		return s == RolloutDraft || s == RolloutPaused || s == RolloutHalted
	case RolloutPaused:
		return s == RolloutRunning || s == RolloutDone
	case RolloutClosed:
		return s != RolloutClosed
	case RolloutDraft, RolloutHalted, RolloutDone:
	}
	return false
}
