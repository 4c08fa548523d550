package models_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"presage"
	"presage/models"
)

// traitsAt are the traits of a history by name; nil for a silent vehicle.
func traitsAt(h models.History, id presage.ComponentID, asOf time.Time) map[string]float64 {
	x := make([]float64, len(models.Traits()))
	if !models.TrackOf(h).ReadTraits(id, asOf, x) {
		return nil
	}
	out := map[string]float64{}
	for k, name := range models.Traits() {
		out[name] = x[k]
	}
	return out
}

// steady wears by 0.5 % a day from 10 % and drives 40 km a day from 1,000 km.
func steady(days int) models.History {
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, InService: newYear.AddDate(0, 0, -100)}}
	for d := range days {
		h.Rollups = append(h.Rollups, rollup(d, map[string]float64{
			models.FeatureOdometer: 1000 + 40*float64(d), models.FeaturePadFront: 10 + 0.5*float64(d),
		}))
	}
	return h
}

// On day 50 the newest day that was over is 49; by hand: wear 34.5 %, its mean over the days 22 to 49 is 10 + 0.5 x 35.5.
func TestTraitsByHand(t *testing.T) {
	t.Parallel()
	h := steady(60)
	h.Labels = []presage.Label{{Component: presage.BrakePadsFront, At: evening(10), OdometerKm: 1410, Replaced: true}}
	got := traitsAt(h, presage.BrakePadsFront, evening(50))
	for name, want := range map[string]float64{
		models.TraitAge: 150, models.TraitOdometer: 2960, models.TraitPerDay: 40, models.TraitSilence: 1,
		models.TraitRenewalDays: 40, models.TraitRenewalKm: 1550,
		models.FeaturePadFront: 34.5, models.FeaturePadFront + "_mean28": 27.75, models.FeaturePadFront + "_slope28": 0.5,
		models.FeatureRest12V: math.NaN(),
	} {
		if x, ok := got[name]; !ok || math.Abs(x-want) > 1e-9 || math.IsNaN(x) != math.IsNaN(want) {
			t.Errorf("%s is %g, want %g", name, x, want)
		}
	}
	// What the old part measured is not the new one's: two days since its renewal have no slope yet.
	h.Labels[0].At, h.Labels[0].OdometerKm = evening(47), 0
	got = traitsAt(h, presage.BrakePadsFront, evening(50))
	if slope := got[models.FeaturePadFront+"_slope28"]; !math.IsNaN(slope) || got[models.FeaturePadFront+"_mean28"] != 34.25 ||
		got[models.TraitRenewalKm] != 80 {
		t.Errorf("after a renewal: %v", got)
	}
	if of := traitsAt(h, presage.BrakePadsRear, evening(50)); !math.IsNaN(of[models.TraitRenewalDays]) {
		t.Errorf("the rear pads were renewed with the front ones: %v", of)
	}
	if silent := traitsAt(h, presage.BrakePadsFront, evening(59+29)); silent != nil {
		t.Errorf("silent for 29 days: %v", silent)
	}
}

