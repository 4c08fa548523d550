package ingest

import "presage"

// Reasons of a dead letter: stable words for counting and filtering.
const (
	ReasonMalformed      = "malformed_json"  // not JSON, or not of the contract's shape
	ReasonWrongVIN       = "wrong_vin"       // the topic's VIN is none
	ReasonForeignVIN     = "foreign_vin"     // the payload speaks for another vehicle than the topic
	ReasonFutureTime     = "future_time"     // more than five minutes ahead of its arrival
	ReasonMissingTime    = "missing_time"    // no time, or one that no clock shows (see Config.Oldest)
	ReasonTooLarge       = "too_large"       // above Config.MaxPayload, as sent or after gunzip
	ReasonBadValue       = "bad_value"       // a signal's value cannot be read; the rest is stored
	ReasonBadTopic       = "bad_topic"       // not a topic of the contract
	ReasonReservedSignal = "reserved_signal" // "Presage." is ours; the rest is stored
	ReasonEmpty          = "empty"           // nothing in it to store
	ReasonUnknownVehicle = "unknown_vehicle" // not registered, and Config.Unknown is not "register"
	ReasonRateLimited    = "rate_limited"    // more messages than one vehicle may send
	// ReasonSuspectUnit marks readings that are stored, and would be usual in
	// another unit: told once for each vehicle and signal.
	ReasonSuspectUnit   = "suspect_unit"
	ReasonStoreRejected = "store_rejected" // the telemetry store refuses these samples for good
)

// Fault is a part of a message that could not be taken in. One Fault stands
// for all samples of the message with the same reason.
type Fault struct {
	Reason string
	Detail string // the first case: what, where and how to mend it; never a VIN
	Count  int    // how many cases
	// Payload holds the samples concerned as a document of their own that can
	// be driven again; nil means the whole message.
	Payload []byte
}

// RefusedError is the error of a message that is dead as a whole.
type RefusedError struct {
	Reason string // one of the Reason constants
	Detail string // never a VIN
}

func (e *RefusedError) Error() string { return e.Reason + ": " + e.Detail }

// Unwrap makes it an ErrInvalid: it will stay wrong.
func (e *RefusedError) Unwrap() error { return presage.ErrInvalid }

func refuse(reason, detail string) error { return &RefusedError{Reason: reason, Detail: detail} }
