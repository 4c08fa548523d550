package deliver

import (
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
)

// Fault is a channel whose provider refuses our account, sender or settings.
// Its messages wait.
type Fault struct {
	Channel presage.ChannelName `json:"channel"`
	Since   time.Time           `json:"since"`
	Reason  string              `json:"reason"` // the provider's, free of numbers
}

// maxPause is the longest time between two trials of a channel that is held.
const maxPause = 15 * time.Minute

// holds are the channels at fault. While one is held, a single message at a
// time tries it, after pauses that double. The zero value is ready.
type holds struct {
	mu       sync.Mutex
	by       map[presage.ChannelName]*hold
	passed   map[presage.ChannelName]int // messages that the provider took or refused for their own sake
	suspects map[string]int              // messages that met a fault, and what had passed by then
}

type hold struct {
	Fault
	until    time.Time
	pause    time.Duration
	reported bool // by a receipt: that the provider accepts a message says nothing yet
	watching bool // one was accepted since, and nothing was reported of it
	trying   bool
}

// admit tells whether a message may try the channel now, and if not, until when
// it waits. Who may must say so with done.
func (h *holds) admit(name presage.ChannelName, now time.Time) (until time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	x := h.by[name]
	switch {
	case x == nil:
		return time.Time{}, true
	case now.Before(x.until):
		return x.until, false
	case x.watching:
		delete(h.by, name)
		return time.Time{}, true
	case x.trying:
		return now.Add(x.pause), false
	}
	x.trying = true
	return time.Time{}, true
}

// done ends a trial, whatever came of it.
func (h *holds) done(name presage.ChannelName) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x := h.by[name]; x != nil {
		x.trying = false
	}
}

// fault holds the channel of a message, or holds it longer. fresh tells that it
// was not held before. own tells that others passed since the message met its
// last fault: then it is about the message alone, and nothing is held.
func (h *holds) fault(m presage.Message, f Fault, pause time.Duration, reported bool) (until time.Time, fresh, own bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by == nil {
		h.by, h.passed = map[presage.ChannelName]*hold{}, map[presage.ChannelName]int{}
	}
	if h.suspects == nil || len(h.suspects) > 10_000 {
		h.suspects = map[string]int{}
	}
	if seen, known := h.suspects[m.ID]; known && h.passed[m.Channel] > seen {
		delete(h.suspects, m.ID)
		return time.Time{}, false, true
	}
	h.suspects[m.ID] = h.passed[m.Channel]
	x := h.by[m.Channel]
	if fresh = x == nil; fresh {
		x = &hold{Fault: f, pause: pause}
		h.by[m.Channel] = x
	} else if !f.Since.Before(x.until) { // a trial failed; else others of the same moment
		x.pause = min(2*x.pause, maxPause)
	}
	x.Reason, x.reported, x.watching = f.Reason, reported, false
	x.until = f.Since.Add(x.pause)
	return x.until, fresh, false
}

// pass notes that the provider dealt with a message, or delivered it. ended
// tells that this mended its channel.
func (h *holds) pass(name presage.ChannelName, now time.Time, delivered bool) (ended bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.passed != nil {
		h.passed[name]++
	}
	x := h.by[name]
	switch {
	case x == nil:
		return false
	case x.reported && !delivered:
		x.watching, x.until = true, now.Add(x.pause)
		return false
	}
	delete(h.by, name)
	return true
}

// Faults lists the channels that are held, by name.
func (d *Deliverer) Faults() []Fault {
	d.holds.mu.Lock()
	defer d.holds.mu.Unlock()
	var list []Fault
	for _, x := range d.holds.by {
		list = append(list, x.Fault)
	}
	slices.SortFunc(list, func(a, b Fault) int { return strings.Compare(string(a.Channel), string(b.Channel)) })
	return list
}
