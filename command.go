package presage

import (
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"
)

// Bounds of commands.
const (
	// MaxCommandBytes bounds the payload of one command.
	MaxCommandBytes = 64 << 10
	// MaxOpenCommands is how many commands may wait for one vehicle.
	MaxOpenCommands = 256
)

// CommandState is where a command stands.
type CommandState string

// The states. A command is open until the vehicle's PUBACK makes it done or
// its time runs out; one of them is the end. One that was withdrawn is gone.
const (
	CommandOpen    CommandState = "open"
	CommandDone    CommandState = "done"
	CommandExpired CommandState = "expired"
)

// Command is one message to one vehicle, published on presage/v1/{VIN}/command
// with QoS 1. The commands of a vehicle arrive in the order of their IDs; one
// may arrive more than once when a connection is lost before its PUBACK.
//
//	PutCommand --> open --PUBACK--> done --30 days--> gone
//	                |  \--ExpiresAt--> expired --30 days--> gone
//	                +--withdrawn--> gone
type Command struct {
	ID      int64 // rises over all vehicles; 0 until the store has numbered it
	VIN     VIN
	Payload []byte // a JSON document of any shape, at most MaxCommandBytes, sent as it is
	// Retain asks for the newest such command to be sent again, marked as
	// retained, to whoever subscribes later, until ExpiresAt.
	Retain    bool
	CreatedAt time.Time
	ExpiresAt time.Time // not sent from then on; zero for never
	DoneAt    time.Time // of the PUBACK; zero without one
	By        string    // who asked for it, at most 64 characters
}

// State is where c stands at now.
func (c Command) State(now time.Time) CommandState {
	switch {
	case !c.DoneAt.IsZero():
		return CommandDone
	case !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(now):
		return CommandExpired
	}
	return CommandOpen
}

// maxCommandBy bounds Command.By, in characters.
const maxCommandBy = 64

// Validate names every fault of a new command by its field, as ErrInvalid.
func (c Command) Validate() error {
	var f fieldFaults
	f.demand(c.VIN != "", "vin", "it is missing")
	f.demand(len(c.Payload) <= MaxCommandBytes, "payload", "%d bytes, want at most %d", len(c.Payload), MaxCommandBytes)
	f.demand(utf8.Valid(c.Payload) && json.Valid(c.Payload), "payload", "want a JSON document in UTF-8")
	f.demand(!c.CreatedAt.IsZero(), "created_at", "it is missing")
	f.demand(c.ExpiresAt.IsZero() || c.ExpiresAt.After(c.CreatedAt), "expires_at", "want a time after created_at, or none")
	f.demand(utf8.RuneCountInString(c.By) <= maxCommandBy, "by", "want at most %d characters", maxCommandBy)
	return errors.Join(f.errs...)
}

// CommandFilter selects one vehicle's commands, the newest first.
type CommandFilter struct {
	VIN    VIN
	State  CommandState // at Now; "" for all
	Now    time.Time
	Before int64 // only IDs below this one: the last of the page before; 0 for the newest
	Limit  int   // 0 for all
}
