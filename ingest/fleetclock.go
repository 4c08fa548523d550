package ingest

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"presage"
)

const (
	// heardVehicles is of how many vehicles the latest message is remembered:
	// enough for a majority, too few for a clock that was right yesterday.
	heardVehicles = 64
	// leastAhead is how many vehicles at the least must be ahead of the service
	// before it doubts its own clock: one or two are set wrong more often than it.
	leastAhead = 3
	// farBehind is how far vehicles are behind when the service's clock may be
	// ahead: less is what a garage without a network explains.
	farBehind = 24 * time.Hour
)

// fleetClock holds the service's clock against what vehicles say. When more
// than half of the last heardVehicles, and at least leastAhead, say a time that
// the service would refuse as future, the service's clock is taken to be behind.
// While fewer were heard, and all of them are ahead, it waits a moment (patience)
// for more of them.
//
// Each vehicle has one vote, its latest message; what was kept by the broker,
// is driven again, or has no time of its own but its arrival does not vote.
type fleetClock struct {
	mu    sync.Mutex
	place map[[17]byte]int
	votes []vote
	next  int // where the vehicle after those that are known goes
}

// vote is what a vehicle said last.
type vote struct {
	vin   [17]byte
	claim int64 // its newest time, epoch ms
	ahead int64 // of the service's clock at the time, ms
}

func newFleetClock() *fleetClock {
	return &fleetClock{place: make(map[[17]byte]int, heardVehicles), votes: make([]vote, 0, heardVehicles)}
}

// hear notes that vin said claim, in epoch ms, when the service's clock was at.
func (c *fleetClock) hear(vin presage.VIN, claim, at int64) {
	if len(vin) != len(vote{}.vin) || claim == at {
		return
	}
	v := vote{vin: [17]byte([]byte(vin)), claim: claim, ahead: claim - at}
	c.mu.Lock()
	defer c.mu.Unlock()
	i, known := c.place[v.vin]
	switch {
	case known:
	case len(c.votes) < heardVehicles:
		i = len(c.votes)
		c.votes = append(c.votes, v)
		c.place[v.vin] = i
	default:
		i = c.next
		c.next = (c.next + 1) % heardVehicles
		delete(c.place, c.votes[i].vin)
		c.place[v.vin] = i
	}
	c.votes[i] = v
}

// behind is an ErrUnavailable while most vehicles are ahead of now. alone says
// that too few were heard to tell, but all of them are ahead.
func (c *fleetClock) behind(now time.Time) (alone bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	limit, ahead := now.Add(maxAhead).UnixMilli(), 0
	by := make([]int64, 0, len(c.votes))
	for _, v := range c.votes {
		if by = append(by, v.claim-now.UnixMilli()); v.claim > limit {
			ahead++
		}
	}
	if ahead < leastAhead {
		return ahead > 0 && ahead == len(c.votes), nil
	}
	if 2*ahead <= len(c.votes) {
		return false, nil
	}
	slices.Sort(by)
	return false, &presage.PublicError{
		Words: "the clock seems to be behind that of most vehicles: set it (NTP)",
		Err: fmt.Errorf("%w: the service's clock shows %s and seems to be behind: of the last %d vehicles heard %d "+
			"are more than %v ahead, the middle one by %v; set the clock (NTP): what would be in the future waits",
			presage.ErrUnavailable, now.UTC().Format(time.RFC3339), len(c.votes), ahead, maxAhead,
			(time.Duration(by[len(by)/2]) * time.Millisecond).Round(time.Second)),
	}
}

// ahead tells by how much the service's clock is before all vehicles, if that
// is farBehind at the least.
func (c *fleetClock) ahead() (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	least := int64(1) << 62
	for _, v := range c.votes {
		least = min(least, -v.ahead)
	}
	by := time.Duration(least) * time.Millisecond
	return by, len(c.votes) >= leastAhead && least >= farBehind.Milliseconds()
}

// offset is how far the middle vehicle was ahead of the service's clock, in seconds.
func (c *fleetClock) offset() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.votes) == 0 {
		return 0
	}
	all := make([]int64, len(c.votes))
	for i, v := range c.votes {
		all[i] = v.ahead
	}
	slices.Sort(all)
	return float64(all[len(all)/2]) / 1e3
}

// Clock is nil while the service's clock agrees with the vehicles', an
// ErrUnavailable while it seems to be behind and messages wait for it. note
// tells, when it is not "", that it seems to be ahead: nothing waits for that.
func (p *Pipeline) Clock() (note string, err error) {
	if p.deps.Now == nil || p.cfg.JudgeAlone {
		return "", nil
	}
	if _, err := p.fleet.behind(p.deps.Now()); err != nil {
		return "", err
	}
	if by, is := p.fleet.ahead(); is {
		return fmt.Sprintf("the clock shows %s, and no vehicle heard lately is less than %v behind: is it set right?",
			p.deps.Now().UTC().Format(time.RFC3339), by.Round(time.Second)), nil
	}
	return "", nil
}
