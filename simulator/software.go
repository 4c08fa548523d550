package simulator

import (
	"encoding/json"

	"presage"
)

// The versions of the fleet's control units.
const (
	OldSoftware = "4.1.0"
	NewSoftware = "4.1.2"
)

const (
	oldShare    = 0.5  // of the cars run the old version
	brokenShare = 0.25 // of them report a trouble code because of it
	refuseShare = 0.08 // of the cars cannot install an update
	codeEvery   = 3 * 24 * hour
)

// software is what a car's control units run, and the update that it was sent.
type software struct {
	version string
	broken  bool  // it reports a trouble code now and then
	refuses bool  // an update fails
	next    int64 // no trouble code before, ms
	told    bool  // it has said its version
	rollout string
	to      string // the version of the update; "" for none
}

// newSoftware draws from a stream of its own: what else happens to a car does not
// depend on it.
func (k *car) newSoftware() *software {
	r := k.world.stream(k.n, 9)
	s := &software{version: NewSoftware}
	if r.Float64() < oldShare {
		s.version = OldSoftware
		s.broken = r.Float64() < brokenShare
		s.refuses = r.Float64() < refuseShare
	}
	return s
}

// Command is what a car is sent on its topic of commands. An update of its software is
// installed when the car is parked next; anything else is ignored, and so is a command to
// a car that is not of this world.
func (w *World) Command(vin presage.VIN, payload []byte) {
	k, known := w.byVIN[vin]
	if !known || k.soft == nil {
		return
	}
	var c struct{ Type, Rollout, To string }
	if json.Unmarshal(payload, &c) == nil && c.Type == presage.EventOTA && c.To != "" {
		k.soft.rollout, k.soft.to = c.Rollout, c.To
	}
}

// tellSoftware is what the control units say when the car wakes.
func (k *car) tellSoftware(t int64) {
	s := k.soft
	if s == nil {
		return
	}
	if !s.told {
		s.told = true
		k.box.Event(t, presage.EventSoftware, s.version, "")
	}
	if s.broken && t >= s.next {
		s.next = t + codeEvery
		k.box.Event(t, "dtc", "U0300", "") // software incompatibility
	}
}

// install installs an update while the car is parked.
func (k *car) install(t int64) {
	s := k.soft
	if s == nil || s.to == "" {
		return
	}
	answer := map[string]string{"rollout": s.rollout}
	code := string(presage.CarInstalled)
	if s.refuses {
		code, answer["note"] = string(presage.CarFailed), "12 V too low"
	} else {
		s.version, s.broken = s.to, false
	}
	s.rollout, s.to = "", ""
	k.box.Say(t, presage.EventOTA, code, answer)
	if !s.refuses {
		k.box.Event(t+second, presage.EventSoftware, s.version, "")
	}
}

// controlSoftware is the catalogue's component.
const controlSoftware presage.ComponentID = "control_software"

// flash is what a workshop finds and does about a car's software.
func (k *car) flash() presage.Outcome {
	s := k.soft
	found := presage.OutcomeNoFaultFound
	if s.broken {
		found = presage.OutcomeConfirmed
	}
	s.told = s.told && s.version == NewSoftware
	s.version, s.broken, s.to = NewSoftware, false, ""
	return found
}
