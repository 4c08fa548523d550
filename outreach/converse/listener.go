package converse

import (
	"context"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/rules"
	"presage/outreach/visit"
)

// Listener acts on what customers say. Its fields are set once, before its first use.
type Listener struct {
	Store   Store
	Files   *visit.Files
	Desk    *visit.Desk
	Ledger  *casework.Ledger
	Planner *contact.Planner
	Offers  Offerer
	Persons Persons
	Fetcher Fetcher
	Rules   rules.Current
	Now     func() time.Time
}

// Offerer makes the offer of an open case.
type Offerer interface {
	Offer(ctx context.Context, caseID string) error
}

// Fetcher fetches cars that stand still.
type Fetcher interface {
	// Report opens the rescue of a case; ErrConflict where it has ended, or the car is in
	// the workshop.
	Report(ctx context.Context, caseID, who string) (presage.Rescue, error)
}

// Persons are told of what customers write.
type Persons interface {
	// Heard notes a text. why says why a person has to read it, nothing when none has
	// to; asks tells that it wants something.
	Heard(ctx context.Context, r presage.Reply, why presage.Reason, asks bool) error
	// WroteClearly ends the doubt whether a customer wants messages: they wrote something clear.
	WroteClearly(ctx context.Context, customerID string) error
}

// Store is what a conversation reads and keeps.
type Store interface {
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// CustomersByPhone lists who can be reached under an E.164 number; nobody is no error.
	CustomersByPhone(ctx context.Context, p presage.Phone) ([]presage.Customer, error)
	// ChangeConsent changes what a step names; ErrConflict with ErrStale when the
	// consent is not the one that was seen.
	ChangeConsent(ctx context.Context, customerID string, x presage.ConsentStep) error
	// Resume gives back what the customer's own STOP took of push and SMS, and
	// opens the channels that more gives.
	Resume(ctx context.Context, customerID string, more presage.Consent) error
	// CasesOf returns the newest cases of a customer, newest first.
	CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error)
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	PutReply(ctx context.Context, r presage.Reply) error
	// AnswerOffer notes how an offer was answered.
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
	// React notes what a customer did about a message that left.
	React(ctx context.Context, x presage.Reaction) error
	// LastReply is what a customer wrote last; ErrNotFound without any.
	LastReply(ctx context.Context, customerID string) (presage.Reply, error)
	// Prognoses are what is known of a vehicle's components.
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	Told
	Suppressor
	// AmendCase changes a case without moving it and notes why; ErrConflict when it has ended.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	// LastCases returns the newest cases of a vehicle, the newest first.
	LastCases(ctx context.Context, vin presage.VIN, n int) ([]presage.Case, error)
}

// Told knows what was said to customers.
type Told interface {
	// LastSent lists, for each case of the customers, the last message that was
	// really sent to them, the newest first; channel "" means any.
	LastSent(ctx context.Context, customerIDs []string, channel presage.ChannelName) ([]presage.Message, error)
	// Told counts the messages of the kinds that were made for the customers
	// since then and went out or are about to.
	Told(ctx context.Context, customerIDs, kinds []string, since time.Time) (int, error)
}

// Suppressor keeps what a number has stopped, whoever is registered with it.
type Suppressor interface {
	Suppress(ctx context.Context, xs ...presage.Suppression) error
	Lift(ctx context.Context, phone presage.Phone, channels ...presage.ChannelName) error
}
