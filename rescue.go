package presage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// RescueState is where a rescue stands.
type RescueState string

// The states.
//
//	asked --> on_the_way --> arrived --+--> mended --+--> done
//	  |           |            |       +--> towed ---+
//	  +-----------+------------+--> called_off
const (
	RescueAsked     RescueState = "asked"      // nobody has taken it yet
	RescueOnTheWay  RescueState = "on_the_way" // a partner has taken it
	RescueArrived   RescueState = "arrived"    // at the car
	RescueMended    RescueState = "mended"     // on the spot: the car drives
	RescueTowed     RescueState = "towed"      // to the partner's workshop
	RescueDone      RescueState = "done"
	RescueCalledOff RescueState = "called_off"
)

// RescueStates lists them in their order.
func RescueStates() []RescueState {
	return []RescueState{
		RescueAsked, RescueOnTheWay, RescueArrived, RescueMended, RescueTowed, RescueDone, RescueCalledOff,
	}
}

// Next are the states that may follow.
func (s RescueState) Next() []RescueState {
	switch s {
	case RescueAsked:
		return []RescueState{RescueOnTheWay, RescueCalledOff}
	case RescueOnTheWay:
		return []RescueState{RescueArrived, RescueCalledOff}
	case RescueArrived:
		return []RescueState{RescueMended, RescueTowed, RescueCalledOff}
	case RescueMended, RescueTowed:
		return []RescueState{RescueDone}
	case RescueDone, RescueCalledOff:
	}
	return nil
}

// Live tells that somebody still has to come, or is at the car.
func (s RescueState) Live() bool {
	return s == RescueAsked || s == RescueOnTheWay || s == RescueArrived
}

// Rescue is help for a car that stands still: a partner drives to it, and mends it
// there or tows it. A car has one that is live at most.
type Rescue struct {
	ID         string      `json:"id"`
	CaseID     string      `json:"case_id"`
	VIN        VIN         `json:"vin"`
	CustomerID string      `json:"customer_id"`
	WorkshopID string      `json:"workshop_id"` // the partner that is asked
	State      RescueState `json:"state" enum:"asked,on_the_way,arrived,mended,towed,done,called_off"`
	Owner      string      `json:"owner"`            // who answers for it: adviser, workshop, manager
	Place      *Place      `json:"place,omitempty"`  // where the car stood last; absent where nobody knows
	SeenAt     time.Time   `json:"seen_at,omitzero"` // of the place
	// Km is how far the partner is, as the crow flies; absent where nobody knows.
	Km       *Kilometre `json:"km,omitempty"`
	Cause    Reason     `json:"cause"`   // what stopped the car
	Partner  Reason     `json:"partner"` // why this partner
	OpenedAt time.Time  `json:"opened_at"`
	// UpdatedAt is of the newest step.
	UpdatedAt time.Time `json:"updated_at"`
	DueAt     time.Time `json:"due_at,omitzero"` // of the next step; absent when none is waited for
	ETA       time.Time `json:"eta,omitzero"`    // when the partner says it arrives
}

// RescueEvent is one change of a rescue: who, when, why.
type RescueEvent struct {
	RescueID string      `json:"rescue_id"`
	At       time.Time   `json:"at"`
	Who      string      `json:"who"`
	From     RescueState `json:"from,omitempty"`
	To       RescueState `json:"to"`
	Reason   Reason      `json:"reason,omitzero"`
}

// RescueFilter selects rescues; fields that are empty select everything.
type RescueFilter struct {
	State      RescueState
	Live       bool
	VIN        VIN
	CaseID     string
	WorkshopID string
	BeforeID   string // the last rescue of the page before
	Limit      int    // 0 for all
}

// RescueStep is what a person says of a rescue that they saw in a state.
type RescueStep struct {
	ID      string
	Seen    RescueState
	To      RescueState
	Who     string
	Note    string
	Minutes int // until the partner is there, on the way; 0 where it is not said
}

// What a step may hold.
const (
	LongestRescueNote = 300
	MostRescueMinutes = 600
	longestRescuer    = 60
)

// Validate names every fault of a step by its field, as ErrInvalid.
func (s RescueStep) Validate() error {
	var faults []error
	fault := func(field, text string, args ...any) {
		faults = append(faults, AtField(field, fmt.Errorf("%w: "+text, append([]any{ErrInvalid}, args...)...)))
	}
	if !slices.Contains(RescueStates(), s.Seen) {
		fault("seen", "want the state that was shown, one of %v", RescueStates())
	}
	if s.To == RescueAsked || !slices.Contains(RescueStates(), s.To) {
		fault("to", "want on_the_way, arrived, mended, towed, done or called_off")
	}
	if strings.TrimSpace(s.Who) == "" {
		fault("who", "it is missing")
	} else if err := CheckPlain(s.Who, longestRescuer); err != nil {
		faults = append(faults, AtField("who", err))
	}
	if s.Note != "" {
		if err := CheckPlain(s.Note, LongestRescueNote); err != nil {
			faults = append(faults, AtField("note", err))
		}
	}
	if s.Minutes < 0 || s.Minutes > MostRescueMinutes {
		fault("minutes", "want 0 to %d", MostRescueMinutes)
	}
	if s.Minutes > 0 && s.To != RescueOnTheWay {
		fault("minutes", "only on the way")
	}
	return errors.Join(faults...)
}

// RescueMove is a change of a rescue that was seen in a state, with what it changes of
// its case, all or nothing.
type RescueMove struct {
	Rescue Rescue // as it is afterwards
	Seen   RescueState
	SeenAt time.Time // UpdatedAt as it was seen
	Event  RescueEvent
	// Case is what becomes of the case; nil for nothing. An empty To leaves its state.
	Case *CaseEvent
	// Change of the case.
	Change CaseChange
	// Place is where the car stands now; nil where it has not been moved.
	Place *Place
	// Messages are told of it, each Key once.
	Messages []Message
}

// RescueView is what a customer's page of a rescue shows.
type RescueView struct {
	Rescue

	Token    string
	Lang     Lang
	Brand    string
	Vehicle  Vehicle
	Workshop Workshop
	Zone     *time.Location // of the reader
	Events   []RescueEvent  // the oldest first
}

// Sighting is what a car's newest telemetry says of where it is and whether it drives.
type Sighting struct {
	Place   *Place
	At      time.Time // of the place
	Speed   *float64  // km/h
	SpeedAt time.Time
}

// DrivingSpeed is from which speed on, in km/h, a car drives by itself: one that is
// pushed or winched is slower.
const DrivingSpeed = 10

// movedFrom is how far from where it was, in km, a car was moved: less is how well a car
// knows where it is.
const movedFrom Kilometre = 0.5

// Moved tells that the car of a rescue stands somewhere else by now, or that it is known
// only now where it stands.
func (s Sighting) Moved(r Rescue) bool {
	return s.Place != nil && s.At.After(r.SeenAt) && (r.Place == nil || r.Place.To(*s.Place) >= movedFrom)
}

// Drives tells that the car has driven since an instant.
func (s Sighting) Drives(since time.Time) bool {
	return s.Speed != nil && (*s.Speed >= DrivingSpeed || *s.Speed <= -DrivingSpeed) && s.SpeedAt.After(since)
}
