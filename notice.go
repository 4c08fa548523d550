package presage

import "time"

// NoticeState is where a notice stands.
type NoticeState string

// The states. Sending means that the mail server may have it.
const (
	NoticePlanned NoticeState = "planned"
	NoticeSending NoticeState = "sending"
	NoticeSent    NoticeState = "sent"
	NoticeFailed  NoticeState = "failed" // nobody has the address
)

// Notice is an e-mail to our own people: one durable job for each address. It
// names no customer.
type Notice struct {
	ID        string      `json:"id"`   // follows from what it is about and to whom: there is one of each
	Kind      string      `json:"kind"` // "escalated", "late", "account", "digest"
	To        Email       `json:"to"`
	Lang      Lang        `json:"lang"`
	Subject   string      `json:"subject"`
	Text      string      `json:"text"`
	Link      string      `json:"link,omitempty"`
	State     NoticeState `json:"state"`
	NotBefore time.Time   `json:"not_before"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"` // of sending: when it was claimed
	SentAt    time.Time   `json:"sent_at,omitzero"`
	Attempts  int         `json:"attempts"`
	Error     string      `json:"error,omitempty"`
}

// NoticeFilter selects notices; an empty field selects everything.
type NoticeFilter struct {
	Kind          string
	To            Email
	State         NoticeState
	CreatedBefore time.Time
	BeforeID      string // rows that follow this one in the list, the newest first
	Limit         int    // 0 for all
}

// DayFigures are what came of outreach in a span of time, at one workshop or all.
type DayFigures struct {
	Offers    int // made
	Messages  int // that left for customers
	Answered  int // offers that customers answered
	Booked    int // visits booked
	Cancelled int
	NoShows   int
	Visits    int // that began
	Waiting   int // cases that a person has to act on, at the end
}
