package renewal_test

import (
	"fmt"

	"presage/models/life"
	"presage/models/renewal"
)

// A part of constant hazard 1/10 that is used one unit a month: 1 - exp(-0.1).
func ExampleCounter_Counts() {
	next := renewal.NewCounter(1).Counts(life.Weibull{Shape: 1, Scale: 10}, renewal.Unit{Usage: renewal.Usage{Mean: 1}})
	fmt.Printf("%.4f\n", next.Monthly[0])
	// Output: 0.0952
}
