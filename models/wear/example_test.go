package wear_test

import (
	"fmt"

	"presage/models/wear"
)

// Pads wear to 80 % and are replaced: the fourth reading is the first of the new ones.
func ExampleLastRenewal() {
	worn := []float64{60, 70, 80, 10, 12, 14, 16}
	fmt.Println(wear.LastRenewal(worn, 15, false))
	// Output: 3
}

// Five slopes without error: their mean, and the root of their variance 0.5.
func ExamplePool() {
	mean, sd, ok := wear.Pool([]float64{1, 2, 2, 2, 3}, []float64{1e-6, 1e-6, 1e-6, 1e-6, 1e-6})
	fmt.Printf("%.2f %.2f %v\n", mean, sd, ok)
	// Output: 2.00 0.71 true
}

// Wear of exactly 1 % per 1,000 km, at 90 % now: the limit is 10,000 km away,
// which a car that drives 100 km a day reaches after 100 days.
func ExamplePassage_Probability() {
	var points []wear.Point
	for i := range 41 {
		points = append(points, wear.Point{X: float64(i), Y: 50 + float64(i), W: 1}) // X in 1,000 km
	}
	line := wear.Fit(points, wear.Prior{Slope: 1, SlopeSD: 0.1, Noise: 0.5})
	p := wear.Passage{Line: line, Limit: 100, FutureCV: 0.01, Usage: wear.Usage{PerDay: 0.1}}
	fmt.Printf("%.1f %.1f %.1f\n", p.Probability(80), p.Probability(100), p.Probability(120))
	// Output: 0.0 0.5 1.0
}
