package main

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/internal/sqlstore"
	"presage/models"
)

// batch is how many vehicles are made at a time.
const batch = 1000

// today is the day after the last that was rolled up.
func today() time.Time { return time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC) }

func vin(i int) presage.VIN {
	s := fmt.Sprintf("LPSBENCH0%08d", i)
	return presage.VIN(s[:8] + string(presage.VINCheckDigit(s)) + s[9:])
}

func makeVehicles(ctx context.Context, store *sqlstore.Store, from, to, days int) error {
	var vehicles []presage.Vehicle
	var rollups []presage.Rollup
	for i := from; i < to; i++ {
		v := presage.Vehicle{
			VIN: vin(i), Powertrain: presage.BatteryElectric, PackCapacityAh: 150,
			InService: today().AddDate(-1-i%5, 0, -i%300),
		}
		vehicles = append(vehicles, v)
		rollups = append(rollups, lived(v, i, days)...)
	}
	if err := store.PutVehicles(ctx, vehicles); err != nil {
		return err
	}
	return store.PutRollups(ctx, rollups)
}

// lived is the roll-ups of a car up to yesterday, rounded as RollUp does.
func lived(v presage.Vehicle, seed, days int) []presage.Rollup {
	rnd := rand.New(rand.NewPCG(uint64(seed), 1)) //nolint:gosec // invented cars
	perDay, km := 20+40*rnd.Float64(), today().Sub(v.InService).Hours()/24*40
	wear, rest := 80*rnd.Float64(), 12.4+0.3*rnd.Float64()
	out := make([]presage.Rollup, 0, days)
	hundredth := func(x float64) float64 { return math.Round(100*x) / 100 }
	fine := func(x float64) float64 { return math.Round(1e4*x) / 1e4 }
	for d := days; d > 0; d-- {
		day := presage.DayOf(today()) - presage.Day(d)
		driven := perDay * 2 * rnd.Float64()
		km, wear = km+driven, math.Min(100, wear+driven/600)
		noise := func(sd float64) float64 { return sd * rnd.NormFloat64() }
		out = append(out, presage.Rollup{
			VIN: v.VIN, Day: day, Samples: 600 + rnd.IntN(600),
			First: day.Start().Add(time.Duration(6+rnd.IntN(3)) * time.Hour),
			Last:  day.Start().Add(time.Duration(17*3600+rnd.IntN(3600)) * time.Second),
			Features: map[string]float64{
				models.FeatureOdometer: hundredth(km), models.FeatureDistance: hundredth(driven),
				models.FeatureAmbient:  hundredth(15 + noise(5)),
				models.FeaturePadFront: hundredth(math.Max(0, wear+noise(0.7))), models.FeaturePadRear: hundredth(wear / 2),
				models.FeatureTyreFrontLeft: hundredth(250 + noise(2)), models.FeatureTyreFrontRight: hundredth(250 + noise(2)),
				models.FeatureTyreRearLeft: hundredth(260 + noise(2)), models.FeatureTyreRearRight: hundredth(260 + noise(2)),
				models.FeatureRest12V: fine(rest + noise(0.03)), models.FeatureRunning12V: fine(14.1 + noise(0.05)),
				models.FeatureCapacity: fine(146 + noise(1.5)), models.FeatureCapacityWeight: fine(rnd.Float64()),
				models.FeatureSoCSpan: hundredth(60 * rnd.Float64()), models.FeatureHealth: hundredth(97 + noise(1)),
				models.FeaturePackTempMin: hundredth(18 + noise(3)), models.FeaturePackTempMax: hundredth(28 + noise(3)),
				models.FeatureCellLowest: float64(1 + seed%96), models.FeatureCellMv: hundredth(-2 + noise(0.5)),
				models.FeatureCellNextMv: hundredth(-1.8 + noise(0.5)), models.FeatureCellZ: hundredth(-2 + noise(0.3)),
				models.FeatureInsulation: hundredth(4000 + noise(200)), models.FeatureWarning: 0,
			},
		})
	}
	return out
}

// samples is telemetry of the day that is measured, in memory.
type samples map[presage.VIN][]presage.Sample

// Scan implements scoring.Telemetry.
func (s samples) Scan(
	_ context.Context, v presage.VIN, from, to time.Time, _ ...string,
) iter.Seq2[presage.Sample, error] {
	return func(yield func(presage.Sample, error) bool) {
		for _, x := range s[v] {
			if !x.Time.Before(from) && x.Time.Before(to) && !yield(x, nil) {
				return
			}
		}
	}
}

// Write implements scoring.Telemetry.
func (s samples) Write(context.Context, []presage.Sample) error { return nil }
