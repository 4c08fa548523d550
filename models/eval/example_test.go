package eval_test

import (
	"fmt"

	"presage/models/eval"
)

// (0.1^2 + 0.2^2) / 2.
func ExampleBrier() {
	score, err := eval.Brier([]eval.Forecast{{Probability: 0.9, Happened: true}, {Probability: 0.2}})
	fmt.Printf("%.3f %v\n", score, err)
	// Output: 0.025 <nil>
}

// Of the three pairs that can be compared two are in the right order.
func ExampleConcordance() {
	share, err := eval.Concordance([]eval.Watched{
		{Risk: 0.9, Time: 10, Failed: true}, {Risk: 0.3, Time: 20, Failed: true}, {Risk: 0.5, Time: 30},
	})
	fmt.Printf("%.3f %v\n", share, err)
	// Output: 0.667 <nil>
}

// One value of two lies in its interval.
func ExampleCoverage() {
	share, err := eval.Coverage([]eval.Interval{{Low: 1, High: 3, Actual: 2}, {Low: 1, High: 3, Actual: 4}})
	fmt.Println(share, err)
	// Output: 0.5 <nil>
}
