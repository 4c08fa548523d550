package presage

import "time"

// ChannelName names a way to reach a customer.
type ChannelName string

// The channels, in the order they are tried.
const (
	ChannelPush   ChannelName = "push"
	ChannelSMS    ChannelName = "sms"
	ChannelEmail  ChannelName = "email"
	ChannelCall   ChannelName = "call"   // a task for an adviser
	ChannelOutbox ChannelName = "outbox" // on screen only: the default without a provider
)

// MessageState is where a message stands.
type MessageState string

// The states. Sending means a provider may have it: ask before sending again.
const (
	MessagePlanned    MessageState = "planned"
	MessageSending    MessageState = "sending"
	MessageSent       MessageState = "sent"
	MessageDelivered  MessageState = "delivered"
	MessageSeen       MessageState = "seen"       // opened, or answered
	MessageFailed     MessageState = "failed"     // permanently
	MessageSuppressed MessageState = "suppressed" // consent, cap or hold-out at send time
)

// Told tells whether a message left and did not come back.
func (s MessageState) Told() bool {
	return s == MessageSent || s == MessageDelivered || s == MessageSeen
}

// Message is one durable job: one text to one customer, or to a partner, sent at most
// once per Key.
type Message struct {
	ID         string       `json:"id"`
	Key        string       `json:"key"`   // idempotency key, unique
	About      string       `json:"about"` // the offer, booking or reply that it speaks of
	CaseID     string       `json:"case_id"`
	OfferID    string       `json:"offer_id"`
	VIN        VIN          `json:"vin"`
	CustomerID string       `json:"customer_id"`
	WorkshopID string       `json:"workshop_id,omitempty"` // of a text to a partner, which is no customer's
	Kind       string       `json:"kind"`                  // "offer", "reminder", "confirmation", "cancellation", ...
	Channel    ChannelName  `json:"channel"`
	Lang       Lang         `json:"lang"`
	Title      string       `json:"title"`
	Body       string       `json:"body"`
	Link       string       `json:"link"` // signed booking link, "" if none
	Safety     bool         `json:"safety"`
	State      MessageState `json:"state"`
	NotBefore  time.Time    `json:"not_before"` // quiet hours push it back
	CreatedAt  time.Time    `json:"created_at"`
	UpdatedAt  time.Time    `json:"updated_at"`
	SentAt     time.Time    `json:"sent_at"`
	// What is known of its way after that. Answered implies seen, and seen
	// delivered; the first time counts.
	DeliveredAt time.Time `json:"delivered_at,omitzero"`
	SeenAt      time.Time `json:"seen_at,omitzero"`
	AnsweredAt  time.Time `json:"answered_at,omitzero"`
	ProviderID  string    `json:"provider_id"`
	Attempts    int       `json:"attempts"`
	Reason      Reason    `json:"reason,omitzero"` // why it was held, suppressed or failed
	Error       string    `json:"error"`           // the provider's words on the last attempt, no numbers or tokens
}

// Reaction is what a customer did about a message: the one that is named, or the
// newest of an offer that left, for a link does not say which of them held it.
type Reaction struct {
	MessageID string
	OfferID   string
	At        time.Time
	Answered  bool // else seen
}

// Reply is what came back from a customer by text.
type Reply struct {
	ID         int64       `json:"id"`
	At         time.Time   `json:"at"`
	CustomerID string      `json:"customer_id"`
	Channel    ChannelName `json:"channel"`
	Text       string      `json:"text"`
	Meaning    string      `json:"meaning"` // "slot:2", "yes", "no", "reschedule", "stop", "help", "" not understood
	CaseID     string      `json:"case_id"`
	ProviderID string      `json:"-"` // the provider's ID of the message, "" without one
}

// MessageFilter selects messages; fields that are empty select everything.
type MessageFilter struct {
	CustomerID string
	CaseID     string
	State      MessageState
	BeforeID   string // the last message of the page before
	Limit      int    // 0 for all
}
