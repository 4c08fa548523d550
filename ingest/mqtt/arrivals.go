package mqtt

import (
	"math"
	"sync"
	"time"
)

const (
	tickEvery = 250 * time.Millisecond // how often arrivals looks at the connection
	saveEvery = time.Second            // how often it is remembered beyond the process
	// leastGap is how long nobody must have looked after the connection before
	// what comes then counts as kept by the broker meanwhile.
	leastGap = 2 * time.Second
	// caughtUp is how long nothing must have come, with everything
	// acknowledged, before the broker counts as having sent all that it kept.
	caughtUp = 100 * time.Millisecond
	// leastExpected is how many messages an outage is taken for at the least.
	leastExpected = 16
	paceWindow    = time.Minute // over which the usual rate of messages is averaged
)

// Heard is what is known of a session's past: until At, all that the broker had
// for us was taken over, at Pace messages a second in the last minute.
type Heard struct {
	At   time.Time `json:"at"`
	Pace float64   `json:"pace"`
}

// Memory keeps a Heard beyond the process. Load's zero means that there is none.
// Both are called by one goroutine at a time; an error is logged and costs the
// estimate alone.
//
// What is kept is at most a second old when the process is killed.
type Memory interface {
	Load() (Heard, error)
	Save(h Heard) error
}

// instant is a time by the service's clock and by one that never steps.
type instant struct {
	wall time.Time
	mono time.Duration
}

func (i instant) since(j instant) time.Duration { return min(i.wall.Sub(j.wall), i.mono-j.mono) }

// arrivals estimates when the messages were sent that a broker kept while
// nobody took them over: MQTT 3.1.1 does not tell. Live messages were sent when
// they arrive. After a gap (a lost connection, a restart, a process that was
// stopped, stores that held) what comes is spread over the gap in the order of
// its arrival, at the pace of the minute before; beyond half of what that pace
// lets expect, ever closer, so that the order stays whatever comes:
//
//	share of the gap
//	1    |                          ..........
//	     |               ........
//	1/2  |        .....
//	     |    ..
//	     |..
//	     +-------+------+---------------------> messages
//	            1/2     1   of those expected
//
// It ends when nothing more comes, when no more comes than usual, or after as
// long as the gap was.
type arrivals struct {
	mu sync.Mutex

	alive   instant       // until then all was taken over; zero: not known
	heard   instant       // the newest bytes from the broker
	slack   time.Duration // how long after alive the gap may have begun
	pace    float64       // messages a second, live
	watched time.Duration // over which pace was averaged, up to paceWindow

	waiting    bool    // a read of the connection waits
	entered    instant // since when
	quiet      bool    // it has waited since the tick before
	subscribed bool    // on this connection
	ticked     instant
	counted    int // messages since ticked
	saved      time.Time

	since    time.Time // of the present gap; zero: live
	began    time.Time // when its messages began to come
	expected float64
	n        int
	newest   time.Time // estimate given
}

// recall begins with what was known when the process before ended.
func (a *arrivals) recall(h Heard) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if h.At.IsZero() || !(h.Pace >= 0) || math.IsInf(h.Pace, 0) {
		return
	}
	a.alive, a.heard = instant{wall: h.At}, instant{wall: h.At}
	a.slack, a.pace, a.watched = saveEvery, h.Pace, paceWindow
}

// known is what should be remembered at wall; false when nothing is new.
func (a *arrivals) known(wall time.Time, last bool) (Heard, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	at := a.alive.wall
	if !a.since.IsZero() && a.newest.After(at) {
		at = a.newest
	}
	if at.IsZero() || !last && wall.Sub(a.saved).Abs() < saveEvery {
		return Heard{}, false
	}
	a.saved = wall
	return Heard{At: at, Pace: a.pace}, true
}

// subscribe says that the subscriptions of this connection stand.
func (a *arrivals) subscribe() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.subscribed = true
}

