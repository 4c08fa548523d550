package main

import (
	"math/rand/v2"
	"time"
)

// act is what a fault does.
type act string

// The acts. Each is a kill -9 but the last, which has one in its middle where
// the store is a process of its own.
const (
	killPresage act = "kill presage"
	killHeld    act = "kill presage while the store's writes are held"
	killStore   act = "kill the store"
	killBroker  act = "kill the broker"
	outage      act = "store outage"
)

// heldLeast is how long writes are held at least.
const heldLeast = 300 * time.Millisecond

// fault is one step of a plan.
type fault struct {
	Act   act
	After time.Duration // of undisturbed publishing
	For   time.Duration // what is killed stays away; what is held is held
}

// newPlan is the plan of a combination: kills faults of all the kinds that the
// combination has, in a random order, and one outage somewhere among them.
func newPlan(c combination, random *rand.Rand, kills int, away time.Duration) []fault {
	acts := []act{killPresage}
	if c.Store == storeInflux {
		acts = append(acts, killHeld, killStore)
	}
	if c.Broker != brokerEmbedded && !c.SpareBroker {
		acts = append(acts, killBroker)
	}
	between := func(low, high time.Duration) time.Duration {
		return low + time.Duration(random.Int64N(int64(high-low)))
	}
	plan := make([]fault, 0, kills+1)
	for i := range kills {
		plan = append(plan, fault{
			Act: acts[i%len(acts)], After: between(200*time.Millisecond, 1500*time.Millisecond),
			For: between(50*time.Millisecond, 800*time.Millisecond),
		})
		if plan[i].Act == killHeld { // a batch must fill in the meantime
			plan[i].For += heldLeast
		}
	}
	random.Shuffle(len(plan), func(i, j int) { plan[i], plan[j] = plan[j], plan[i] })
	if away > 0 {
		at := random.IntN(len(plan) + 1)
		plan = append(plan[:at], append([]fault{{Act: outage, After: time.Second, For: away}}, plan[at:]...)...)
	}
	return plan
}
