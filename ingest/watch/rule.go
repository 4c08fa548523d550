package watch

import (
	"errors"
	"fmt"

	"presage"
)

// rule is a compiled presage.WatchRule.
type rule struct {
	presage.WatchRule
	specs []presage.SignalSpec // of Signals
	per   presage.SignalSpec
	gates []presage.SignalSpec // of While
}

// track is one rule on one signal; for an event rule, signal is "".
type track struct {
	rule   *rule
	signal string
	spec   presage.SignalSpec
}

// table is the rules by what they look at. It never changes.
type table struct {
	tracks   []track
	bySignal map[string][]int // into tracks
	sieve    [1 << 12]bool    // by grain of the signals: most readings end here
	events   []int            // into tracks
	place    map[key]int
}

// grain is a few bytes of a name, mixed: far cheaper than the hash of a map.
func grain(name string) int {
	n := len(name)
	if n < 10 {
		return n
	}
	return (n + 67*int(name[n-1]) + 131*int(name[n-6]) + 257*int(name[n-10])) & (1<<12 - 1)
}

// of lists the tracks that look at a signal.
func (t *table) of(signal string) []int {
	if !t.sieve[grain(signal)] {
		return nil
	}
	return t.bySignal[signal]
}

// key names a track.
type key struct{ rule, signal string }

func compile(rules []presage.WatchRule) (*table, error) {
	t := &table{bySignal: map[string][]int{}, place: map[key]int{}}
	seen := map[string]bool{}
	var faults []error
	for _, r := range rules {
		faults = append(faults, r.Validate())
		if seen[r.ID] {
			faults = append(faults, fmt.Errorf("watch rule %s: %w: duplicate ID", r.ID, presage.ErrInvalid))
		}
		seen[r.ID] = true
		x := &rule{WatchRule: r.WithDefaults()}
		faults = append(faults, x.lookUp())
		if r.Event != nil {
			t.events = append(t.events, t.add(x, ""))
		}
		for i, name := range r.Signals {
			n := t.add(x, name)
			t.tracks[n].spec = x.specs[i]
			t.bySignal[name] = append(t.bySignal[name], n)
			t.sieve[grain(name)] = true
		}
	}
	return t, errors.Join(faults...)
}

func (t *table) add(r *rule, signal string) int {
	n := len(t.tracks)
	t.tracks = append(t.tracks, track{rule: r, signal: signal})
	t.place[key{r.ID, signal}] = n
	return n
}

// lookUp finds the valid ranges of what the rule reads.
func (r *rule) lookUp() error {
	var faults []error
	find := func(name string) presage.SignalSpec {
		spec, ok := presage.LookupSignal(name)
		if !ok {
			faults = append(faults, fmt.Errorf("watch rule %s: %w: signal %q is not in the signal table",
				r.ID, presage.ErrInvalid, name))
		}
		return spec
	}
	for _, name := range r.Signals {
		r.specs = append(r.specs, find(name))
	}
	for _, g := range r.While {
		r.gates = append(r.gates, find(g.Signal))
	}
	if r.Per != nil {
		r.per = find(r.Per.Signal)
	}
	return errors.Join(faults...)
}
