package life

import (
	"fmt"
	"slices"

	"presage"
)

// Incidence is, for each cause, the share of parts that have failed of it by
// an age while the other causes compete for them (cumulative incidence,
// Aalen and Johansen 1978). causes holds each life's cause from 0 on, -1 for a
// part still alive. One minus the product limit of one cause alone would be
// too large: it supposes that the others can be switched off.
//
// The sum over causes is 1 - ProductLimit. ErrInvalid: the lengths differ, a
// cause stands for a part alive or none for one that failed, or a life is
// interval-censored.
func Incidence(lives []Life, causes []int) ([]Steps, error) {
	if len(causes) != len(lives) {
		return nil, fmt.Errorf("incidence: %w: %d lives and %d causes", presage.ErrInvalid, len(lives), len(causes))
	}
	for i, l := range lives {
		if l.Failed() != (causes[i] >= 0) {
			return nil, fmt.Errorf("incidence: %w: life %d: cause %d and failed %t disagree",
				presage.ErrInvalid, i+1, causes[i], l.Failed())
		}
	}
	survival, err := ProductLimit(lives)
	if err != nil || len(survival) == 0 {
		return nil, err
	}
	out := make([]Steps, slices.Max(causes)+1)
	for cause := range out {
		events := map[float64]float64{}
		for i, l := range lives {
			if causes[i] == cause {
				events[l.Low] += l.count()
			}
		}
		sum, before := 0.0, 1.0
		for _, s := range survival {
			if n := events[s.Age]; n > 0 {
				sum += before * n / s.AtRisk
				out[cause] = append(out[cause], Step{Age: s.Age, AtRisk: s.AtRisk, Events: n, Value: sum})
			}
			before = s.Value
		}
	}
	return out, nil
}
