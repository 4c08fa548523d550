package forecast_test

import (
	"fmt"
	"time"

	"presage"
	"presage/forecast"
)

// Weeks begin on Monday: 29 November 2026 is a Sunday.
func ExampleMonday() {
	fmt.Println(forecast.Monday(presage.DayOf(time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC))))
	// Output: 2026-11-23
}
