package life

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"presage"
)

// Step is a point of a step function of age, from Age on.
type Step struct {
	Age      float64
	AtRisk   float64 // parts watched just before Age
	Events   float64 // at Age
	Value    float64
	StdError float64 // Greenwood's (survival), Nelson's (cumulative); 0 if not known
}

// Steps is a step function by growing age.
type Steps []Step

// At is the value at age; before is that of ages below the first step.
func (s Steps) At(age, before float64) float64 {
	i := sort.Search(len(s), func(i int) bool { return s[i].Age > age })
	if i == 0 {
		return before
	}
	return s[i-1].Value
}

// ProductLimit estimates survival without assuming a family (Kaplan and Meier
// 1958) with delayed entry: a part counts as at risk after its entry only. A
// part that failed at the age of another's censoring failed before it. Interval-censored
// lives are an ErrInvalid: they need one.
//
// With delayed entry the first ages may have few parts at risk; a step that
// takes them all would end the curve early, as in any such estimate.
func ProductLimit(lives []Life) (Steps, error) {
	if _, _, err := check(lives); err != nil {
		return nil, err
	}
	for i, l := range lives {
		if l.Failed() && l.Low != l.High {
			return nil, fmt.Errorf("product limit: %w: life %d is interval-censored: fit a distribution instead",
				presage.ErrInvalid, i+1)
		}
	}
	s := Steps(atRisk(lives, func(l Life) bool { return l.Failed() }))
	survival, variance := 1.0, 0.0
	for i := range s {
		survival *= 1 - s[i].Events/s[i].AtRisk
		variance += s[i].Events / (s[i].AtRisk * (s[i].AtRisk - s[i].Events))
		s[i].Value = survival
		if s[i].Events < s[i].AtRisk { // Greenwood's formula has no value at 0
			s[i].StdError = survival * math.Sqrt(variance)
		}
	}
	return s, nil
}

// atRisk counts, at every age at which some counted life ended, those lives
// and all that were watched just before.
func atRisk(lives []Life, counted func(Life) bool) []Step {
	entries, exits := make([]mark, 0, len(lives)), make([]mark, 0, len(lives))
	var ends []mark
	for _, l := range lives {
		entries = append(entries, mark{l.Entry, l.count()})
		exits = append(exits, mark{l.Low, l.count()})
		if counted(l) {
			ends = append(ends, mark{l.Low, l.count()})
		}
	}
	for _, list := range [][]mark{entries, exits, ends} {
		slices.SortFunc(list, func(a, b mark) int { return cmp.Compare(a.age, b.age) })
	}
	var steps []Step
	in, out, watched := 0, 0, 0.0
	for i := 0; i < len(ends); {
		s := Step{Age: ends[i].age}
		for ; i < len(ends) && ends[i].age == s.Age; i++ {
			s.Events += ends[i].count
		}
		for ; in < len(entries) && entries[in].age < s.Age; in++ {
			watched += entries[in].count
		}
		for ; out < len(exits) && exits[out].age < s.Age; out++ {
			watched -= exits[out].count
		}
		s.AtRisk = watched
		steps = append(steps, s)
	}
	return steps
}

type mark struct{ age, count float64 }
