package gbt32960

import (
	"fmt"
	"testing"
	"time"

	"presage"
)

// A vehicle whose times run backwards with new codes in each message does not
// fill the memory, nor do many vehicles.
func TestMemoryOfAlarmsIsBounded(t *testing.T) {
	t.Parallel()
	r := newRising()
	start := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	say := func(vin presage.VIN, at time.Time, first, n int) int {
		o := &output{vin: vin, at: at, alarms: &alarms{}}
		for i := range n {
			o.alarms.active = append(o.alarms.active, alarm{kind: "dtc", code: fmt.Sprint(first + i)})
		}
		return len(r.events(o))
	}
	for i := range 50 {
		if n := say("a", start.Add(-time.Duration(i)*time.Second), 1000*i, 1000); n != 1000 {
			t.Fatalf("message %d: %d events", i, n)
		}
	}
	if n := len(r.vehicles["a"]); n != codesPerVehicle || r.codes != n {
		t.Errorf("%d codes of a vehicle are remembered, %d in all", n, r.codes)
	}
	if n := say("a", start.Add(time.Second), 49_000, 1000); n != 0 {
		t.Errorf("%d of the newest codes were forgotten", n)
	}
	told := r.vehicles["a"]
	for i := range rememberedCodes/codesPerVehicle + 100 {
		r.keep(presage.VIN(fmt.Sprint("b", i)), told)
	}
	sum := 0
	for _, codes := range r.vehicles {
		sum += len(codes)
	}
	if sum != r.codes || sum > rememberedCodes {
		t.Errorf("%d codes are remembered, counted as %d", sum, r.codes)
	}
}
