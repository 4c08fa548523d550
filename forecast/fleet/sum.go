package fleet

import (
	"fmt"

	"presage"
)

// Trial is one vehicle that takes Quantity pieces with probability P, else none.
type Trial struct {
	P        float64 // in [0, 1]
	Quantity int     // pieces, >= 1
	// Again is the cumulative hazard over the whole span, >= 0, of a part that
	// was fitted in it; 0 where what was renewed does not fail. Only
	// StratifiedSum and Shared look at it.
	Again float64
}

func (t Trial) validate() error {
	if !(t.P >= 0 && t.P <= 1) {
		return fmt.Errorf("%w probability %v: want a number in [0, 1]", presage.ErrInvalid, t.P)
	}
	if !(t.Again >= 0 && t.Again <= mostAgain) {
		return fmt.Errorf("%w hazard %v of a renewed part: want 0 to %v", presage.ErrInvalid, t.Again, mostAgain)
	}
	if t.Quantity < 1 {
		return fmt.Errorf("%w quantity %d: want 1 piece or more", presage.ErrInvalid, t.Quantity)
	}
	return nil
}

// mostAgain bounds how often a vehicle's part is renewed in a span.
const mostAgain = 100

// Sum is the exact distribution of the pieces taken by independent trials
// (Poisson-binomial when every quantity is 1). No trials give Point(0). The
// error is an ErrInvalid that names the first trial out of range.
func Sum(trials []Trial) (Distribution, error) {
	for i, t := range trials {
		if err := t.validate(); err != nil {
			return Distribution{}, fmt.Errorf("trial %d: %w", i, err)
		}
	}
	return sum(newConvolver(), trials), nil
}

// Mean is the expected number of pieces of the trials: the sum of P x Quantity.
func Mean(trials []Trial) float64 {
	mean := 0.0
	for _, t := range trials {
		mean += t.P * float64(t.Quantity)
	}
	return mean
}

// block is how many trials are summed one by one before halves are convolved.
const block = 128

func sum(c *convolver, trials []Trial) Distribution {
	if len(trials) <= block {
		return c.oneByOne(trials)
	}
	half := (len(trials) + 1) / 2
	return c.convolve(sum(c, trials[:half]), sum(c, trials[half:]))
}

// oneByOne folds each trial's two-point mass into one buffer, from the top
// down so that every cell is read before it is overwritten, or two at once
// where each takes one piece. Cells that weigh
// nothing are dropped from the top at once: most vehicles need nothing.
func (c *convolver) oneByOne(trials []Trial) Distribution {
	top := 0
	for _, t := range trials {
		top += t.Quantity
	}
	if top+1 > len(c.cells) {
		c.cells = make([]float64, top+1)
	}
	mass := c.cells[:top+1]
	clear(mass)
	mass[0] = 1
	reached, tail := 0, 0.0
	for i := 0; i < len(trials); i++ {
		t := trials[i]
		if i+1 < len(trials) && t.Quantity == 1 && trials[i+1].Quantity == 1 {
			i++
			reached += 2
			twoByTwo(mass[:reached+1], t.P, trials[i].P)
		} else {
			for k := reached; k >= 0; k-- {
				m := mass[k]
				mass[k+t.Quantity] += m * t.P
				mass[k] = m * (1 - t.P)
			}
			reached += t.Quantity
		}
		for ; reached > 0 && mass[reached] <= cut/block; reached-- {
			tail += mass[reached]
			mass[reached] = 0
		}
	}
	d := Distribution{Mass: mass[:reached+1], Tail: tail}.trimmed()
	d.Mass = append([]float64(nil), d.Mass...)
	return d
}

// twoByTwo folds two trials of one piece each into the mass, from the bottom up.
func twoByTwo(mass []float64, p, q float64) {
	none, one, both := (1-p)*(1-q), p*(1-q)+q*(1-p), p*q
	var last, before float64 // the two cells below, as they were
	for k, m := range mass {
		mass[k] = m*none + last*one + before*both
		last, before = m, last
	}
}
