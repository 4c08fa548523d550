package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// soakAct is what a fault of a soak does.
type soakAct string

// The acts of a soak.
const (
	crash        soakAct = "kill presage"
	fillDisk     soakAct = "fill the disk"
	stepClock    soakAct = "step the clock"
	stall        soakAct = "stop the process for a while"
	lockDatabase soakAct = "lock the database" // by another process
)

// soakFault is one step of a soak.
type soakFault struct {
	Act   soakAct
	After time.Duration // of undisturbed publishing
	For   time.Duration
	Leave int64         // fillDisk: bytes that are left
	Step  time.Duration // stepClock: how far
	Kill  bool          // presage is killed and started again in its middle
}

func (f soakFault) String() string {
	text := string(f.Act)
	if f.Act == fillDisk {
		text += fmt.Sprintf(", %d MiB left", f.Leave>>20)
	}
	if f.Act == stepClock {
		text += fmt.Sprintf(" by %v", f.Step)
	}
	if f.Kill {
		text += ", and kill presage"
	}
	return text
}

// can tells which faults a machine allows.
type can struct{ disk, clock bool }

// newSoakFault is the next fault: its kind and all of its figures are random.
func newSoakFault(random *rand.Rand, of can) soakFault {
	acts := []soakAct{crash, stall, lockDatabase}
	if of.disk {
		acts = append(acts, fillDisk, fillDisk) // more often: it can be done in more ways
	}
	if of.clock {
		acts = append(acts, stepClock, stepClock)
	}
	between := func(low, high time.Duration) time.Duration {
		return low + time.Duration(random.Int64N(int64(high-low)))
	}
	f := soakFault{
		Act:   acts[random.IntN(len(acts))],
		After: between(time.Second, 8*time.Second), For: between(time.Second, 12*time.Second),
		Leave: []int64{0, 0, 64 << 20, 200 << 20}[random.IntN(4)],
		Step:  []time.Duration{-72 * time.Hour, -10 * time.Minute, 10 * time.Minute, 72 * time.Hour}[random.IntN(4)],
		Kill:  random.IntN(3) == 0,
	}
	switch f.Act {
	case crash:
		f.For, f.Kill = between(50*time.Millisecond, 2*time.Second), false
	case lockDatabase:
		f.Kill = false // a start needs the database: that is another story
	case stall:
		f.For = between(time.Second, 8*time.Second)
	case fillDisk, stepClock:
	}
	return f
}
