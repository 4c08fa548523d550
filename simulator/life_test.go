package simulator_test

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/simulator"
)

// live lets a world live and throws its messages away.
func live(w *simulator.World, to time.Time) {
	for range w.Advance(to) {
	}
}

// The bounds are the brief: 25-50 cases of pads, 10-15 of 12 V batteries, about
// ten leaks, a few packs and shock absorbers in 120 days of 200 vehicles. A case
// is a failure or one that would come within 30 days; some owners are faster.
func TestFleetIsLivelyAndBelievable(t *testing.T) {
	t.Parallel()
	w := world(t, 200, 1, nil)
	cases := make(map[presage.ComponentID]int)
	var last time.Time
	for day := range 120 {
		live(w, summer.AddDate(0, 0, day+1))
		for _, b := range w.Breakdowns() {
			f := b.Findings[0]
			if b.BookingID != "" || f.Outcome != presage.OutcomeFailed || !f.Replaced || len(b.PartsUsed) != 1 ||
				b.At.After(w.Now()) || b.At.Before(w.Now().AddDate(0, 0, -1)) || b.At.Before(last) {
				t.Errorf("breakdown %+v at %v", b, w.Now())
			}
			last = b.At
			if now, ok := w.Truth(b.VIN, f.Component); !ok || now.Used > 0.2 {
				t.Errorf("%s after its replacement: %+v", f.Component, now)
			}
			cases[f.Component]++
		}
		last = time.Time{}
	}
	for _, v := range w.Fleet().Vehicles {
		for _, c := range catalogue().Components {
			tr, ok := w.Truth(v.VIN, c.ID)
			if ok != (c.ID != presage.HVBattery || v.Powertrain != presage.Combustion) || tr.Used < -0.2 || math.IsNaN(tr.Value) {
				t.Fatalf("%s %s: truth %+v, %v", v.VIN.Masked(), c.ID, tr, ok)
			}
			if !tr.FailsAt.IsZero() && tr.FailsAt.Before(w.Now().AddDate(0, 0, 30)) {
				cases[c.ID]++
			}
		}
	}
	bounds := map[presage.ComponentID][2]int{
		presage.BrakePadsFront: {14, 40}, presage.BrakePadsRear: {8, 30}, presage.Battery12V: {8, 25},
		presage.TyreLeak: {6, 25}, presage.HVBattery: {0, 10}, presage.ShockAbsorbers: {1, 14},
	}
	for id, b := range bounds {
		if n := cases[id]; n < b[0] || n > b[1] {
			t.Errorf("%s: %d cases in 120 days of 200 vehicles, want %d-%d", id, n, b[0], b[1])
		}
	}
	c := w.Published()
	if perDay := float64(c.Samples) / (200 * 120); perDay < 30 || perDay > 60 {
		t.Errorf("%.1f samples a vehicle and day, want 30-60", perDay)
	}
}

// charged is what one charge put into a pack, counted from telemetry.
type charged struct{ ah, soc, lastAmps, lastSoC float64 }

