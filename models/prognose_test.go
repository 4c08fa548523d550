package models_test

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/models"
)

func clone(h models.History) models.History {
	out := models.History{Vehicle: h.Vehicle, Labels: slices.Clone(h.Labels)}
	for _, r := range h.Rollups {
		r.Features = maps.Clone(r.Features)
		out.Rollups = append(out.Rollups, r)
	}
	return out
}

// Every prognosis of every kind of car, with or without silence, is sound.
func TestPrognosesAreSound(t *testing.T) {
	t.Parallel()
	cat := catalogue()
	p := models.NewPrognoser(cat)
	rapid.Check(t, func(t *rapid.T) {
		c := newCar(rapid.Uint64Range(0, 1e6).Draw(t, "car"))
		days := rapid.IntRange(0, 200).Draw(t, "days")
		silent := rapid.IntRange(0, 120).Draw(t, "silent")
		h := c.history(days)
		before := clone(h)
		for _, x := range p.Prognose(h, evening(days+silent)) {
			sound(t, x)
			row, _ := cat.Component(x.Component)
			if age := x.AsOf.Sub(x.DataThrough); age > time.Duration(row.StaleAfterDays)*24*time.Hour && x.Status != presage.StatusStale &&
				x.Status != presage.StatusUnknown {
				t.Fatalf("%s is %s on data %.0f days old", x.Component, x.Status, age.Hours()/24)
			}
		}
		if diff := cmp.Diff(before, h); diff != "" {
			t.Fatalf("Prognose changed its input: %s", diff)
		}
	})
}

func sound(t rapid.TB, x presage.Prognosis) {
	t.Helper()
	f, d, k := x.FailWithin, x.RemainingLife.Days, x.RemainingLife.Km
	last := 0.
	for _, v := range []float64{f.D7, f.D30, f.D60, f.D90} {
		if !(v >= last && v <= 1) {
			t.Fatalf("%s: fail within %v", x.Component, f)
		}
		last = v
	}
	if !(0 <= d.P10 && d.P10 <= d.P50 && d.P50 <= d.P90 && d.P90 <= 3650) {
		t.Fatalf("%s: days %v", x.Component, d)
	}
	if !(0 <= k.P10 && k.P10 <= k.P50+1e-6 && k.P50 <= k.P90+1e-6 && k.P90 <= 500001) {
		t.Fatalf("%s: km %v", x.Component, k)
	}
	for _, term := range x.Terms {
		if math.IsNaN(term.Value) || math.IsNaN(term.Effect) || math.IsInf(term.Value, 0) {
			t.Fatalf("%s: term %v", x.Component, term)
		}
	}
	for _, q := range x.Path {
		if !(q.P10 <= q.P50 && q.P50 <= q.P90) {
			t.Fatalf("%s: path %v", x.Component, q)
		}
	}
}

// The future is poisoned: whatever a vehicle measures or a workshop finds later changes nothing.
func TestTheFutureIsNotSeen(t *testing.T) {
	t.Parallel()
	cat := catalogue()
	p := models.NewPrognoser(cat)
	rapid.Check(t, func(t *rapid.T) {
		c := newCar(rapid.Uint64Range(0, 1e6).Draw(t, "car"))
		h := c.history(100)
		asOf := evening(99)
		want := p.Prognose(h, asOf)
		poison := rapid.Float64Range(-1e6, 1e6).Draw(t, "poison")
		later := rapid.IntRange(100, 490).Draw(t, "later")
		f := c.drive(later)
		for k := range f {
			f[k] = poison
		}
		h.Rollups = append(h.Rollups, rollup(later, f))
		for _, row := range cat.Components {
			h.Labels = append(h.Labels, presage.Label{
				VIN: testVIN, Component: row.ID, At: asOf.Add(time.Hour), Replaced: true, Outcome: presage.OutcomeFailed,
			})
		}
		if later > 99+models.KeepDays-100 {
			return // the window moved on: what is forgotten is no longer known
		}
		if diff := cmp.Diff(want, p.Prognose(h, asOf)); diff != "" {
			t.Fatalf("the future moved a prognosis: %s", diff)
		}
	})
}

func padHistory(level float64) models.History {
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
	for d := range 60 {
		h.Rollups = append(h.Rollups, rollup(d, map[string]float64{
			models.FeatureOdometer: 20000 + 40*float64(d), models.FeaturePadFront: level + 0.08*float64(d),
		}))
	}
	return h
}

