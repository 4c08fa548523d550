package ingest

import (
	"slices"
	"time"

	"presage"
)

// samplesPerLetter keeps the letters of refused samples below MaxPayload.
const samplesPerLetter = 100

// RejectedLetters are the dead letters of readings that the telemetry store
// refused after their messages had been acknowledged: documents of their own,
// in the native format, that Redrive can send through again.
func RejectedLetters(rejected *presage.RejectedError, at time.Time) []presage.DeadLetter {
	byVehicle := map[presage.VIN][]presage.Sample{}
	var order []presage.VIN
	for _, s := range rejected.Samples {
		if _, known := byVehicle[s.VIN]; !known {
			order = append(order, s.VIN)
		}
		byVehicle[s.VIN] = append(byVehicle[s.VIN], s)
	}
	var letters []presage.DeadLetter
	for _, vin := range order {
		for part := range slices.Chunk(byVehicle[vin], samplesPerLetter) {
			letters = append(letters, presage.DeadLetter{
				Received: at, Topic: TelemetryTopic(vin), Payload: document(part),
				Reason: ReasonStoreRejected, Detail: rejected.Reason,
			})
		}
	}
	return letters
}
