package forecast_test

import (
	"fmt"

	"presage/forecast"
)

func ExamplePlan() {
	plan, err := forecast.Plan(small())
	if err != nil {
		fmt.Println(err)
		return
	}
	f := plan.Forecasts[0]
	fmt.Printf("%s at %s: %.2f expected in %d days, %v are enough in 9 of 10 cases\n",
		f.Part, f.DepotID, f.Mean, f.HorizonDays, f.Quantiles["0.9"])
	for _, d := range f.Drivers {
		fmt.Printf("  %.2f %s, %d vehicles\n", d.Mean, d.Name, d.Vehicles)
	}
	fmt.Printf("reorder below %d, order %d now\n", f.ReorderPoint, f.OrderNow)
	// Output:
	// P-PAD at D1: 2.05 expected in 30 days, 3 are enough in 9 of 10 cases
	//   0.95 booked, 1 vehicles
	//   1.10 predicted, 2 vehicles
	//   0.00 unpredicted, 0 vehicles
	//   0.00 history, 0 vehicles
	// reorder below 2, order 4 now
}
