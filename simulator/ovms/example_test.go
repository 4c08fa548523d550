package ovms_test

import (
	"fmt"

	"presage/simulator"
	"presage/simulator/ovms"
)

// What a car publishes, as an OVMS module would: metres become kilometres.
func ExampleEncode() {
	out, err := ovms.Encode(simulator.Message{
		VIN: "WBY1Z21010V308114", Topic: "presage/v1/WBY1Z21010V308114/telemetry",
		Payload: []byte(`{"ts":1777622400000,"signals":{"Vehicle.TraveledDistance":57913100}}`),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(out[0].Topic, string(out[0].Payload))
	// Output: ovms/WBY1Z21010V308114/WBY1Z21010V308114/metric/v/p/odometer 57913.1
}
