package simulator_test

import (
	"fmt"
	"time"

	"presage/simulator"
)

// A fleet lives a day; what it publishes comes in the order of arrival.
func ExampleNew() {
	start := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	w, err := simulator.New(simulator.Config{Vehicles: 3, Seed: 1, Start: start})
	if err != nil {
		fmt.Println(err)
		return
	}
	messages := 0
	for range w.Advance(start.AddDate(0, 0, 1)) {
		messages++
	}
	fmt.Println(len(w.Fleet().Vehicles), "vehicles,", messages > 0, w.Now().Format(time.DateOnly))
	// Output: 3 vehicles, true 2026-07-02
}
