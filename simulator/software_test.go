package simulator_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

// Half of the cars say that they run the old software, some of these report a trouble
// code. Once told to update, all but a few install it, and the codes of those end.
func TestSoftware(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	c := simulator.Default(start)
	c.Vehicles, c.Software = 200, true
	w, err := simulator.New(c)
	if err != nil {
		t.Fatal(err)
	}
	type heard struct {
		version        map[presage.VIN]string
		codes, answers map[presage.VIN]string
	}
	live := func(days int) heard {
		h := heard{map[presage.VIN]string{}, map[presage.VIN]string{}, map[presage.VIN]string{}}
		for m := range w.Advance(w.Now().AddDate(0, 0, days)) {
			var e struct{ Type, Code, Rollout string }
			if !strings.HasSuffix(m.Topic, "/event") || json.Unmarshal(m.Payload, &e) != nil {
				continue
			}
			switch {
			case e.Type == "software":
				h.version[m.VIN] = e.Code
			case e.Type == "dtc" && e.Code == "U0300":
				h.codes[m.VIN] = e.Code
			case e.Type == "ota" && e.Rollout == "SW-1":
				h.answers[m.VIN] = e.Code
			}
		}
		return h
	}
	before := live(14)
	old := 0
	for vin, v := range before.version {
		if v == simulator.OldSoftware {
			old++
			w.Command(vin, []byte(`{"type": "ota", "rollout": "SW-1", "to": "4.1.2"}`))
		}
	}
	// 200 draws of a half lie within 80 to 120 in 99.5 of 100 worlds, and this one is fixed.
	if old < 80 || old > 120 || len(before.codes) < 10 || len(before.codes) > 45 {
		t.Fatalf("%d cars of the old version, %d with a code", old, len(before.codes))
	}
	after := live(14)
	installed, failed := 0, 0
	for _, code := range after.answers {
		switch code {
		case "installed":
			installed++
		case "failed":
			failed++
		}
	}
	if installed+failed < old*9/10 || failed == 0 || failed > old/4 {
		t.Errorf("%d installed it and %d failed, of %d", installed, failed, old)
	}
	still := live(14)
	for vin := range still.codes {
		if after.answers[vin] == "installed" {
			t.Errorf("%s reports the code although it has installed the update", vin.Masked())
		}
	}
}
