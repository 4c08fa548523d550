package life

import (
	"fmt"
	"math"
	"math/rand/v2"

	"presage"
)

// Goodness tells how well a distribution agrees with the lives.
type Goodness struct {
	// Statistic is the mean squared distance between the distribution's survival and the
	// product limit at the failures (Cramer and von Mises).
	Statistic  float64
	PValue     float64 // share of replicates that lie further off; small: the distribution does not fit
	Replicates int
}

// bootstrapLives bounds the size of a replicate.
const bootstrapLives = 20_000

// GoodnessOfFit draws replicates of the lives from the fitted distribution, with the
// same entries and the censoring that the lives themselves show, fits the
// family to each and compares the distances to the product limit (parametric
// bootstrap: the distribution was fitted, so tables of the statistic do not hold).
// ErrInvalid: interval-censored lives, covariates, or more than 20,000 lives.
func (f Fitted) GoodnessOfFit(replicates int, rng *rand.Rand) (Goodness, error) {
	if len(f.Beta) > 0 || f.N > bootstrapLives {
		return Goodness{}, fmt.Errorf("goodness of fit: %w: want no covariates and at most %d lives",
			presage.ErrInvalid, bootstrapLives)
	}
	lives := singles(f.problem.lives)
	d, err := distance(f.Distribution, lives)
	if err != nil {
		return Goodness{}, fmt.Errorf("goodness of fit: %w", err)
	}
	censoring, err := ProductLimit(flipped(lives))
	if err != nil {
		return Goodness{}, fmt.Errorf("goodness of fit: %w", err)
	}
	g := Goodness{Statistic: d}
	further := 0
	for range replicates {
		again := f.replicate(lives, censoring, rng)
		refit, err := Fit(again, f.Family)
		if err != nil {
			continue // a draw without failures: says nothing
		}
		if d, err = distance(refit.Distribution, again); err != nil {
			return Goodness{}, fmt.Errorf("goodness of fit: %w", err)
		}
		if g.Replicates++; d >= g.Statistic {
			further++
		}
	}
	g.PValue = (1 + float64(further)) / (1 + float64(g.Replicates)) // never 0: the data are one draw too
	return g, nil
}

// singles are the lives one by one.
func singles(lives []Life) []Life {
	var out []Life
	for _, l := range lives {
		one := l
		one.Count = 0
		for range int(math.Round(l.count())) {
			out = append(out, one)
		}
	}
	return out
}

// flipped are the lives of the watch: it ends where a part is censored.
func flipped(lives []Life) []Life {
	out := make([]Life, len(lives))
	for i, l := range lives {
		if l.Failed() {
			out[i] = Alive(l.Entry, l.Low)
			continue
		}
		out[i] = Exact(l.Entry, max(l.Low, math.Nextafter(l.Entry, math.Inf(1))))
	}
	return out
}

// replicate draws every life anew.
func (f Fitted) replicate(lives []Life, censoring Steps, rng *rand.Rand) []Life {
	out := make([]Life, len(lives))
	for i, l := range lives {
		age := f.Quantile(1 - f.Survival(l.Entry)*(1-rng.Float64()))
		age = max(age, math.Nextafter(l.Entry, math.Inf(1)))
		end := l.Low
		if l.Failed() {
			end = watchEnd(censoring, l.Low, rng.Float64())
		}
		out[i] = Exact(l.Entry, age)
		if age > end {
			out[i] = Alive(l.Entry, end)
		}
	}
	return out
}

// watchEnd draws when the watch of a part would have ended that failed at
// after: from the censoring of the others, given that it was later.
func watchEnd(censoring Steps, after, u float64) float64 {
	level := (1 - u) * censoring.At(after, 1)
	for _, s := range censoring {
		if s.Age > after && s.Value < level {
			return s.Age
		}
	}
	return math.Inf(1)
}

// distance is the mean squared one between the distribution and the product limit.
func distance(d Distribution, lives []Life) (float64, error) {
	steps, err := ProductLimit(lives)
	if err != nil {
		return 0, err
	}
	sum, n, before := 0.0, 0.0, 1.0
	for _, s := range steps {
		// Half-way up the step: the estimate jumps where the distribution does not.
		gap := d.Survival(s.Age) - (s.Value+before)/2
		sum += s.Events * gap * gap
		n += s.Events
		before = s.Value
	}
	return sum / max(n, 1), nil
}
