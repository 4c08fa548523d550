package converse

import (
	"context"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/visit"
)

// Listener acts on what customers say. Its fields are set once, before its first use.
type Listener struct {
	Store   Store
	Files   *visit.Files
	Desk    *visit.Desk
	Ledger  *casework.Ledger
	Planner *contact.Planner
	Now     func() time.Time
}

// Store is what a conversation reads and keeps.
type Store interface {
	Customer(ctx context.Context, id string) (presage.Customer, error)
	// CustomersByPhone lists who can be reached under an E.164 number; nobody is no error.
	CustomersByPhone(ctx context.Context, p presage.Phone) ([]presage.Customer, error)
	SetConsent(ctx context.Context, customerID string, c presage.Consent) error
	// CasesOf returns the newest cases of a customer, newest first.
	CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error)
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	PutReply(ctx context.Context, r presage.Reply) error
}
