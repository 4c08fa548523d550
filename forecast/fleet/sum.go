package fleet

import (
	"fmt"

	"presage"
)

// Trial is one vehicle that takes Quantity pieces with probability P, else none.
type Trial struct {
	P        float64 // in [0, 1]
	Quantity int     // pieces, >= 1
}

func (t Trial) validate() error {
	if !(t.P >= 0 && t.P <= 1) {
		return fmt.Errorf("%w probability %v: want a number in [0, 1]", presage.ErrInvalid, t.P)
	}
	if t.Quantity < 1 {
		return fmt.Errorf("%w quantity %d: want 1 piece or more", presage.ErrInvalid, t.Quantity)
	}
	return nil
}

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
const block = 64

func sum(c *convolver, trials []Trial) Distribution {
	if len(trials) <= block {
		return oneByOne(trials)
	}
	half := (len(trials) + 1) / 2
	return c.convolve(sum(c, trials[:half]), sum(c, trials[half:]))
}

// oneByOne folds each trial's two-point mass into one buffer, from the top
// down so that every cell is read before it is overwritten.
func oneByOne(trials []Trial) Distribution {
	top := 0
	for _, t := range trials {
		top += t.Quantity
	}
	mass := make([]float64, top+1)
	mass[0] = 1
	reached := 0
	for _, t := range trials {
		q := t.Quantity
		for k := reached; k >= 0; k-- {
			mass[k+q] += mass[k] * t.P
			mass[k] *= 1 - t.P
		}
		reached += q
	}
	return Distribution{Mass: mass}.trimmed()
}
