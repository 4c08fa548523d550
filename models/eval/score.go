package eval

import (
	"fmt"
	"math"

	"presage"
)

// Forecast is a probability that was said and what came of it.
type Forecast struct {
	Probability float64 // in [0, 1]
	Happened    bool
}

func (f Forecast) outcome() float64 {
	if f.Happened {
		return 1
	}
	return 0
}

func check(fs []Forecast) error {
	if len(fs) == 0 {
		return fmt.Errorf("score: %w: no forecast", presage.ErrInvalid)
	}
	for i, f := range fs {
		if !(f.Probability >= 0 && f.Probability <= 1) {
			return fmt.Errorf("score: %w: forecast %d has probability %g", presage.ErrInvalid, i+1, f.Probability)
		}
	}
	return nil
}

// Brier is the mean of (probability - outcome)^2: 0 is perfect (Brier 1950).
func Brier(fs []Forecast) (float64, error) {
	if err := check(fs); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, f := range fs {
		d := f.Probability - f.outcome()
		sum += d * d
	}
	return sum / float64(len(fs)), nil
}

// LogLoss is the mean of -ln of the probability given to what happened, in
// nats. A probability within floor of 0 or 1 counts as that far from it: one
// certainty that was wrong would make the mean infinite.
func LogLoss(fs []Forecast, floor float64) (float64, error) {
	if err := check(fs); err != nil {
		return 0, err
	}
	sum := 0.0
	for _, f := range fs {
		p := min(max(f.Probability, floor), 1-floor)
		if !f.Happened {
			p = 1 - p
		}
		sum -= math.Log(p)
	}
	return sum / float64(len(fs)), nil
}