func TestMoreWearIsWorse(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	last := presage.FailWithin{D30: -1}
	for level := 40.; level <= 100; level += 5 {
		got := of(p.Prognose(padHistory(level), evening(60)), presage.BrakePadsFront)
		if got.FailWithin.D90 < last.D90-1e-9 || got.FailWithin.D30 < last.D30-1e-9 {
			t.Errorf("at %.0f %%: %v after %v", level, got.FailWithin, last)
		}
		last = got.FailWithin
	}
	if last.D7 < 0.99 {
		t.Errorf("pads past their limit fail with %v", last)
	}
}

func TestSilenceWidensAndIsNeverOK(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	h := padHistory(60)
	var width float64
	for _, silent := range []int{0, 10, 20, 40, 80} {
		got := of(p.Prognose(h, evening(59+silent)), presage.BrakePadsFront)
		first := got.Path[0].Quantiles
		if w := first.P90 - first.P10; w <= width {
			t.Errorf("after %d silent days the band is %.3f wide, was %.3f", silent, w, width)
		} else {
			width = w
		}
		want := presage.StatusOK
		if silent > 14 {
			want = presage.StatusStale
		}
		if got.Status != want {
			t.Errorf("after %d silent days: %s, want %s", silent, got.Status, want)
		}
	}
}

func TestRenewalRestartsTheClock(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	worn := padHistory(94)
	if got := of(p.Prognose(worn, evening(60)), presage.BrakePadsFront); got.Status != presage.StatusDue {
		t.Fatalf("worn pads: %s %v", got.Status, got.FailWithin)
	}
	seen := clone(worn)
	for d := range 6 {
		seen.Rollups = append(seen.Rollups, rollup(60+d, map[string]float64{
			models.FeatureOdometer: 22400 + 40*float64(d), models.FeaturePadFront: 2,
		}))
	}
	told := clone(worn)
	told.Labels = []presage.Label{{
		VIN: testVIN, Component: presage.BrakePadsFront, At: evening(60).Add(-time.Minute), Replaced: true,
		OdometerKm: 22400, Outcome: presage.OutcomeConfirmed,
	}}
	for name, h := range map[string]models.History{"seen": seen, "told": told} {
		got := of(p.Prognose(h, evening(66)), presage.BrakePadsFront)
		if got.Status != presage.StatusOK || got.FailWithin.D90 > 0.01 || got.RemainingLife.Days.P50 < 300 {
			t.Errorf("%s: %s %v %v", name, got.Status, got.FailWithin, got.RemainingLife.Days)
		}
	}
}

func TestUnheardVehicleIsUnknown(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.BatteryElectric}}
	got := p.Prognose(h, evening(0))
	judged := 0
	for _, c := range catalogue().Components {
		if c.Model != models.LawWatch && c.Applies(presage.BatteryElectric) {
			judged++
		}
	}
	if len(got) != judged {
		t.Fatalf("%d prognoses", len(got))
	}
	for _, x := range got {
		if x.Status != presage.StatusUnknown {
			t.Errorf("%s: %s", x.Component, x.Status)
		}
	}
	h.Vehicle.Powertrain = presage.Combustion
	if x := of(p.Prognose(h, evening(0)), presage.HVBattery); x.Component != "" {
		t.Error("a combustion car has a high-voltage battery")
	}
}

// Nonsense odometers, as cars send them, must not move the distance a day.
func TestNonsenseOdometers(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	want := of(p.Prognose(padHistory(60), evening(60)), presage.BrakePadsFront)
	for name, spoil := range map[string]map[int]float64{
		"first": {0: 3}, "single": {20: 1e6, 40: 12, 50: 21500}, "last": {59: 1}, "high": {0: 900000},
	} {
		h := padHistory(60)
		for day, km := range spoil {
			h.Rollups[day].Features[models.FeatureOdometer] = km
		}
		got := of(p.Prognose(h, evening(60)), presage.BrakePadsFront)
		a, b := got.RemainingLife.Days.P50, want.RemainingLife.Days.P50
		if math.Abs(a-b) > 0.1*b {
			t.Errorf("%s: %.0f days left, want about %.0f", name, a, b)
		}
	}
}
