package rules

import (
	"time"

	"presage"
)

// Waits is how long a channel may stay without an answer before the next one
// speaks, by what the offer is about. Quiet hours hold on top of it.
type Waits struct {
	Safety   time.Duration // default 15 min
	Mobility time.Duration // default 24 h
	Comfort  time.Duration // default 48 h
	// Seen is how long a text that was read or answered holds the next text at
	// least, from then on: who has read it need not read it again by another
	// channel within the hour. It never holds a call about safety. Default 24 h.
	Seen time.Duration
}

func defaultWaits() Waits {
	return Waits{Safety: 15 * time.Minute, Mobility: 24 * time.Hour, Comfort: 48 * time.Hour, Seen: 24 * time.Hour}
}

func (w Waits) valid() bool {
	return w.Safety > 0 && w.Safety <= w.Mobility && w.Comfort > 0 && w.Seen >= 0
}

// Unseen is the wait after a text that nothing is known of.
func (w Waits) Unseen(s presage.Severity) time.Duration {
	switch s {
	case presage.Safety:
		return w.Safety
	case presage.Comfort:
		return w.Comfort
	case presage.Mobility:
	}
	return w.Mobility
}

// After is when the wait for an answer to a text that left is over.
func (w Waits) After(m presage.Message, s presage.Severity) time.Time {
	over := m.SentAt.Add(w.Unseen(s))
	for _, noticed := range []time.Time{m.SeenAt, m.AnsweredAt} {
		if noticed.IsZero() {
			continue
		}
		if held := noticed.Add(max(w.Seen, w.Unseen(s))); held.After(over) {
			over = held
		}
	}
	return over
}

// CallsAbout tells whether the route of a case ends with a call.
func (c Config) CallsAbout(s presage.Severity) bool {
	return s == presage.Safety || s == presage.Mobility && c.Calls
}
