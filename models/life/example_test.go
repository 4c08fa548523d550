package life_test

import (
	"fmt"

	"presage/models/life"
)

// Three parts under observation: one was seen only from 50 on, one is still
// alive. The mean life is the time watched over the failures: 550 / 2.
func ExampleFit() {
	lives := []life.Life{life.Exact(0, 100), life.Exact(50, 200), life.Alive(0, 300)}
	fitted, err := life.Fit(lives, life.FamilyExponential)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("half fail by %.1f\n", fitted.Quantile(0.5)) // 275 ln 2
	// Output: half fail by 190.6
}

// S(50,000 km) = exp(-(50/100)^2).
func ExampleWeibull_Survival() {
	pads := life.Weibull{Shape: 2, Scale: 100_000}
	fmt.Printf("%.4f\n", pads.Survival(50_000))
	// Output: 0.7788
}

// Kaplan and Meier by hand: 3/4 after the first failure, 3/4 of 1/2 after the second.
func ExampleProductLimit() {
	steps, err := life.ProductLimit([]life.Life{
		life.Exact(0, 10), life.Alive(0, 20), life.Exact(0, 30), life.Alive(0, 40),
	})
	fmt.Println(steps.At(5, 1), steps.At(10, 1), steps.At(35, 1), err)
	// Output: 1 0.75 0.375 <nil>
}

// Two units watched until 40 and 25: a repair at 10 and one at 20 add a half
// each, that at 30 a whole one, for only one unit is still watched.
func ExampleMeanCumulative() {
	steps, err := life.MeanCumulative([]life.History{
		{Unit: "a", End: 40, Events: []float64{10, 30}}, {Unit: "b", End: 25, Events: []float64{20}},
	})
	fmt.Println(steps.At(15, 0), steps.At(22, 0), steps.At(35, 0), err)
	// Output: 0.5 1 2 <nil>
}

// A prior worth 2 failures sees 2 more where its distribution expected 6: half its rate, twice its life.
func ExamplePopulation_Learn() {
	p := life.Population{Weibull: life.Weibull{Shape: 1, Scale: 100}, Events: 2}
	p = p.Learn(2, 6)
	fmt.Printf("%.0f %.0f\n", p.Scale, p.Events)
	// Output: 200 4
}
