package presage

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ConversationState is whether somebody has to act on a conversation.
//
//	open --> closed: a person answered, or closed it
//	  |  <--         the customer wrote again, or the answer did not arrive
//	  +--> snoozed: a person looks at it again, at Until or when the customer writes
type ConversationState string

// The states.
const (
	ConversationOpen    ConversationState = "open" // the customer waits for a person
	ConversationSnoozed ConversationState = "snoozed"
	ConversationClosed  ConversationState = "closed"
)

// ConversationStates are all of them.
func ConversationStates() []ConversationState {
	return []ConversationState{ConversationOpen, ConversationSnoozed, ConversationClosed}
}

// Conversation is where the talk with one customer stands, over all channels. There is
// one once a person was needed.
type Conversation struct {
	CustomerID string            `json:"customer_id"`
	State      ConversationState `json:"state"`
	Since      time.Time         `json:"since"`             // when the text came that waits, or waited last
	DueAt      time.Time         `json:"due_at"`            // when a person has to have acted; zero when closed
	Until      time.Time         `json:"until,omitzero"`    // of snoozed
	Severity   Severity          `json:"severity"`          // of the case that it is about
	Reason     Reason            `json:"reason"`            // why it waits, or why it ended
	Owner      string            `json:"owner"`             // the adviser's name, "manager", or "" for nobody
	Assigned   Reason            `json:"assigned,omitzero"` // why the owner has it, if it was given out by itself
	CaseID     string            `json:"case_id"`           // what was spoken of last, "" for nothing
	// HeldSince is since when all texts to the customer wait that are not about safety:
	// what they wrote may be an opt-out. Zero once a person has decided, or the customer.
	HeldSince  time.Time `json:"held_since,omitzero"`
	WorkshopID string    `json:"workshop_id"`
	Lang       Lang      `json:"lang"`
	UpdatedAt  time.Time `json:"updated_at"`
	Version    int64     `json:"-"` // counts its changes, 0 for a new one
}

// ConversationFilter selects conversations; fields that are empty select everything.
type ConversationFilter struct {
	State   ConversationState
	Owner   string
	DueBy   time.Time // due, or put off, until then
	AfterID string    // the customer of the last one of the page before
	Limit   int       // 0 for all
}

// Turn is one thing that was said in a conversation.
type Turn struct {
	At          time.Time    `json:"at"`
	From        string       `json:"from" enum:"customer,service,person"` // who said it
	Who         string       `json:"who,omitempty"`                       // the person
	Channel     ChannelName  `json:"channel"`
	Kind        string       `json:"kind,omitempty"`    // of a message of ours, or "call"
	Meaning     string       `json:"meaning,omitempty"` // of the customer's text, as it was understood
	Title       string       `json:"title,omitempty"`
	Text        string       `json:"text"`
	Link        string       `json:"link,omitempty"`
	Lang        Lang         `json:"lang,omitempty"`
	CaseID      string       `json:"case_id,omitempty"`
	MessageID   string       `json:"message_id,omitempty"`
	State       MessageState `json:"state,omitempty"` // of a message
	DeliveredAt time.Time    `json:"delivered_at,omitzero"`
	SeenAt      time.Time    `json:"seen_at,omitzero"`
	Reason      Reason       `json:"reason,omitzero"` // why a message did not go out, or what came of a call
}

// Thread is a conversation with what was said, the oldest first.
type Thread struct {
	Conversation Conversation  `json:"conversation"`
	Turns        []Turn        `json:"turns"`
	Channels     []ChannelName `json:"channels"` // by which a person may answer now, the best first
}

// KindPersonal is the kind of a message that a person wrote.
const KindPersonal = "personal"

// PersonalMessage is what a person writes to a customer.
type PersonalMessage struct {
	CustomerID string
	Channel    ChannelName // "": the one of the customer's last text
	Text       string
	Who        string
	// Key tells a second sending of the same form from a second message; "" for none.
	Key string
}

const longestPersonal = 1000

// Validate says all that is wrong with a message, by field name; ErrInvalid.
func (m PersonalMessage) Validate() error {
	var faults []error
	check := func(field string, empty bool, want string, err error) {
		if empty {
			err = fmt.Errorf("%w: want %s", ErrInvalid, want)
		}
		if err != nil {
			faults = append(faults, AtField(field, err))
		}
	}
	check("text", strings.TrimSpace(m.Text) == "", "what the customer is told", CheckNote(m.Text, longestPersonal))
	check("who", strings.TrimSpace(m.Who) == "", "the person's name", CheckPlain(m.Who, longestName))
	check("key", false, "", CheckPlain(m.Key, longestName))
	return errors.Join(faults...)
}

// TalkActionKind is what a person did with a conversation, beside answering.
type TalkActionKind string

// What a person can do with a conversation.
const (
	TalkAssign TalkActionKind = "assign"
	TalkSnooze TalkActionKind = "snooze"
	TalkClose  TalkActionKind = "close"
	TalkReopen TalkActionKind = "reopen"
)

// TalkActionKinds are all of them.
func TalkActionKinds() []TalkActionKind {
	return []TalkActionKind{TalkAssign, TalkSnooze, TalkClose, TalkReopen}
}

// TalkAction is what a person does with a conversation.
type TalkAction struct {
	CustomerID string
	Kind       TalkActionKind
	Who        string
	Owner      string    // of assign; "" takes it from whoever has it
	Until      time.Time // of snooze
	Note       string
}

// longestTalkSnooze is how long a customer may be kept waiting.
const longestTalkSnooze = 14 * 24 * time.Hour

// Validate says all that is wrong with an action, by field name; ErrInvalid.
func (a TalkAction) Validate(now time.Time) error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, AtField(field, fmt.Errorf("%w: want %s", ErrInvalid, want)))
		}
	}
	plain := func(field string, err error) {
		if err != nil {
			faults = append(faults, AtField(field, err))
		}
	}
	check(slices.Contains(TalkActionKinds(), a.Kind), "action", fmt.Sprintf("one of %v", TalkActionKinds()))
	check(strings.TrimSpace(a.Who) != "", "who", "the person's name")
	check(a.Kind == TalkAssign || a.Owner == "", "owner", "none: it is of assign")
	last := now.Add(longestTalkSnooze)
	if a.Kind == TalkSnooze {
		check(a.Until.After(now) && !a.Until.After(last), "until",
			"a time to come, at the latest "+last.UTC().Format(time.RFC3339))
	} else {
		check(a.Until.IsZero(), "until", "none: it is of snooze")
	}
	plain("who", CheckPlain(a.Who, longestName))
	plain("owner", CheckPlain(a.Owner, longestName))
	plain("note", CheckNote(a.Note, longestNote))
	return errors.Join(faults...)
}
