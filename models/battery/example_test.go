package battery_test

import (
	"fmt"

	"presage/models/battery"
)

// 12.50 V at 0 degC: six cells of 0.23 mV per kelvin make it 12.5276 V at 20 degC.
func ExampleRestAt20() {
	fmt.Printf("%.4f\n", battery.RestAt20(12.50, 0))
	// Output: 12.5276
}

// 20 A for two hours and a half are 50 Ah; they raise the state of charge by
// half, so the pack holds 100 Ah.
func ExampleCounter() {
	var c battery.Counter
	for minute := range 151 {
		c.Add(battery.Reading{
			Seconds: float64(60 * minute), Current: 20, SoC: 20 + float64(minute)/3, TempC: 25, Charging: true,
		})
	}
	ah, _, ok := c.Estimate()
	fmt.Printf("%.1f Ah %v\n", ah, ok)
	// Output: 100.0 Ah true
}
