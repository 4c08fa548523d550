package ingest_test

import (
	"fmt"
	"time"

	"presage"
	"presage/ingest"
)

// Readings that are good are kept, whatever is wrong with the others.
func ExampleDecodeTelemetry() {
	const vin presage.VIN = "LPSAAAAA1AA000001"
	payload := []byte(`{"ts":"2026-11-02T07:00:00Z","signals":{"Vehicle.Speed":62.5,"Vehicle.TraveledDistance":61000}}`)
	received := time.Date(2026, 11, 2, 7, 0, 1, 0, time.UTC)
	samples, faults, err := ingest.DecodeTelemetry(vin, payload, received)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ingest.TelemetryTopic(vin))
	fmt.Println(len(samples), "sample of", len(samples[0].Readings), "readings,", len(faults), "faults")
	// Output:
	// presage/v1/LPSAAAAA1AA000001/telemetry
	// 1 sample of 2 readings, 0 faults
}

// An event is taken in whole or not at all.
func ExampleDecodeEvent() {
	payload := []byte(`{"ts":"2026-11-02T07:00:00Z","type":"dtc","code":"P0AA6"}`)
	e, err := ingest.DecodeEvent("LPSAAAAA1AA000001", payload, time.Date(2026, 11, 2, 7, 0, 1, 0, time.UTC))
	fmt.Println(e.Type, e.Code, err)
	// Output: dtc P0AA6 <nil>
}
