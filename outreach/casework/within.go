package casework

import (
	"time"

	"presage"
)

// VisitWithin is within what time after an alert people look at the car.
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
