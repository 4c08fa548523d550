package talk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/rules"
)

// Switchboard puts customers through to persons, and back. Its fields are set once,
// before its first use.
type Switchboard struct {
	Store   Store
	Planner *contact.Planner
	Cases   Actor
	// Catalogue tells what skills a repair takes.
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
}

// Actor does with a case what a person wishes.
type Actor interface {
	Act(ctx context.Context, x presage.CaseAction) (presage.Case, error)
	// Settled notes that a person has settled what the customer had written about it.
	Settled(ctx context.Context, caseID, who, note string) error
	// Allot gives a case that waits for a person to one, by itself.
	Allot(ctx context.Context, caseID, owner string, why presage.Reason) error
}

// Store keeps conversations, and reads what they are about. ErrNotFound for an unknown ID.
type Store interface {
	Conversations
	Said
	Roster
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Case(ctx context.Context, id string) (presage.Case, error)
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	// CasesOf returns the newest cases of a customer, newest first.
	CasesOf(ctx context.Context, customerID string, limit int) ([]presage.Case, error)
	// CaseEvents lists the history of a case, the oldest first.
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
	// OffersOf lists the offers of a case, the newest first.
	OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
}

// Conversations keeps where conversations stand.
type Conversations interface {
	Conversation(ctx context.Context, customerID string) (presage.Conversation, error)
	// PutConversation keeps the next version of one; ErrConflict when somebody was faster.
	PutConversation(ctx context.Context, c presage.Conversation) error
	// Conversations lists by state (open first), severity and deadline.
	Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error)
	// WaitingConversations counts those that are open, and those of them that are overdue.
	WaitingConversations(ctx context.Context, now time.Time) (waiting, late int, err error)
	// LostAnswers lists the customers whose conversation is closed though the last thing
	// that a person wrote to them did not go out.
	LostAnswers(ctx context.Context) ([]string, error)
}

// Said is what was said.
type Said interface {
	Messages(ctx context.Context, f presage.MessageFilter) ([]presage.Message, error)
	// RepliesOf lists what a customer wrote, the newest first.
	RepliesOf(ctx context.Context, customerID string, limit int) ([]presage.Reply, error)
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
}

// answersBack is how long after a person spoke to a customer whatever the customer
// writes is for that person to read.
const answersBack = 7 * 24 * time.Hour

// Heard notes that a customer wrote. why says why a person has to read it, nothing when
// none has to; asks tells that the text wants something. One that a person put off, or
// has answered lately, waits again.
func (s *Switchboard) Heard(ctx context.Context, r presage.Reply, why presage.Reason, asks bool) error {
	err := s.change(ctx, r.CustomerID, func(c *presage.Conversation) (bool, error) {
		again := c.Version > 0 && asks && c.State != presage.ConversationOpen &&
			(c.State == presage.ConversationSnoozed || r.At.Sub(c.UpdatedAt) < answersBack)
		switch {
		case !why.IsZero():
		case again:
			why = presage.Because(presage.WhyWroteAgain)
		default:
			return false, nil
		}
		if r.CaseID != "" {
			c.CaseID = r.CaseID
		}
		if mayStop(why) && c.HeldSince.IsZero() {
			c.HeldSince = r.At
		}
		return true, s.open(ctx, c, r.At, why)
	})
	if err != nil {
		return fmt.Errorf("conversation with customer %s: %w", r.CustomerID, err)
	}
	return nil
}

// change reads a conversation, a new one where there is none, and keeps what edit
// made of it; false keeps nothing.
func (s *Switchboard) change(
	ctx context.Context, customerID string, edit func(*presage.Conversation) (bool, error),
) error {
	return casework.Contend(func() error {
		c, err := s.Store.Conversation(ctx, customerID)
		if errors.Is(err, presage.ErrNotFound) {
			c, err = presage.Conversation{CustomerID: customerID}, nil
		}
		if err != nil {
			return err
		}
		ok, err := edit(&c)
		if err != nil || !ok {
			return err
		}
		c.UpdatedAt = s.Now()
		keepHold(&c)
		return s.Store.PutConversation(ctx, c)
	})
}

// open lets a conversation wait from then on. One that waits already keeps its
// moment and its deadline, unless the new text is graver.
func (s *Switchboard) open(ctx context.Context, c *presage.Conversation, at time.Time, why presage.Reason) error {
	waits := c.State == presage.ConversationOpen
	if !waits {
		c.Since = at
	}
	if !waits || grave(why) >= grave(c.Reason) { // the gravest reason stays
		c.Reason = why
	}
	c.State, c.Until = presage.ConversationOpen, time.Time{}
	if c.Owner == presage.OwnerManager && !waits {
		c.Owner = ""
	}
	due, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	if !waits || due.Before(c.DueAt) {
		c.DueAt = due
	}
	return nil
}

// grave ranks what is urgent whatever a case is about: a car that stands still, then a
// fault that was felt or seen; 0 for anything else.
func grave(why presage.Reason) int {
	switch why.Code {
	case presage.WhyStandsStill:
		return 2
	case presage.WhyFaultTold:
		return 1
	}
	return 0
}

// about fills in what the conversation is about, and says when it is due.
func (s *Switchboard) about(ctx context.Context, c *presage.Conversation) (due time.Time, err error) {
	customer, err := s.Store.Customer(ctx, c.CustomerID)
	if err != nil {
		return due, err
	}
	c.Lang = contact.LangOf(customer)
	x, err := s.caseOf(ctx, *c)
	if err != nil {
		return due, err
	}
	c.CaseID, c.WorkshopID, c.Severity = x.ID, x.WorkshopID, presage.Comfort
	if x.Severity != "" {
		c.Severity = x.Severity
	}
	if grave(c.Reason) > 0 { // whatever the case is about
		c.Severity = presage.Safety
	}
	return s.due(ctx, *c, customer)
}

// caseOf is the case that a conversation is about: the one that was spoken of, else
// the newest that goes on, else the newest; none for a customer without.
func (s *Switchboard) caseOf(ctx context.Context, c presage.Conversation) (presage.Case, error) {
	if c.CaseID != "" {
		x, err := s.Store.Case(ctx, c.CaseID)
		if !errors.Is(err, presage.ErrNotFound) {
			return x, err
		}
	}
	cases, err := s.Store.CasesOf(ctx, c.CustomerID, 20)
	if err != nil || len(cases) == 0 {
		return presage.Case{}, err
	}
	for _, x := range cases {
		if !x.State.Ended() {
			return x, nil
		}
	}
	return cases[0], nil
}

// end closes a conversation.
func (s *Switchboard) end(c *presage.Conversation, why presage.Reason) {
	c.State, c.Reason, c.DueAt, c.Until = presage.ConversationClosed, why, time.Time{}, time.Time{}
	if c.Owner == presage.OwnerManager {
		c.Owner = ""
	}
}
