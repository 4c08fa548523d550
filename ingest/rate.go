package ingest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"presage"
)

const (
	maxRate = 1e6
	// trackedVehicles bounds the limiter's memory: two generations of as many
	// vehicles, some 80 bytes each. A vehicle that is passed over begins anew.
	trackedVehicles = 100_000
	// An outage shorter than this needs no credit.
	leastOutage = 5 * time.Second
	// What gathered while the service did not run is not known to it: after a
	// start, vehicles are credited with so much time, for so long.
	startCredit = 7 * 24 * time.Hour
	startWindow = 10 * time.Minute
	// Arrivals of one vehicle differ in order by less than this, unless the
	// clock was set back.
	clockBack = time.Minute
)

// limiter is the generic cell rate algorithm (ITU-T I.371, annex A) with one
// instant a vehicle: when its bucket will be full again. What gathered at the
// broker while we could not take it in is not a vehicle's fault, so the time
// of an outage is credited to everybody until as much time again has gone by.
// nil limits nobody.
type limiter struct {
	mu    sync.Mutex // between who starts batches and who finishes them
	every int64      // ns a message
	depth int64      // ns of burst
	now   map[presage.VIN]int64
	old   map[presage.VIN]int64

	creditFrom  int64 // Unix ns: buckets fill from here on
	creditUntil int64 // while it is earlier than this
}

func newLimiter(rate float64, burst int) *limiter {
	if rate <= 0 {
		return nil
	}
	every := int64(float64(time.Second) / rate)
	return &limiter{every: every, depth: every * int64(burst), now: map[presage.VIN]int64{}}
}

// credit gives everybody the time from..until, in Unix ns, until a window of
// at least the same length has passed.
func (l *limiter) credit(from, until int64) {
	if until < l.creditUntil { // two outages close together are one
		from = min(from, l.creditFrom)
	}
	l.creditFrom, l.creditUntil = from, until+max(until-from, int64(time.Minute))
}

// allow takes one message of vin at the Unix time at, in ns.
func (l *limiter) allow(vin presage.VIN, at int64) bool {
	if l.creditUntil == 0 {
		l.creditFrom, l.creditUntil = at-int64(startCredit), at+int64(startWindow)
	}
	floor := at
	if at < l.creditUntil {
		floor = l.creditFrom
	}
	full, ok := l.now[vin]
	if !ok {
		full, vin = l.old[vin], presage.VIN(strings.Clone(string(vin))) // it may be a piece of a large message
		if len(l.now) >= trackedVehicles {
			l.old, l.now = l.now, make(map[presage.VIN]int64, trackedVehicles)
		}
	}
	if full-at > l.depth+int64(clockBack) { // further ahead than any bucket: the clock was set back
		full = floor
	}
	full = max(full, floor) + l.every
	if full-at > l.depth {
		l.now[vin] = full - l.every
		return false
	}
	l.now[vin] = full
	return true
}

// limit makes dead letters of what vehicles send beyond their rate. It sees
// batches in the order of submission, before they are written.
func (p *Pipeline) limit(b *batch) {
	if p.rate == nil {
		return
	}
	if p.deps.Now != nil {
		b.began = p.deps.Now()
	}
	p.rate.mu.Lock()
	defer p.rate.mu.Unlock()
	for _, it := range b.items {
		if it.vin == "" || it.redrive != nil || p.rate.allow(it.vin, it.msg.Received.UnixNano()) {
			continue
		}
		if it.tooLarge() { // only its head is kept, which Redrive knows by this reason
			continue
		}
		if f, ok := p.formatOf(it.msg.Topic).(forgetful); ok && len(it.events) > 0 {
			f.Forget(it.vin)
		}
		it.samples, it.events = nil, nil
		it.faults = []Fault{{
			Reason: ReasonRateLimited, Count: 1,
			Detail: fmt.Sprintf("more than %g messages a second from one vehicle, after %d at once: "+
				"see what it sends, then drive the letter again", p.cfg.RatePerVehicle, p.cfg.RateBurst),
		}}
	}
}

func (it *item) tooLarge() bool {
	return slices.ContainsFunc(it.faults, func(f Fault) bool { return f.Reason == ReasonTooLarge })
}

// creditOutage is told when a batch was started that is finished now.
func (p *Pipeline) creditOutage(began time.Time) {
	if p.rate == nil || p.deps.Now == nil {
		return
	}
	if ended := p.deps.Now(); ended.Sub(began) >= leastOutage {
		p.rate.mu.Lock()
		defer p.rate.mu.Unlock()
		p.rate.credit(began.UnixNano(), ended.UnixNano())
	}
}
