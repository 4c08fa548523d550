package demand

import (
	"fmt"
	"math"

	"presage"
)

// Series is the history of demand for one part, oldest first. All series of an
// assortment share their periods: Values[i] is the same month in each.
type Series struct {
	ID string
	// Values are pieces per period, >= 0; NaN is a period without a record:
	// before the part was sold, after it ended, or lost.
	Values []float64
}

// Check is an ErrInvalid that names the first series that is not history.
func Check(series []Series) error {
	if len(series) == 0 {
		return fmt.Errorf("demand history: %w: no series", presage.ErrInvalid)
	}
	periods := len(series[0].Values)
	for _, s := range series {
		if len(s.Values) != periods || periods == 0 {
			return fmt.Errorf("demand history: %w: %q has %d periods, the first series %d",
				presage.ErrInvalid, s.ID, len(s.Values), periods)
		}
		for i, y := range s.Values {
			if y < 0 || math.IsInf(y, 0) {
				return fmt.Errorf("demand history: %w: %q has demand %g in period %d",
					presage.ErrInvalid, s.ID, y, i+1)
			}
		}
	}
	return nil
}

// Class is a kind of demand (Syntetos, Boylan and Croston, JORS 56 (2005) 495-503).
type Class int

// The classes, by the mean interval between demands (1.32) and the squared
// coefficient of variation of their sizes (0.49).
const (
	Smooth Class = iota
	Erratic
	Intermittent
	Lumpy
	classes // how many there are
)

// String is the class's name.
func (c Class) String() string {
	return [...]string{Smooth: "smooth", Erratic: "erratic", Intermittent: "intermittent", Lumpy: "lumpy"}[c]
}

// Classify is the class of a history. Without two demands it is Intermittent.
func Classify(values []float64) Class {
	n, hits, sum, squares := 0.0, 0.0, 0.0, 0.0
	for _, y := range values {
		if math.IsNaN(y) {
			continue
		}
		n++
		if y > 0 {
			hits++
			sum += y
			squares += y * y
		}
	}
	if hits < 2 {
		return Intermittent
	}
	mean := sum / hits
	variation := max(0, squares/hits-mean*mean) / (mean * mean)
	switch rare, wild := n/hits >= 1.32, variation >= 0.49; {
	case rare && wild:
		return Lumpy
	case rare:
		return Intermittent
	case wild:
		return Erratic
	default:
		return Smooth
	}
}

// observed are the values with a record.
func observed(values []float64) []float64 {
	out := make([]float64, 0, len(values))
	for _, y := range values {
		if !math.IsNaN(y) {
			out = append(out, y)
		}
	}
	return out
}

// moments are mean and sample variance; 0, 0 without a value.
func moments(ys []float64) (mean, variance float64) {
	if len(ys) == 0 {
		return 0, 0
	}
	for _, y := range ys {
		mean += y / float64(len(ys))
	}
	for _, y := range ys {
		variance += (y - mean) * (y - mean) / float64(max(1, len(ys)-1))
	}
	return mean, variance
}
