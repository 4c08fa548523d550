package watch

import (
	"errors"
	"fmt"

	"presage"
)

// rule is a compiled presage.WatchRule.
type rule struct {
	presage.WatchRule
	specs map[string]presage.SignalSpec // of every signal it reads
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
	events   []int            // into tracks
	place    map[key]int
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
			faults = append(faults, fmt.Errorf("watch rule %s: %w: stands twice", r.ID, presage.ErrInvalid))
		}
		seen[r.ID] = true
		x := &rule{WatchRule: r.WithDefaults(), specs: map[string]presage.SignalSpec{}}
		faults = append(faults, x.lookUp())
		if r.Event != nil {
			t.events = append(t.events, t.add(x, ""))
		}
		for _, name := range r.Signals {
			t.bySignal[name] = append(t.bySignal[name], t.add(x, name))
		}
	}
	return t, errors.Join(faults...)
}

func (t *table) add(r *rule, signal string) int {
	n := len(t.tracks)
	t.tracks = append(t.tracks, track{rule: r, signal: signal, spec: r.specs[signal]})
	t.place[key{r.ID, signal}] = n
	return n
}

// lookUp finds the valid ranges of what the rule reads.
func (r *rule) lookUp() error {
	names := append([]string(nil), r.Signals...)
	for _, g := range r.While {
		names = append(names, g.Signal)
	}
	if r.Per != nil {
		names = append(names, r.Per.Signal)
	}
	var faults []error
	for _, name := range names {
		spec, ok := presage.LookupSignal(name)
		if !ok {
			faults = append(faults, fmt.Errorf("watch rule %s: %w: signal %q is not in the signal table",
				r.ID, presage.ErrInvalid, name))
		}
		r.specs[name] = spec
	}
	return errors.Join(faults...)
}
