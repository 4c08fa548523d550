package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/policy"
)

func yuan(fen int64) presage.Money { return presage.Money{Minor: fen, Currency: "CNY"} }

func pads() policy.Need {
	return policy.Need{
		Component: presage.BrakePadsFront, Status: presage.StatusDue, Severity: presage.Safety,
		FailWithin: presage.FailWithin{D7: 0.1, D30: 0.6, D60: 0.9, D90: 0.95}, RemainingDays: 10, LeftShare: 0.2,
		Price: yuan(20_000), Breakdown: yuan(100_000),
	}
}

func input(needs ...policy.Need) policy.Input {
	return policy.Input{
		VIN: "LPSAAAAA1AA000001", At: time.Date(2026, 11, 21, 9, 30, 0, 123, time.UTC), Catalogue: "t",
		Parameters: policy.DefaultParameters(), Needs: needs, Draw: 0.25,
	}
}

// Arithmetic by hand, in fen; visit 20,000 and annoyance 5,000 on every day:
//
//	day 0:  F 0,   life left 0.2                 -> 0 + 20,000*0.2              =  4,000
//	day 7:  F 0.1, life left 0.2*(1-7/10) = 0.06 -> 10,000 + 20,000*0.06*0.9    = 11,080
//	day 30: F 0.6, life left 0                   -> 60,000
func TestCurveByHand(t *testing.T) {
	t.Parallel()
	d, err := policy.Decide(input(pads()))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []policy.Point{
		{Day: 0, Breakdown: 0, Waste: 4_000, Visit: 20_000, Annoyance: 5_000, Total: 29_000, Open: true},
		{Day: 7, Breakdown: 10_000, Waste: 1_080, Visit: 20_000, Annoyance: 5_000, Total: 36_080, Open: true},
		{Day: 30, Breakdown: 60_000, Visit: 20_000, Annoyance: 5_000, Total: 85_000, Open: true},
	} {
		if diff := cmp.Diff(want, d.Curve[want.Day]); diff != "" {
			t.Errorf("day %d (-want +got):\n%s", want.Day, diff)
		}
	}
	if !d.Act || d.Day != 0 || len(d.Curve) != 61 {
		t.Errorf("act %v, day %d, %d points; want a visit at once and 61 points", d.Act, d.Day, len(d.Curve))
	}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	// Costs nothing to wait and much life to lose: by hand the saving of 20,000*0.9/100 = 180 fen
	// a day is lost to 100,000*0.001/7 = 14 fen a day in the first week only.
	patient := pads()
	patient.Severity, patient.LeftShare, patient.RemainingDays = presage.Mobility, 0.9, 100
	patient.FailWithin = presage.FailWithin{D7: 0.001, D30: 0.5, D60: 0.9, D90: 0.99}
	watched := pads()
	watched.Component, watched.Status, watched.Severity = presage.Battery12V, presage.StatusWatch, presage.Mobility
	far := watched
	far.LeftShare, far.RemainingDays, far.Price = 0.9, 2000, yuan(90_000)
	far.FailWithin = presage.FailWithin{D7: 0.0001, D30: 0.0002, D60: 0.0003, D90: 0.0004}
	stale := pads()
	stale.Status = presage.StatusStale
	late := pads()
	late.LeadDays = 12
	beyond := pads()
	beyond.LeadDays = 75
	tests := map[string]struct {
		needs []policy.Need
		set   func(*policy.Input)
		act   bool
		day   int
		parts []presage.ComponentID
		held  bool
	}{
		"nothing due":                      {needs: []policy.Need{watched}},
		"silence is not a visit":           {needs: []policy.Need{stale}},
		"patient until the risk starts":    {needs: []policy.Need{patient}, act: true, day: 7, parts: ids(presage.BrakePadsFront)},
		"the first free slot":              {needs: []policy.Need{pads()}, set: func(in *policy.Input) { in.EarliestDay = 3 }, act: true, day: 3, parts: ids(presage.BrakePadsFront)},
		"parts have to come":               {needs: []policy.Need{late}, act: true, day: 12, parts: ids(presage.BrakePadsFront)},
		"parts come after the horizon":     {needs: []policy.Need{beyond}, act: true, day: 75, parts: ids(presage.BrakePadsFront)},
		"what will be due soon joins":      {needs: []policy.Need{watched, pads()}, act: true, parts: ids(presage.BrakePadsFront, presage.Battery12V)},
		"what is far from due stays":       {needs: []policy.Need{far, pads()}, act: true, parts: ids(presage.BrakePadsFront)},
		"safety is never held out":         {needs: []policy.Need{pads()}, set: func(in *policy.Input) { in.Parameters.HoldOut = 0.9 }, act: true, parts: ids(presage.BrakePadsFront)},
		"the draw holds out":               {needs: []policy.Need{patient}, set: func(in *policy.Input) { in.Parameters.HoldOut = 0.26 }, act: true, day: 7, parts: ids(presage.BrakePadsFront), held: true},
		"the draw is above the held share": {needs: []policy.Need{patient}, set: func(in *policy.Input) { in.Parameters.HoldOut = 0.25 }, act: true, day: 7, parts: ids(presage.BrakePadsFront)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input(tc.needs...)
			if tc.set != nil {
				tc.set(&in)
			}
			d, err := policy.Decide(in)
			if err != nil {
				t.Fatal(err)
			}
			if d.Act != tc.act || d.Day != tc.day || d.Withheld != tc.held {
				t.Errorf("act %v day %d withheld %v, want %v %d %v", d.Act, d.Day, d.Withheld, tc.act, tc.day, tc.held)
			}
			if diff := cmp.Diff(tc.parts, d.Components); diff != "" {
				t.Errorf("components (-want +got):\n%s", diff)
			}
		})
	}
}