// TestChargesCountCoulombs reads the capacity from partial charges as any
// textbook does, current over time against the change of charge, and compares it
// with the truth.
func TestChargesCountCoulombs(t *testing.T) {
	t.Parallel()
	w := world(t, 40, 4, &simulator.Faults{})
	sums := make(map[presage.VIN]*charged)
	lastAt := make(map[presage.VIN]time.Time)
	number := func(m map[string]json.RawMessage, name string) (x float64) {
		if err := json.Unmarshal(m[name], &x); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return x
	}
	for m := range w.Advance(summer.AddDate(0, 0, 20)) {
		for _, s := range decode(t, m.Payload) {
			if string(s.signals[presage.SignalIsCharging]) == "" {
				delete(lastAt, m.VIN)
				continue
			}
			amps, soc := number(s.signals, presage.SignalPackCurrent), number(s.signals, presage.SignalStateOfCharge)
			c := sums[m.VIN]
			if c == nil {
				c = &charged{}
				sums[m.VIN] = c
			}
			if at, ok := lastAt[m.VIN]; ok && s.at.Sub(at) < 6*time.Minute && s.at.After(at) {
				c.ah += c.lastAmps * s.at.Sub(at).Hours()
				c.soc += (soc - c.lastSoC) / 100
			}
			c.lastAmps, c.lastSoC, lastAt[m.VIN] = amps, soc, s.at
		}
	}
	checked := 0
	for _, v := range w.Fleet().Vehicles {
		c := sums[v.VIN]
		if c == nil || c.soc < 0.5 {
			continue
		}
		truth, _ := w.Truth(v.VIN, presage.HVBattery)
		if health := 100 * c.ah / c.soc / v.PackCapacityAh; math.Abs(health-truth.Value) > 2 {
			t.Errorf("%s: %.1f %% by coulombs, truth %.1f %%", v.VIN.Masked(), health, truth.Value)
		}
		checked++
	}
	if checked < 10 {
		t.Errorf("only %d packs were charged enough", checked)
	}
}

// worn finds the vehicle whose front pads are worn most, but still there.
func worn(t *testing.T, w *simulator.World) presage.VIN {
	t.Helper()
	return slices.MaxFunc(w.Fleet().Vehicles, func(a, b presage.Vehicle) int {
		x, _ := w.Truth(a.VIN, presage.BrakePadsFront)
		y, _ := w.Truth(b.VIN, presage.BrakePadsFront)
		return int(1000*x.Used) - int(1000*y.Used)
	}).VIN
}

func TestVisitFindsTheTruthAndRenews(t *testing.T) {
	t.Parallel()
	w := world(t, 60, 9, &simulator.Faults{})
	live(w, summer.AddDate(0, 0, 3))
	vin := worn(t, w)
	before, _ := w.Truth(vin, presage.BrakePadsFront)
	b := presage.Booking{VIN: vin, Start: w.Now(), End: w.Now().Add(90 * time.Minute)}
	var res presage.WorkshopResult
	came := false
	for n := 0; !came && n < 20; n++ { // one of the first bookings is kept
		b.ID = string(rune('a' + n))
		res, came = w.Visit(b, []presage.ComponentID{presage.BrakePadsFront, "cabin_filter", "engine_oil"})
	}
	if !came || res.BookingID != b.ID || !res.At.Equal(b.End) || len(res.Findings) != 3 {
		t.Fatalf("visit %+v, %v", res, came)
	}
	f := res.Findings[0]
	if f.Outcome != presage.OutcomeConfirmed || !f.Replaced || f.Measured == nil || math.Abs(*f.Measured-before.Value) > 8 {
		t.Errorf("finding %+v at a truth of %+v", f, before)
	}
	if f := res.Findings[2]; f.Outcome != presage.OutcomeNoFaultFound || f.Replaced || f.Measured != nil {
		t.Errorf("unknown component: %+v", f)
	}
	if !slices.Contains(res.PartsUsed, presage.PartQuantity{Part: "P-brake_pads_front", Quantity: 2}) {
		t.Errorf("parts %v", res.PartsUsed)
	}
	read := 0
	for m := range w.Advance(b.End.AddDate(0, 0, 10)) {
		for _, s := range decode(t, m.Payload) {
			if m.VIN != vin || !s.at.After(b.Start) {
				continue
			}
			if s.at.Before(b.End) {
				t.Errorf("sample of %v, while the car was on the lift", s.at)
			}
			var wear float64
			if v, ok := s.signals[presage.SignalPadFrontLeft]; ok && json.Unmarshal(v, &wear) == nil {
				if read++; wear > 10 {
					t.Errorf("new pads read %.1f %%", wear)
				}
			}
		}
	}
	if read == 0 {
		t.Error("the car was not driven afterwards")
	}
	if _, came := w.Visit(presage.Booking{VIN: "LX7CE5B16KA999999"}, nil); came {
		t.Error("a stranger came")
	}
}