// enter says that a read of the connection begins to wait.
func (a *arrivals) enter(now instant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting, a.entered, a.quiet = true, now, false
}

// arrive says that bytes came; empty is since when all before them is acknowledged, zero if it is not.
func (a *arrivals) arrive(now, empty instant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	waited := a.waiting && a.subscribed && !empty.wall.IsZero() &&
		now.since(a.entered) >= caughtUp && now.since(empty) >= caughtUp
	a.waiting, a.quiet, a.heard = false, false, now
	switch {
	case !a.since.IsZero():
		if waited {
			a.live(now)
		}
	case !a.alive.wall.IsZero() && a.gap(now) >= leastGap:
		a.since, a.began = a.alive.wall.Add(min(a.slack, now.wall.Sub(a.alive.wall))), now.wall
		a.n, a.newest = 0, a.since
		a.expected = math.Max(leastExpected, a.pace*a.began.Sub(a.since).Seconds())
	default:
		a.live(now)
	}
}

// gap is how long nobody looked after the connection. A step of the wall's clock
// is none; over the end of a process or a connection nothing else is known.
func (a *arrivals) gap(now instant) time.Duration {
	if a.subscribed {
		return now.since(a.alive)
	}
	return now.wall.Sub(a.alive.wall)
}

// live says that by now everything has been taken over.
func (a *arrivals) live(now instant) {
	a.alive, a.slack, a.since = now, tickEvery, time.Time{}
}

// stamp is when a message that is read at wall was probably sent, and within
// which time that is; zero when it was sent just now.
func (a *arrivals) stamp(wall time.Time) (sent time.Time, within time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.counted++
	gap := wall.Sub(a.since)
	if a.since.IsZero() || gap <= 0 {
		return time.Time{}, 0
	}
	a.n++
	share := float64(a.n) / a.expected
	if share > 0.5 {
		share = 1 - 1/(4*share)
	}
	sent = a.since.Add(time.Duration(share * float64(gap)))
	if sent.Before(a.newest) {
		sent = a.newest
	}
	a.newest = sent
	return sent, gap
}

// tick looks at the connection; empty is as in arrive.
func (a *arrivals) tick(now, empty instant) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before, n := a.ticked, a.counted
	a.ticked, a.counted = now, 0
	span := now.since(before)
	if before.wall.IsZero() || now.wall.Sub(before.wall) >= leastGap || span <= 0 {
		return // the process itself stood still, or a clock was set
	}
	quiet := a.quiet && a.waiting && a.subscribed && !empty.wall.IsZero()
	a.quiet = a.waiting
	switch {
	case quiet:
		a.live(now)
	case !a.since.IsZero() && a.over(now, n, span):
		a.live(now)
	}
	if a.since.IsZero() && a.subscribed {
		a.watched = min(a.watched+span, paceWindow)
		a.pace += (float64(n)/span.Seconds() - a.pace) * span.Seconds() / a.watched.Seconds()
	}
}

// over tells whether what the broker had kept must have come by now.
func (a *arrivals) over(now instant, n int, span time.Duration) bool {
	usual := a.pace * span.Seconds()
	if usual >= leastExpected && float64(n) <= 1.5*usual {
		return true
	}
	return now.wall.Sub(a.began) > max(a.began.Sub(a.since), 10*time.Second)
}

// lose says that the connection has ended. When the other side closed it, it
// was good until then; else the last bytes are the last sign of life.
func (a *arrivals) lose(now instant, closed bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case !a.since.IsZero(): // the rest comes on the next connection
		a.alive, a.slack = instant{wall: a.newest, mono: now.mono}, 0
		a.since = time.Time{}
	case a.subscribed && closed && a.waiting && now.since(a.alive) < leastGap:
		a.alive, a.slack = now, 0
	case a.subscribed && !closed:
		a.alive, a.slack = a.heard, 0
	}
	a.waiting, a.quiet, a.subscribed = false, false, false
}
