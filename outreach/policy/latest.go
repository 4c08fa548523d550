package policy

import (
	"time"

	"presage"
)

// latestHorizon is how far ahead LatestDay looks.
const latestHorizon = 365

// tolerated is how probable a failure before the visit may be: what is
// dangerous is repaired long before it fails, what is a nuisance may wait.
func tolerated(s presage.Severity) float64 {
	switch s {
	case presage.Safety:
		return 0.2
	case presage.Mobility:
		return 0.5
	default:
		return 0.8
	}
}

// LatestDay is the last day, counted from the prognosis, on which a visit is
// still in time: until then a failure is no more probable than is tolerated, 20 %
// for safety, 50 % for mobility, 80 % for comfort. At least 1, at most 365.
func LatestDay(p presage.FailWithin, s presage.Severity) int {
	for day := 2; day <= latestHorizon; day++ {
		if p.By(float64(day)) > tolerated(s) {
			return day - 1
		}
	}
	return latestHorizon
}

// LastAsk is the last moment to ask a customer in about what was judged at a moment:
// the visit can still be told of, and begin by LatestDay, each within the notice.
func LastAsk(judged time.Time, p presage.FailWithin, s presage.Severity, notice time.Duration) time.Time {
	return judged.AddDate(0, 0, LatestDay(p, s)).Add(-2 * notice)
}
