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
	ID        string // follows from what it is about and to whom: there is one of each
	Kind      string // "escalated", "late", "account", "digest"
	To        Email
	Lang      Lang
	Subject   string
	Text      string
	Link      string
	State     NoticeState
	NotBefore time.Time
	CreatedAt time.Time
	UpdatedAt time.Time // of sending: when it was claimed
	SentAt    time.Time
	Attempts  int
	Error     string
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
