package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

// Some cars do not start: each says so once at a place near its workshop, and does not
// drive for four hours.
func TestStrands(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	c := simulator.Default(start)
	c.Vehicles, c.Strand = 200, true
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	stood, moved := map[presage.VIN]int64{}, 0
	for m := range w.Advance(start.AddDate(0, 0, 20)) {
		var e struct {
			TS         int64
			Type, Code string
		}
		if !strings.HasSuffix(m.Topic, "/event") || json.Unmarshal(m.Payload, &e) != nil {
			continue
		}
		if e.Code == "no_start" {
			stood[m.VIN] = e.TS
		} else if at, stands := stood[m.VIN]; stands && e.Type == "trip_end" && e.TS > at && e.TS < at+4*3_600_000 {
			moved++
		}
	}
	// 200 cars, 20 days and one in 250 days are 16 on average: 5 to 31 hold 99.8 of 100 worlds.
	if len(stood) < 5 || len(stood) > 31 || moved > 0 {
		t.Errorf("%d cars stood still, %d of them drove", len(stood), moved)
	}
}
