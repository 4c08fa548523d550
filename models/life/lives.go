package life

import (
	"errors"
	"fmt"
	"math"

	"presage"
)

// Life is what is known of one part's life, in any one unit of use (km, days,
// cycles). The zero Entry and Count stand for none and one.
type Life struct {
	// Entry is the age at which the part came under observation (left
	// truncation): it would not be here had it failed before. 0: since new.
	Entry float64
	// Low and High bound the age at failure. Equal: it failed at that very age.
	// High above Low: between the two (interval-censored; Low may be 0). High
	// +Inf: alive at Low (right-censored).
	Low, High float64
	// X are covariates; each multiplies the life by exp(beta x) (accelerated
	// failure time). All lives have the same number of them.
	X []float64
	// Count is how many equal lives this stands for; 0 means 1.
	Count float64
}

// Exact is a part that failed at age, watched from entry on.
func Exact(entry, age float64) Life { return Life{Entry: entry, Low: age, High: age} }

// Alive is a part that was seen to be alive at age, watched from entry on.
func Alive(entry, age float64) Life { return Life{Entry: entry, Low: age, High: math.Inf(1)} }

// Between is a part that failed after low and at high at the latest.
func Between(entry, low, high float64) Life { return Life{Entry: entry, Low: low, High: high} }

// Failed tells whether the part has failed, at whatever age.
func (l Life) Failed() bool { return !math.IsInf(l.High, 1) }

func (l Life) count() float64 {
	if l.Count == 0 {
		return 1
	}
	return l.Count
}

// check says what is wrong with l, "" if nothing.
func (l Life) check(covariates int) string {
	if what := l.checkAges(); what != "" {
		return what
	}
	if !(l.Count >= 0) || math.IsInf(l.Count, 0) {
		return "a count that is none"
	}
	if len(l.X) != covariates {
		return fmt.Sprintf("%d covariates, the first life has %d", len(l.X), covariates)
	}
	for _, x := range l.X {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return "a covariate that is not a finite number"
		}
	}
	return ""
}

func (l Life) checkAges() string {
	switch {
	case !(l.Entry >= 0) || !(l.Low >= 0) || math.IsInf(l.Entry+l.Low, 0):
		return "an age that is negative or not a finite number"
	case !(l.High >= l.Low):
		return "the upper bound lies below the lower one"
	case !l.Failed() && l.Low < l.Entry:
		return fmt.Sprintf("alive at %g, before its entry at %g", l.Low, l.Entry)
	case !l.Failed():
		return ""
	case l.High == 0:
		return "failed at age 0: a life must be positive (give an interval instead)"
	case l.High <= l.Entry:
		return fmt.Sprintf("failed at %g, at or before its entry at %g: it could not have been seen", l.High, l.Entry)
	}
	return ""
}

// maxFaults bounds how many faults one error names.
const maxFaults = 10

// check counts lives and failures; the error names the faulty lives by their
// place, from 1 on.
func check(lives []Life) (n, events float64, err error) {
	var faults []error
	for i, l := range lives {
		if what := l.check(len(lives[0].X)); what != "" {
			if faults = append(faults, fmt.Errorf("life %d: %s", i+1, what)); len(faults) == maxFaults {
				break
			}
			continue
		}
		n += l.count()
		if l.Failed() {
			events += l.count()
		}
	}
	if len(faults) > 0 {
		return 0, 0, fmt.Errorf("lives: %w: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	if n == 0 {
		return 0, 0, fmt.Errorf("lives: %w: there is none", presage.ErrInvalid)
	}
	return n, events, nil
}
