package physics_test

import (
	"fmt"
	"time"

	"presage/simulator/physics"
)

// The 205th day after New Year 1970 at three in the afternoon is the hottest hour of a year without weather.
func ExampleClimate_Temperature() {
	c := physics.Climate{Mean: 12, Season: 10, Daily: 5}
	at := time.Date(1970, 1, 1, 15, 0, 0, 0, time.UTC).AddDate(0, 0, 205)
	fmt.Printf("%.1f\n", c.Temperature(at.UnixMilli()))
	// Output: 27.0
}
