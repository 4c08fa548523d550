package models_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/models"
	"presage/models/hazard"
)

// flat says q within 60 days to everybody; it reads two traits all the same.
func flat(q float64) *hazard.Model {
	return &hazard.Model{
		Format: hazard.Format, Version: hazard.Version, Features: []string{models.TraitAge, models.FeaturePadFront + "_slope28"},
		Monotone: []int{0, 0}, Horizon: 60, Isotonic: hazard.Isotonic{X: []float64{0}, Y: []float64{q}},
		Trees: []hazard.Tree{{
			{Feature: 0, Threshold: 1000, Left: 1, Right: 2}, {Feature: -1, Value: 0}, {Feature: -1, Value: 0},
		}},
	}
}

func learnedFrom(t *testing.T, q, weight float64, ids ...presage.ComponentID) *models.Prognoser {
	t.Helper()
	var ls []models.Learned
	for _, id := range ids {
		ls = append(ls, models.Learned{Component: id, Hazard: flat(q), Weight: weight, Sum: "abc"})
	}
	p, err := models.NewPrognoser(catalogue()).WithLearned(ls...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func odds(p float64) float64 { return math.Log(p / (1 - p)) }

func TestLearnedReplacesWhereNoSensorSpeaks(t *testing.T) {
	t.Parallel()
	const id = presage.ShockAbsorbers
	h := newCar(2).history(200)
	law := of(models.NewPrognoser(catalogue()).Prognose(h, evening(200)), id)
	got := of(learnedFrom(t, 0.36, 0.5, id).Prognose(h, evening(200)), id)
	// 36 % within 60 days is a survival of 0.64 = 0.8^2: 20 % within 30 days, 1 - 0.8^3 = 48.8 % within 90.
	for k, x := range [...][2]float64{
		{got.FailWithin.D30, 0.2},
		{got.FailWithin.D60, 0.36},
		{got.FailWithin.D90, 0.488},
		{got.FailWithin.D7, 1 - math.Pow(0.8, 7./30)},
		// The tenth is gone when 0.8^(d/30) = 0.9.
		{got.RemainingLife.Days.P10, 30 * math.Log(0.9) / math.Log(0.8)},
	} {
		if math.Abs(x[0]-x[1]) > 1e-5*x[1] { // six digits
			t.Errorf("figure %d is %g, want %g", k, x[0], x[1])
		}
	}
	life, was := got.RemainingLife, law.RemainingLife
	if !(life.Days.P10 < life.Days.P50 && life.Days.P50 < was.Days.P50 && life.Days.P90 == was.Days.P90) ||
		!(life.Km.P10 < life.Km.P50 && life.Km.P50 < was.Km.P50 && life.Km.P90 == was.Km.P90) {
		t.Errorf("life left %+v, by the law %+v", life, was)
	}
	first := got.Terms[0]
	if got.Basis != presage.BasisLearned || got.Model != (presage.ModelRef{ID: "survival", Version: models.ModelVersion + "+learned.abc"}) ||
		first.Name != models.TermLearned || math.Abs(first.Value-20) > 1e-9 || math.Abs(first.Effect-(0.2-law.FailWithin.D30)) > 1e-6 {
		t.Errorf("%s %v %v", got.Basis, got.Model, got.Terms)
	}
	if diff := cmp.Diff(law.Terms, got.Terms[1:]); diff != "" {
		t.Error(diff)
	}
}

func TestLearnedIsPooledWhereASensorSpeaks(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		id := presage.BrakePadsFront // safety critical: history may raise its risk, never lower it
		if seed%2 == 1 {
			id = presage.Battery12V
		}
		h, asOf := lifeOf(seed / 2)
		law := of(models.NewPrognoser(catalogue()).Prognose(h, asOf), id)
		got := of(learnedFrom(t, 0.36, 0.25, id).Prognose(h, asOf), id)
		if law.Basis != presage.BasisMeasured {
			continue
		}
		if got.Basis != presage.BasisMeasured || got.Measured == nil || len(got.Terms) != len(law.Terms)+1 {
			t.Fatalf("vehicle %d: %+v", seed, got)
		}
		if p := law.FailWithin.D30; p > 1e-6 && p < 1-1e-6 {
			want := 0.75*odds(p) + 0.25*odds(0.2)
			if id == presage.BrakePadsFront {
				want = max(want, odds(p))
			}
			if math.Abs(odds(got.FailWithin.D30)-want) > 1e-5 { // of six digits each
				t.Errorf("vehicle %d: log-odds %g, want %g", seed, odds(got.FailWithin.D30), want)
			}
		}
		f, days := got.FailWithin, got.RemainingLife.Days
		if !(f.D7 <= f.D30 && f.D30 <= f.D60 && f.D60 <= f.D90 && f.D90 <= 1) || !(days.P10 <= days.P50 && days.P50 <= days.P90) {
			t.Errorf("vehicle %d: %+v %+v", seed, f, days)
		}
		if weightless := of(learnedFrom(t, 0.36, 0, id).Prognose(h, asOf), id); math.Abs(weightless.FailWithin.D30-law.FailWithin.D30) > 1e-8 {
			t.Errorf("vehicle %d: weight 0 moves %g to %g", seed, law.FailWithin.D30, weightless.FailWithin.D30)
		}
	}
}

// A hazard for one component leaves the others as they were, outlives a lesson
// from the fleet, and keeps quiet about a vehicle that does.
func TestLearnedStaysInItsPlace(t *testing.T) {
	t.Parallel()
	h := newCar(5).history(200)
	plain, with := models.NewPrognoser(catalogue()), learnedFrom(t, 0.3, 0.5, presage.ShockAbsorbers)
	if diff := cmp.Diff(plain.Prognose(h, evening(240)), with.Prognose(h, evening(240))); diff != "" {
		t.Errorf("silent for 40 days: %s", diff)
	}
	same := func(p presage.Prognosis) bool { return p.Component == presage.ShockAbsorbers }
	before, after := plain.Prognose(h, evening(200)), with.Prognose(h, evening(200))
	for i := range before {
		if diff := cmp.Diff(before[i], after[i]); same(before[i]) == (diff == "") {
			t.Errorf("%s: %s", before[i].Component, diff)
		}
	}
	taught := with.Learn(func(yield func(models.History) bool) { yield(h) })
	if got := of(taught.Prognose(h, evening(200)), presage.ShockAbsorbers); math.Abs(got.FailWithin.D60-0.3) > 1e-9 {
		t.Errorf("after a lesson: %+v", got)
	}
}

func TestWithLearnedNamesEveryFault(t *testing.T) {
	t.Parallel()
	odd := flat(0.1)
	odd.Features, odd.Horizon = []string{"colour", models.TraitAge}, 3
	_, err := models.NewPrognoser(catalogue()).WithLearned(
		models.Learned{Component: "wings", Hazard: flat(0.1)},
		models.Learned{Component: "brake_fluid", Hazard: flat(0.1)},
		models.Learned{Component: presage.TyreLeak, Hazard: flat(0.1), Weight: 1.5},
		models.Learned{Component: presage.HVBattery, Hazard: odd},
		models.Learned{Component: presage.Battery12V, Hazard: flat(0.1)},
		models.Learned{Component: presage.Battery12V, Hazard: flat(0.1)},
	)
	for _, want := range []string{"wings", `brake_fluid: invalid`, `"clock"`, "weight 1.5", "horizon 3", `"colour"`, "duplicate component"} {
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
}

// The inner loop of a night allocates nothing with learned hazards either.
//
//nolint:paralleltest // other tests' allocations would be counted
func TestLearnedWorkerDoesNotAllocate(t *testing.T) {
	p := learnedFrom(t, 0.3, 0.5, presage.BrakePadsFront, presage.BrakePadsRear, presage.Battery12V, presage.HVBattery,
		presage.TyreLeak, presage.ShockAbsorbers)
	nightWithoutAllocation(t, p)
}
