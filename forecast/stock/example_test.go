package stock_test

import (
	"fmt"

	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// Two pieces are asked for in half of the cases, none otherwise: one on the
// shelf serves half of the demand, two serve all.
func ExampleUpToForFill() {
	support, cdf := []float64{0, 1, 2}, []float64{0.5, 0.5, 1}
	fmt.Println(stock.UpToForFill(support, cdf, 0.5), stock.UpToForFill(support, cdf, 0.9))
	// Output: 1 2
}

// With one piece at hand half a piece is asked for in vain, in half of the cases.
func ExampleShort() {
	during, err := fleet.FromMass([]float64{0.5, 0, 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stock.Short(during, 1))
	// Output: 0.5 0.5
}
