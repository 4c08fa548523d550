package deliver

import (
	"context"
	"log/slog"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/rules"
)

// Deliverer sends planned messages and takes their receipts. Its fields are set
// once, before its first use.
type Deliverer struct {
	Store   Store
	Ledger  *casework.Ledger
	Cap     *casework.Cap
	Planner *contact.Planner
	Offers  Offerer
	Rules   rules.Current
	Now     func() time.Time
	Log     *slog.Logger

	holds holds
}

// Store is the durable queue, and what it takes to judge a message. ErrNotFound
// for an unknown ID.
type Store interface {
	Queue
	Partners
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// ChangeConsent changes what a step names; ErrConflict with ErrStale when the
	// consent is not the one that was seen.
	ChangeConsent(ctx context.Context, customerID string, x presage.ConsentStep) error
	// SetEmailBad keeps that an address of a customer reaches nobody.
	SetEmailBad(ctx context.Context, customerID string, address presage.Email) error
	Case(ctx context.Context, id string) (presage.Case, error)
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	Offer(ctx context.Context, id string) (presage.Offer, error)
	Booking(ctx context.Context, id string) (presage.Booking, error)
	// FreedOffer is an earlier time that somebody was offered; ErrNotFound.
	FreedOffer(ctx context.Context, id string) (presage.FreedOffer, error)
	Rescue(ctx context.Context, id string) (presage.Rescue, error)
	// RescueEvents lists the history of a rescue, the oldest first.
	RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error)
	// Conversation is where the talk with a customer stands; ErrNotFound for none.
	Conversation(ctx context.Context, customerID string) (presage.Conversation, error)
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
}

// Queue is the durable queue of texts.
type Queue interface {
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	// ClaimMessages moves planned messages that may go out now to sending and
	// counts the attempt, atomically. over: one channel, "" for all.
	ClaimMessages(ctx context.Context, over presage.ChannelName, now time.Time, limit int) ([]presage.Message, error)
	// SaveMessage keeps state, provider ID, times, attempts and error.
	SaveMessage(ctx context.Context, m presage.Message) error
	// Sending returns what was claimed before olderThan and never recorded.
	Sending(ctx context.Context, olderThan time.Time) ([]presage.Message, error)
	// RenewClaim compares and sets the instant of a claim; ErrConflict when
	// somebody else took the message over or recorded it.
	RenewClaim(ctx context.Context, id string, was, now time.Time) error
	// MessagesOf returns the messages of a case, newest first.
	MessagesOf(ctx context.Context, caseID string) ([]presage.Message, error)
	// MessageByProviderID: ErrNotFound when the provider's ID is not ours.
	MessageByProviderID(ctx context.Context, id string) (presage.Message, error)
	// KeepReceipt keeps a receipt of a message whose sending is not recorded yet,
	// ReceiptsDue lists those whose message is recorded by now.
	KeepReceipt(ctx context.Context, r presage.Receipt, at time.Time) error
	ReceiptsDue(ctx context.Context) ([]presage.Receipt, error)
	ForgetReceipt(ctx context.Context, providerID string) error
}
