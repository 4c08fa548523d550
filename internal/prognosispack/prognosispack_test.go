package prognosispack_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/prognosispack"
	"presage/models"
)

const vin presage.VIN = "LPSPACK0000000001"

// packed packs what can be packed.
func packed(tb testing.TB, ps []presage.Prognosis) []byte {
	tb.Helper()
	data, err := prognosispack.Pack(nil, ps)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

// number is one of those that prognoses hold, or one that they should not.
func number(r *rand.Rand) float64 {
	switch r.IntN(8) {
	case 0:
		return 0
	case 1:
		return r.NormFloat64() // as many digits as there are
	case 2:
		return [...]float64{-math.MaxFloat64, math.MaxFloat64, math.SmallestNonzeroFloat64, 1e-20, 500000, 1}[r.IntN(6)]
	}
	return math.Round(r.Float64()*1e6) / math.Pow10(r.IntN(12))
}

func text(r *rand.Rand) string {
	return [...]string{"", "ok", "tyre_leak", "km_per_day", "of no table", "胎压"}[r.IntN(6)]
}

func instant(r *rand.Rand) time.Time {
	if r.IntN(4) == 0 {
		return time.Time{}
	}
	return time.Unix(r.Int64N(2e9), r.Int64N(1e9)).UTC()
}

func prognoses(r *rand.Rand) []presage.Prognosis {
	ps := make([]presage.Prognosis, r.IntN(12))
	for i := range ps {
		quantiles := func() presage.Quantiles { return presage.Quantiles{P10: number(r), P50: number(r), P90: number(r)} }
		ps[i] = presage.Prognosis{
			VIN: vin, Component: presage.ComponentID(text(r)), AsOf: instant(r), DataThrough: instant(r),
			Status: presage.Status(text(r)), Basis: presage.Basis(text(r)),
			FailWithin:    presage.FailWithin{D7: number(r), D30: number(r), D60: number(r), D90: number(r)},
			RemainingLife: presage.RemainingLife{Days: quantiles(), Km: quantiles()},
			Model:         presage.ModelRef{ID: text(r), Version: text(r)},
			OdometerKm:    presage.Kilometre(number(r)),
		}
		if r.IntN(3) > 0 {
			ps[i].Measured = &presage.Measured{Feature: text(r), Value: number(r), Limit: number(r), Unit: text(r)}
		}
		if r.IntN(3) > 0 {
			ps[i].Terms = make([]presage.Term, r.IntN(5))
		}
		for k := range ps[i].Terms {
			ps[i].Terms[k] = presage.Term{Name: text(r), Value: number(r), Unit: text(r), Effect: number(r)}
		}
	}
	return ps
}

func TestPackAndBack(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		want := prognoses(r)
		got, err := prognosispack.Unpack(vin, packed(t, want))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	}
}

func TestDamageIsAnErrorOrOtherNumbers(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		data := packed(t, prognoses(r))
		for i := range data {
			if _, err := prognosispack.Unpack(vin, data[:i]); !errors.Is(err, presage.ErrInvalid) {
				t.Fatalf("%d of %d bytes are read: %v", i, len(data), err)
			}
			damaged := bytes.Clone(data)
			damaged[i] ^= byte(1 + r.IntN(255))
			if _, err := prognosispack.Unpack(vin, damaged); err != nil && !errors.Is(err, presage.ErrInvalid) {
				t.Fatal(err)
			}
		}
	}
}

func TestWhatIsNotFiniteIsRefused(t *testing.T) {
	t.Parallel()
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		ps := judged(t)
		ps[2].RemainingLife.Km.P90 = x
		if _, err := prognosispack.Pack(nil, ps); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%v: %v", x, err)
		}
	}
}

// Each text of the catalogue and of the laws has its place: a prognosis of real data takes no other.
func TestPrognosesOfTheModelsAreSmall(t *testing.T) {
	t.Parallel()
	ps := judged(t)
	data := packed(t, ps)
	if each := len(data) / len(ps); each > 90 {
		t.Errorf("a prognosis takes %d bytes", each)
	}
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range catalogue.Components {
		if c.Model == models.LawWatch {
			continue
		}
		one := []presage.Prognosis{{
			Component: c.ID, Status: presage.StatusStale, Basis: presage.BasisLearned,
			Model: presage.ModelRef{ID: c.Model, Version: models.ModelVersion},
		}}
		if data := packed(t, one); len(data) != 22 {
			t.Errorf("%s: %d bytes: a text has no place in the table", c.ID, len(data))
		}
	}
}

// judged are the prognoses of a car of which everything is measured.
func judged(tb testing.TB) []presage.Prognosis {
	tb.Helper()
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		tb.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 8))
	first := presage.DayOf(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))
	h := models.History{Vehicle: presage.Vehicle{
		VIN: vin, Powertrain: presage.BatteryElectric, PackCapacityAh: 150, InService: first.Start().AddDate(-2, 0, 0),
	}}
	for d := range 60 {
		day := first + presage.Day(d)
		of := map[string]float64{
			models.FeatureOdometer: 40000 + 50*float64(d), models.FeatureDistance: 50, models.FeatureAmbient: 15 + r.Float64(),
			models.FeaturePadFront: 60 + 0.1*float64(d) + r.Float64(), models.FeaturePadRear: 40 + r.Float64(),
			models.FeatureRest12V: 12.5 + 0.01*r.Float64(), models.FeatureHealth: 95 + r.Float64(),
			models.FeatureCapacity: 142 + r.Float64(), models.FeatureCapacityWeight: 1, models.FeatureSoCSpan: 60,
			models.FeatureCellLowest: 7, models.FeatureCellMv: -2, models.FeatureCellNextMv: -1.8, models.FeatureCellZ: -1,
			models.FeatureInsulation: 4000, models.FeatureWarning: 0,
			models.FeatureTyreFrontLeft: 250 - 0.3*float64(d) + r.Float64(), models.FeatureTyreFrontRight: 250 + r.Float64(),
			models.FeatureTyreRearLeft: 250 + r.Float64(), models.FeatureTyreRearRight: 250 + r.Float64(),
		}
		h.Rollups = append(h.Rollups, presage.Rollup{
			VIN: vin, Day: day, Samples: 100, First: day.Start().Add(8 * time.Hour), Last: day.Start().Add(17 * time.Hour), Features: of,
		})
	}
	ps := models.NewPrognoser(catalogue).Prognose(h, (first + 61).Start())
	for i := range ps {
		ps[i].Path = nil
	}
	if len(ps) < 8 {
		tb.Fatalf("only %d prognoses", len(ps))
	}
	return ps
}

func BenchmarkPack(b *testing.B) {
	ps := judged(b)
	data := packed(b, ps)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if data, err = prognosispack.Pack(data[:0], ps); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(data))/float64(len(ps)), "bytes/prognosis")
}

func BenchmarkUnpack(b *testing.B) {
	data := packed(b, judged(b))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := prognosispack.Unpack(vin, data); err != nil {
			b.Fatal(err)
		}
	}
}