// A watched brake pad that joins a due cabin filter does not make the visit a
// matter of safety: only what is due says how grave a case is.
func TestOnlyWhatIsDueMakesACaseGrave(t *testing.T) {
	t.Parallel()
	watched := pads()
	watched.Status = presage.StatusWatch
	filter := pads()
	filter.Component, filter.Severity = "cabin_filter", presage.Comfort
	d, err := policy.Decide(input(filter, watched))
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Components) != 2 || d.Severity != presage.Comfort {
		t.Errorf("%v is %s, want both components and comfort", d.Components, d.Severity)
	}
}

func ids(list ...presage.ComponentID) []presage.ComponentID { return list }

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	foreign, broken := pads(), pads()
	foreign.Price.Currency = "EUR"
	broken.LeftShare = math.NaN()
	long := input(pads())
	long.Parameters.HorizonDays = 0
	for name, in := range map[string]policy.Input{"currency": input(foreign), "NaN": input(broken), "horizon": long} {
		if _, err := policy.Decide(in); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v, want ErrInvalid", name, err)
		}
	}
}

// The law behind it is in the package comment: with B >= P a higher hazard
// never moves the day later.
func TestHigherHazardNeverLater(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := pads()
		n.Price = yuan(rapid.Int64Range(0, 1_000_000).Draw(t, "price"))
		n.Breakdown = yuan(n.Price.Minor + rapid.Int64Range(1_000, 3_000_000).Draw(t, "extra"))
		n.LeftShare = rapid.Float64Range(0, 1).Draw(t, "left")
		n.RemainingDays = rapid.Float64Range(0, 400).Draw(t, "days")
		n.LeadDays = rapid.IntRange(0, 70).Draw(t, "lead")
		var hazards [4]float64
		for i := range hazards {
			hazards[i] = rapid.Float64Range(0, 2).Draw(t, "hazard")
		}
		k := rapid.Float64Range(1, 5).Draw(t, "factor")
		n.FailWithin = withHazards(hazards, 1)
		before, err := policy.Decide(input(n))
		if err != nil {
			t.Fatal(err)
		}
		n.FailWithin = withHazards(hazards, k)
		after, err := policy.Decide(input(n))
		if err != nil {
			t.Fatal(err)
		}
		// Totals are whole fen: days that differ by a fen or two are equal to the policy.
		if after.Day > before.Day && after.Curve[before.Day].Total > after.Curve[after.Day].Total+2 {
			t.Fatalf("hazard x%v moved the day from %d to %d", k, before.Day, after.Day)
		}
	})
}

func withHazards(h [4]float64, k float64) presage.FailWithin {
	var p [4]float64
	sum := 0.0
	for i := range h {
		sum += k * h[i]
		p[i] = 1 - math.Exp(-sum)
	}
	return presage.FailWithin{D7: p[0], D30: p[1], D60: p[2], D90: p[3]}
}

func TestReplay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := pads()
		n.FailWithin.D7 = rapid.Float64Range(0, 0.6).Draw(t, "p")
		n.LeftShare = rapid.Float64Range(0, 1).Draw(t, "left")
		d, err := policy.Decide(input(n))
		if err != nil {
			t.Fatal(err)
		}
		raw, err := d.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		again, err := policy.Replay(raw)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(d, again); diff != "" {
			t.Fatalf("replay (-stored +replayed):\n%s", diff)
		}
	})
}

func TestReplayNoticesATamperedDecision(t *testing.T) {
	t.Parallel()
	d, err := policy.Decide(input(pads()))
	if err != nil {
		t.Fatal(err)
	}
	d.Day = 30
	raw, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	_, err = policy.Replay(raw)
	if !errors.Is(err, presage.ErrConflict) || !strings.Contains(err.Error(), "day: stored 30, now ") ||
		strings.Contains(err.Error(), ";") {
		t.Errorf("replay of a changed day: %v, want an ErrConflict that names the day alone", err)
	}
}

func TestDrawIsEvenAndStable(t *testing.T) {
	t.Parallel()
	below, moved := 0, 0
	for i := range 4000 {
		vin := presage.VIN(fmt.Sprintf("LPSAAAAA1AA%06d", i))
		x := policy.Draw("basic", vin)
		if x < 0 || x >= 1 {
			t.Fatalf("draw %v is outside [0, 1)", x)
		}
		if x < 0.25 {
			below++
		}
		if (x < 0.25) != (policy.Draw("next", vin) < 0.25) {
			moved++
		}
	}
	// Binomial(4000, 1/4): mean 1000, standard deviation 27; five of them.
	if below < 863 || below > 1137 {
		t.Errorf("%d of 4000 draws below 0.25, want about 1000", below)
	}
	// Another trial draws anew: 2 * 1/4 * 3/4 of the vehicles change their arm;
	// Binomial(4000, 3/8): mean 1500, standard deviation 31; five of them.
	if moved < 1345 || moved > 1655 {
		t.Errorf("%d of 4000 vehicles change their arm with another trial, want about 1500", moved)
	}
}
