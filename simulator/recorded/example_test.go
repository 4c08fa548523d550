package recorded_test

import (
	"fmt"

	"presage/simulator/recorded"
)

// A recording is read as the messages that the car would have published.
func ExampleOpen() {
	r, err := recorded.Open("kit-obd", []string{"../../testdata/obd_seat_leon/kit_obd_1hz.csv.gz"},
		recorded.Options{VIN: "LX7CE5B16KA100007", BatchRows: 60})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, err := range r.Messages() {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(r.Counts().Rows, "rows")
	// Output: 601 rows
}
