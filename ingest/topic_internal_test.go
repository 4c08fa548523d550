package ingest

import (
	"strings"
	"testing"

	"presage"
)

// Spaces around a VIN are not part of it, but of its topic: such topics are
// read, and not remembered.
func TestLongTopicsAreNotRemembered(t *testing.T) {
	t.Parallel()
	const vin = "1M8GDM9AXKP042788" // the example of 49 CFR part 565
	d := newDecoder(MaxPayload, Oldest())
	for _, spaces := range []int{0, 1, 200, 300} {
		got, kind, err := d.topic("presage/v1/" + strings.Repeat(" ", spaces) + vin + "/telemetry")
		if err != nil || got != presage.VIN(vin) || kind != topicTelemetry {
			t.Errorf("%d spaces: %v %q %v", spaces, got, kind, err)
		}
	}
	if len(d.topics) != 2 {
		t.Errorf("%d topics are remembered, want the two short ones", len(d.topics))
	}
}
