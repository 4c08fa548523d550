package life_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"presage"
	"presage/models/life"
)

// One inspection of new cars: 1 - exp(-4/scale) = 0.2, so scale = -4/ln 0.8 = 17.926.
func TestOneInspectionByHand(t *testing.T) {
	t.Parallel()
	f, err := life.FitInspections([]life.Inspection{{Age: 4, Tested: 500, Failed: 100}}, life.FamilyExponential)
	if err != nil {
		t.Fatal(err)
	}
	if got := f.Parameters()["scale"]; math.Abs(got-17.926) > 1e-2 {
		t.Errorf("scale %g, want 17.926", got)
	}
}

// Parts of 60,000 cars by a Weibull distribution of scale 15 and shape 2.2, renewed when
// an inspection finds them failed: the distribution must come back, though by the age of
// 14 a third of the parts are not the first.
func TestInspectionsWithUnrecordedRenewals(t *testing.T) {
	t.Parallel()
	const scale, shape = 15., 2.2
	rng := rand.New(rand.NewPCG(1, 5))
	ages := []float64{4, 6, 8, 10, 11, 12, 13, 14}
	rows := make([]life.Inspection, len(ages))
	for i := range rows {
		rows[i] = life.Inspection{Age: ages[i], Before: ages[:i]}
	}
	for range 60_000 {
		fails := scale * math.Pow(rng.ExpFloat64(), 1/shape)
		for i, age := range ages {
			rows[i].Tested++
			if fails <= age {
				rows[i].Failed++
				fails = age + scale*math.Pow(rng.ExpFloat64(), 1/shape)
			}
		}
	}
	f, err := life.FitInspections(rows, life.FamilyWeibull)
	if err != nil {
		t.Fatal(err)
	}
	if p := f.Parameters(); math.Abs(p["scale"]-scale) > 0.2 || math.Abs(p["shape"]-shape) > 0.04 {
		t.Errorf("%v, want scale %g and shape %g", p, scale, shape)
	}
	for _, r := range rows {
		if got, want := r.FailedShare(f.Distribution), r.Failed/r.Tested; math.Abs(got-want) > 0.006 {
			t.Errorf("at %g years %.4f are expected failed, %.4f are", r.Age, got, want)
		}
	}
}

func TestFaultyInspections(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]life.Inspection{
		"order":    {Age: 4, Before: []float64{6}, Tested: 5, Failed: 1},
		"counts":   {Age: 4, Tested: 5, Failed: 6},
		"nobody":   {Age: 4},
		"none bad": {Age: 4, Tested: 5},
		"age":      {Age: math.NaN(), Tested: 5, Failed: 1},
	} {
		if _, err := life.FitInspections([]life.Inspection{r}, life.FamilyWeibull); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
