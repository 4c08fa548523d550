package casework

import (
	"time"

	"presage"
)

// VisitWithin is how soon what an alert is about is looked at or mended.
func VisitWithin(s presage.Severity) time.Duration {
	const day = 24 * time.Hour
	switch s {
	case presage.Safety:
		return day
	case presage.Mobility:
		return 3 * day
	default:
		return 14 * day
	}
}
