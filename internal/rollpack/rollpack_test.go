package rollpack_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/rollpack"
	"presage/models"
)

// rollups are days of a car with gaps, features that come and go, one that has
// no place among the names, and values of every kind.
func rollups(rnd *rand.Rand) []presage.Rollup {
	var out []presage.Rollup
	day := presage.Day(20000 + rnd.IntN(100))
	for range rnd.IntN(40) {
		day += presage.Day(1 + rnd.IntN(3))
		r := presage.Rollup{
			VIN: "LPSTEST00TEST0042", Day: day, Samples: rnd.IntN(2000),
			Last: day.Start().Add(time.Duration(rnd.IntN(86400)) * time.Second), Features: map[string]float64{},
		}
		if rnd.IntN(4) > 0 {
			r.First = day.Start().Add(time.Duration(rnd.IntN(1e6)) * []time.Duration{time.Second, time.Microsecond}[rnd.IntN(2)] / 20)
			r.First = r.First.Truncate(time.Microsecond)
		}
		for _, put := range []struct {
			name string
			x    float64
		}{
			{models.FeatureOdometer, math.Round(rnd.Float64()*1e6*100) / 100},
			{models.FeatureWarning, float64(rnd.IntN(4))},
			{models.FeatureAmbient, -math.Round(rnd.Float64()*400) / 10},
			{models.FeatureRest12V, 12 + rnd.Float64()},
			{"of_a_later_release", rnd.NormFloat64() * 1e-9},
			{"huge", 1e300},
			{"minus_zero", math.Copysign(0, -1)},
		} {
			if rnd.IntN(3) > 0 {
				r.Features[put.name] = put.x
			}
		}
		out = append(out, r)
	}
	return out
}

func blockOf(rs []presage.Rollup) *presage.RollupBlock {
	var b presage.RollupBlock
	for _, r := range rs {
		b.Put(r)
	}
	return &b
}

func TestEverythingComesBackBitForBit(t *testing.T) {
	t.Parallel()
	var again presage.RollupBlock // its memory is used again
	for seed := range uint64(300) {
		want := rollups(rand.New(rand.NewPCG(seed, 1)))
		if err := rollpack.Unpack(&again, rollpack.Pack(nil, blockOf(want))); err != nil {
			t.Fatal(err)
		}
		got := again.Rollups("LPSTEST00TEST0042", 0, 1<<30)
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })); diff != "" {
			t.Fatalf("seed %d: %s", seed, diff)
		}
	}
}

// Every part of packed data, and data with a byte changed, is read or refused.
func TestDamagedDataIsRefused(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 7))
	whole := rollpack.Pack(nil, blockOf(rollups(rnd)))
	var b presage.RollupBlock
	for n := 1; n < len(whole); n++ {
		if err := rollpack.Unpack(&b, whole[:n]); !errors.Is(err, presage.ErrInvalid) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	for range 20000 {
		damaged := append([]byte(nil), whole...)
		damaged[rnd.IntN(len(damaged))] ^= byte(1 + rnd.IntN(255))
		if err := rollpack.Unpack(&b, damaged); err != nil && !errors.Is(err, presage.ErrInvalid) {
			t.Fatal(err)
		}
	}
}

// A day of an electric car takes less than 60 bytes once its features are rounded.
func TestADayIsSmall(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(3, 3))
	var b presage.RollupBlock
	km := 20000.
	for d := range presage.Day(32) {
		km += 60 * rnd.Float64()
		day := 20000 + d
		r := presage.Rollup{Day: day, Samples: 900, First: day.Start().Add(7 * time.Hour), Last: day.Start().Add(19 * time.Hour)}
		r.Features = map[string]float64{
			models.FeatureOdometer: km, models.FeatureDistance: 60 * rnd.Float64(), models.FeatureAmbient: 20 * rnd.Float64(),
			models.FeaturePadFront: 40 + rnd.Float64(), models.FeaturePadRear: 30 + rnd.Float64(),
			models.FeatureTyreFrontLeft: 240 + rnd.Float64(), models.FeatureTyreFrontRight: 240 + rnd.Float64(),
			models.FeatureTyreRearLeft: 250 + rnd.Float64(), models.FeatureTyreRearRight: 250 + rnd.Float64(),
			models.FeatureRest12V: 12.6 + rnd.Float64()/10, models.FeatureRunning12V: 14 + rnd.Float64()/10,
			models.FeatureCapacity: 150 + rnd.Float64(), models.FeatureCapacityWeight: rnd.Float64(), models.FeatureHealth: 97 + rnd.Float64(),
			models.FeatureSoCSpan: 40 * rnd.Float64(), models.FeaturePackTempMax: 30 + rnd.Float64(), models.FeaturePackTempMin: 20 + rnd.Float64(),
			models.FeatureCellLowest: 14, models.FeatureCellMv: -rnd.Float64(), models.FeatureCellNextMv: -rnd.Float64(), models.FeatureCellZ: rnd.Float64(),
			models.FeatureInsulation: 4000 + 100*rnd.Float64(), models.FeatureWarning: 0,
		}
		for f, x := range r.Features {
			r.Features[f] = math.Round(100*x) / 100
		}
		b.Put(r)
	}
	packed := rollpack.Pack(nil, &b)
	if n := len(packed) / 32; n > 60 {
		t.Errorf("%d bytes a day", n)
	}
	for _, c := range b.Columns {
		if bytes.Contains(packed, []byte(c.Feature)) {
			t.Errorf("%s is stored by its name: add it at the end of the names", c.Feature)
		}
	}
}

func BenchmarkUnpackYear(b *testing.B) {
	var block presage.RollupBlock
	rnd := rand.New(rand.NewPCG(1, 1))
	for d := range presage.Day(400) {
		day := 20000 + d
		r := presage.Rollup{Day: day, Samples: 900, First: day.Start(), Last: day.Start().Add(time.Hour), Features: map[string]float64{}}
		for _, f := range []string{
			models.FeatureOdometer, models.FeatureDistance, models.FeatureAmbient, models.FeaturePadFront, models.FeaturePadRear,
			models.FeatureTyreFrontLeft, models.FeatureTyreFrontRight, models.FeatureTyreRearLeft, models.FeatureTyreRearRight, models.FeatureRest12V,
		} {
			r.Features[f] = 100 * rnd.Float64()
		}
		for f, x := range r.Features {
			r.Features[f] = math.Round(100*x) / 100
		}
		block.Put(r)
	}
	data := rollpack.Pack(nil, &block)
	b.ReportAllocs()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if err := rollpack.Unpack(&block, data); err != nil {
			b.Fatal(err)
		}
	}
}
