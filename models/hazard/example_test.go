package hazard_test

import (
	"fmt"

	"presage/models/hazard"
)

// 3 and 2 fall: both become their mean.
func ExamplePoolAdjacent() {
	fmt.Println(hazard.PoolAdjacent([]float64{1, 3, 2, 4}, []float64{1, 1, 1, 1}))
	// Output: [1 2.5 2.5 4]
}

// Unit a fails at 3. With a horizon of 1 only its row at 2 is a failure to
// come; the failure's own row comes too late to warn.
func ExampleLabel() {
	label, judged := hazard.Label([]string{"a", "a", "a", "b", "b", "b"}, []float64{1, 2, 3, 1, 2, 3},
		[]bool{false, false, true, false, false, false}, 1)
	fmt.Println(label)
	fmt.Println(judged)
	// Output:
	// [false true false false false false]
	// [true true false true true false]
}
