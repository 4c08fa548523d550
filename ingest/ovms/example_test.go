package ovms_test

import (
	"fmt"
	"time"

	"presage/ingest"
	"presage/ingest/ovms"
)

// A module of OVMS v3 publishes one metric a topic; its units become the signal table's.
func ExampleDecoder_Decode() {
	out, err := ovms.New().Decode(ingest.Message{
		Topic: "ovms/WBY1Z21010V308114/blue/metric/v/p/odometer", Payload: []byte("57913.1"),
		Received: time.Date(2026, 5, 1, 8, 0, 5, 0, time.UTC),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reading := out.Samples[0].Readings[0]
	fmt.Println(reading.Signal, int(reading.Value.Number))
	// Output: Vehicle.TraveledDistance 57913100
}
