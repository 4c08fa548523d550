package deliver

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
)

// Fault is a channel whose provider refuses our account, sender or settings, for
// all messages or for some. They wait.
type Fault struct {
	Channel presage.ChannelName `json:"channel"`
	Since   time.Time           `json:"since"`
	Reason  string              `json:"reason"` // the provider's, free of numbers
}

// maxPause is the longest time between two trials of a channel that is held.
const maxPause = 15 * time.Minute

// maxSuspects bounds what is remembered of messages at fault.
const maxSuspects = 10_000

// holds are the channels at fault. While one is held, a single message at a
// time tries it, after pauses that double. The zero value is ready.
type holds struct {
	mu       sync.Mutex
	by       map[presage.ChannelName]*hold
	passed   map[presage.ChannelName]int // messages that the provider took or refused for their own sake
	suspects map[string]int              // messages that met a fault, and what had passed by then
	alone    map[string]*hold            // messages that are at fault while others pass: a country that we may not text
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
// last fault: then it waits alone.
func (h *holds) fault(m presage.Message, f Fault, pause time.Duration, reported bool,
) (until time.Time, fresh, own bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.by == nil {
		h.by, h.passed = map[presage.ChannelName]*hold{}, map[presage.ChannelName]int{}
	}
	if h.suspects == nil || len(h.suspects) > maxSuspects {
		h.suspects, h.alone = map[string]int{}, map[string]*hold{}
	}
	if seen, known := h.suspects[m.ID]; known && h.passed[m.Channel] > seen {
		x := h.alone[m.ID]
		if fresh = x == nil; fresh {
			x = &hold{Fault: f, pause: pause}
			h.alone[m.ID] = x
		}
		x.longer(f)
		return x.until, fresh, true
	}
	h.suspects[m.ID] = h.passed[m.Channel]
	x := h.by[m.Channel]
	if fresh = x == nil; fresh {
		x = &hold{Fault: f, pause: pause}
		h.by[m.Channel] = x
	}
	x.longer(f)
	x.reported, x.watching = reported, false
	return x.until, fresh, false
}

// longer holds again: longer where a trial failed, not for others of the same moment.
func (x *hold) longer(f Fault) {
	if !x.until.IsZero() && !f.Since.Before(x.until) {
		x.pause = min(2*x.pause, maxPause)
	}
	x.Reason, x.until = f.Reason, f.Since.Add(x.pause)
}

// pass notes that the provider dealt with a message, or delivered it. ended
// tells that this mended its channel.
func (h *holds) pass(m presage.Message, now time.Time, delivered bool) (ended bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	name := m.Channel
	delete(h.alone, m.ID)
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

// Faults lists the channels that are held, and those on which some messages wait
// alone, by name.
func (d *Deliverer) Faults() []Fault {
	d.holds.mu.Lock()
	defer d.holds.mu.Unlock()
	all := map[presage.ChannelName]Fault{}
	for id, x := range d.holds.alone {
		switch f, known := all[x.Channel]; {
		case d.Now().After(x.until.Add(maxPause)): // it was not tried again: nobody waits for it any more
			delete(d.holds.alone, id)
		case !known || x.Since.Before(f.Since):
			all[x.Channel] = x.Fault
		}
	}
	for name, x := range d.holds.by {
		all[name] = x.Fault
	}
	return slices.SortedFunc(maps.Values(all), func(a, b Fault) int {
		return strings.Compare(string(a.Channel), string(b.Channel))
	})
}