// A poisoned future moves no row before it; a track that holds only what was stored then gives the same.
func TestTrainingRowsCannotSeeTheFuture(t *testing.T) {
	t.Parallel()
	clean := newCar(3).history(200)
	cut := newYear.AddDate(0, 0, 120)
	poisoned := clean
	poisoned.Rollups = slices.Clone(clean.Rollups)
	for i, r := range poisoned.Rollups {
		if !r.Day.Start().Before(cut) {
			r.Features = map[string]float64{models.FeatureOdometer: 1e6, models.FeaturePadFront: 1e6, models.FeatureRest12V: -1e6}
			poisoned.Rollups[i] = r
		}
	}
	poisoned.Labels = []presage.Label{{
		Component: presage.BrakePadsFront, At: cut.Add(time.Hour), Replaced: true, Outcome: presage.OutcomeFailed,
	}}
	nan := cmpopts.EquateNaNs()
	n := 0
	want := trainingRows(clean, cut)
	for i, row := range trainingRows(poisoned, cut) {
		n++
		if diff := cmp.Diff(want[i], row, nan); diff != "" {
			t.Fatalf("%s: %s", row.At, diff)
		}
		if got := traitsAt(poisoned, presage.BrakePadsFront, row.At); got[models.FeaturePadFront] != row.Traits[slices.Index(models.Traits(), models.FeaturePadFront)] {
			t.Errorf("%s: the whole track has pads at %g", row.At, got[models.FeaturePadFront])
		}
	}
	if n != 17 || n != len(want) { // Mondays from 5 January to 27 April 2026
		t.Errorf("%d rows, want 17", n)
	}
	later := trainingRows(poisoned, evening(199))
	i := slices.IndexFunc(later, func(r models.Row) bool { return r.Failed })
	if i < 0 || !later[i].At.Equal(cut.Add(time.Hour)) || later[i].Traits[slices.Index(models.Traits(), models.FeaturePadFront)] > 200 {
		t.Errorf("the row of the failure is missing or knows more than the day before: %v", i)
	}
}

func trainingRows(h models.History, until time.Time) (rows []models.Row) {
	for r := range models.TrainingRows(h, presage.BrakePadsFront, until) {
		r.Traits = slices.Clone(r.Traits)
		rows = append(rows, r)
	}
	return rows
}

// What is exported for an instant is what a pass reads then, whatever the pass'
// track has been through: days put in any order, more than it keeps, later in the same day.
func TestTrainingRowsHoldsWhatThePassReads(t *testing.T) {
	t.Parallel()
	for seed := range uint64(12) {
		c := newCar(seed)
		h := c.history(600)
		h.Labels = []presage.Label{{Component: presage.BrakePadsFront, At: evening(300), Replaced: true, Outcome: presage.OutcomeConfirmed}}
		live := models.NewTrack(h.Vehicle)
		live.SetLabels(h.Labels)
		next, rows := 0, 0
		x := make([]float64, len(models.Traits()))
		for _, row := range trainingRows(h, evening(599)) {
			if row.Failed {
				continue
			}
			pass := row.At.Add(20 * time.Hour) // today's roll-up is there already
			for ; next < len(h.Rollups) && !h.Rollups[next].Last.After(pass); next++ {
				live.Put(h.Rollups[next])
			}
			if rows++; !live.ReadTraits(presage.BrakePadsFront, pass, x) {
				t.Fatalf("vehicle %d, %s: the pass reads nothing", seed, row.At)
			}
			if diff := cmp.Diff(row.Traits, x, cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("vehicle %d, %s: %s", seed, row.At, diff)
			}
		}
		if rows < 80 {
			t.Errorf("vehicle %d: %d rows", seed, rows)
		}
	}
}

// An odometer that tells nonsense for some days leaves the last reading that
// made sense: 30,000 + 109*60 = 36,540 km on the day before it failed.
func TestTraitsPassOverAWrongOdometer(t *testing.T) {
	t.Parallel()
	place := slices.Index(models.Traits(), models.TraitOdometer)
	for name, fault := range map[string]func(km float64) float64{
		"error code": func(float64) float64 { return 1_677_721.5 },
		"km for m":   func(km float64) float64 { return km / 1000 },
		"10 times":   func(km float64) float64 { return 10 * km },
	} {
		h := roadCar()
		for _, r := range h.Rollups[110:] {
			r.Features[models.FeatureOdometer] = fault(r.Features[models.FeatureOdometer])
		}
		x := make([]float64, len(models.Traits()))
		if !models.TrackOf(h).ReadTraits(presage.BrakePadsFront, evening(120), x) || x[place] != 36_540 {
			t.Errorf("%s: %g km, want 36,540", name, x[place])
		}
	}
}
