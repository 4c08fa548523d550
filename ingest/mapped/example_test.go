package mapped_test

import (
	"fmt"
	"time"

	"presage/ingest"
	"presage/ingest/mapped"
)

// A logger that nobody has heard of, in five lines: 100 mph are 160.9344 km/h.
func ExampleParse() {
	m, err := mapped.Parse("logger.yaml", []byte(`
name: my-logger
topics: ["fleet/{vin}/obd"]
time: {path: t, unit: s}
signals:
  speed: {signal: Vehicle.Speed, unit: mph}
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	at := time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)
	out, err := m.Decode(ingest.Message{
		Topic: "fleet/WBY1Z21010V308114/obd", Payload: fmt.Appendf(nil, `{"t": %d, "speed": 100}`, at.Unix()), Received: at,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := out.Samples[0]
	fmt.Printf("%s %s %.4f\n", s.Time.Format(time.RFC3339), s.Readings[0].Signal, s.Readings[0].Value.Number)
	// Output: 2026-11-02T07:00:00Z Vehicle.Speed 160.9344
}
