package tesla_test

import (
	"fmt"
	"time"

	"presage/ingest"
	"presage/ingest/tesla"
)

// The dispatcher publishes one value a topic, here miles an hour as JSON.
func ExampleDecoder_Decode() {
	d, err := tesla.New("telemetry")
	if err != nil {
		fmt.Println(err)
		return
	}
	out, err := d.Decode(ingest.Message{
		Topic: "telemetry/5YJ3E1EA2KF317000/v/VehicleSpeed", Payload: []byte("50"),
		Received: time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := out.Samples[0].Readings[0]
	fmt.Printf("%s %.3f\n", r.Signal, r.Value.Number)
	// Output: Vehicle.Speed 80.467
}
