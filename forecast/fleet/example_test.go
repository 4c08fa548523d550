package fleet_test

import (
	"fmt"

	"presage/forecast/fleet"
)

// Two coins.
func ExampleConvolve() {
	coin, err := fleet.FromMass([]float64{0.5, 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	two := fleet.Convolve(coin, coin)
	fmt.Println(two.Mass, two.Mean(), two.Quantile(0.9))
	// Output: [0.25 0.5 0.25] 1 2
}
