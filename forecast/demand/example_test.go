package demand_test

import (
	"fmt"

	"presage/forecast/demand"
)

// Sizes 2 and 4 smooth to 2.2, intervals 2 and 3 to 2.1; SBA takes 5 % off.
func ExampleCroston() {
	values := []float64{0, 2, 0, 0, 4}
	fmt.Printf("%.4f %.4f\n", demand.Croston(values, 0.1), demand.SBA(values, 0.1))
	// Output: 1.0476 0.9952
}

// A demand every fourth period, of sizes that hardly differ.
func ExampleClassify() {
	fmt.Println(demand.Classify([]float64{0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3}) == demand.Intermittent)
	// Output: true
}

// Asked for in half of the periods, dying in a tenth, silent for one: 0.1 / (0.1 + 0.9 * 0.5).
func ExampleObsolete() {
	fmt.Printf("%.4f\n", demand.Obsolete(0.5, 0.1, 1))
	// Output: 0.1818
}
