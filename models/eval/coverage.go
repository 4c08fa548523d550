package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"presage"
)

// Interval is a range that was said and the value that came.
type Interval struct{ Low, High, Actual float64 }

// Coverage is the share of values within their intervals, bounds included.
func Coverage(is []Interval) (float64, error) {
	if len(is) == 0 {
		return 0, fmt.Errorf("coverage: %w: no interval", presage.ErrInvalid)
	}
	in := 0
	for i, x := range is {
		if !(x.Low <= x.High) || math.IsNaN(x.Actual) {
			return 0, fmt.Errorf("coverage: %w: interval %d is %g to %g, value %g",
				presage.ErrInvalid, i+1, x.Low, x.High, x.Actual)
		}
		if x.Low <= x.Actual && x.Actual <= x.High {
			in++
		}
	}
	return float64(in) / float64(len(is)), nil
}

// RandomisedPIT is where the count k fell in a distribution with cumulative
// probabilities cdf[0..]: uniform on (F(k-1), F(k)) by rng. Over many forecasts
// that are right it is uniform on (0, 1), though counts are lumpy (Czado,
// Gneiting and Held 2009). Beyond the last cumulative probability it is 1.
func RandomisedPIT(cdf []float64, k int, rng *rand.Rand) float64 {
	if k < 0 {
		return 0
	}
	if k >= len(cdf) {
		return 1
	}
	below := 0.0
	if k > 0 {
		below = cdf[k-1]
	}
	return below + rng.Float64()*(cdf[k]-below)
}

// Alarm is what one unit's alarms were worth. Times are days from any origin.
type Alarm struct {
	Raised  []float64 // when alarms were raised, any order
	FailsAt float64   // +Inf: no failure while watched
	Watched float64   // days under watch
}

// AlarmScore sums up the alarms of a fleet.
type AlarmScore struct {
	Failures     int
	Caught       int       // failures with an alarm at least Notice and at most Horizon days before
	LeadDays     []float64 // of the caught ones, from the first such alarm, ascending
	False        int       // alarms that no failure followed within Horizon
	Alarms       int
	Watched      float64 // days
	PerThousand  float64 // alarms per 1,000 vehicle-years
	FalseShare   float64 // False / Alarms; NaN without an alarm
	MedianLead   float64 // days; NaN if nothing was caught
	ShareCaught  float64 // NaN without a failure
	FalsePerYear float64 // false alarms per 1,000 vehicle-years
}

// Alarms judges alarms: one counts as right if the unit failed between notice
// and horizon days after it. ErrInvalid: horizon below notice.
func Alarms(units []Alarm, notice, horizon float64) (AlarmScore, error) {
	if !(notice >= 0 && horizon > notice) {
		return AlarmScore{}, fmt.Errorf("alarms: %w: notice %g, horizon %g", presage.ErrInvalid, notice, horizon)
	}
	var s AlarmScore
	for _, u := range units {
		s.Watched += u.Watched
		first := math.NaN()
		for _, at := range slices.Sorted(slices.Values(u.Raised)) {
			s.Alarms++
			lead := u.FailsAt - at
			if !(lead >= notice && lead <= horizon) {
				s.False++
				continue
			}
			if math.IsNaN(first) {
				first = lead
			}
		}
		if !math.IsInf(u.FailsAt, 1) {
			s.Failures++
		}
		if !math.IsNaN(first) {
			s.Caught++
			s.LeadDays = append(s.LeadDays, first)
		}
	}
	slices.Sort(s.LeadDays)
	years := s.Watched / 365.25 / 1000
	s.PerThousand, s.FalsePerYear = float64(s.Alarms)/years, float64(s.False)/years
	s.FalseShare = float64(s.False) / float64(s.Alarms)
	s.ShareCaught = float64(s.Caught) / float64(s.Failures)
	s.MedianLead = math.NaN()
	if n := len(s.LeadDays); n > 0 {
		s.MedianLead = (s.LeadDays[(n-1)/2] + s.LeadDays[n/2]) / 2
	}
	return s, nil
}
