package forecast_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"presage"
	"presage/forecast"
)

// record is so many weeks of use until the day before on: each part at each
// depot is asked for at random days, at its own rate.
func record(parts, depots, weeks int, on presage.Day) []presage.PartUse {
	r := rand.New(rand.NewPCG(9, 9))
	var out []presage.PartUse
	for p := range parts {
		for d := range depots {
			rate := 0.02 + 0.2*r.Float64()*r.Float64()
			for day := on - presage.Day(7*weeks); day < on; day++ {
				if r.Float64() < rate {
					out = append(out, presage.PartUse{
						DepotID: fmt.Sprintf("D%d", d), Part: fmt.Sprintf("P-%02d", p), Day: day, Quantity: 1 + p%2,
					})
				}
			}
		}
	}
	return out
}

func learnt(tb testing.TB, in forecast.Input, use []presage.PartUse) *forecast.History {
	tb.Helper()
	h, err := forecast.LearnHistory(tb.Context(), use, in.Catalogue, presage.DayOf(in.AsOf), in.Config)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// remembering is a large world with two years of use.
func remembering(tb testing.TB, vehicles, parts, depots, weeks int) forecast.Input {
	tb.Helper()
	in := large(vehicles, parts)
	use := record(parts, depots, weeks, today())
	in.History = learnt(tb, in, use)
	in.Regions = map[string]string{"D0": "north", "D1": "north", "D2": "south"}
	return in
}

// The demo's size: 11 parts at 4 depots (3 of them with vehicles).
func BenchmarkPlanDemo(b *testing.B) {
	in := remembering(b, 300, 11, 4, 60)
	for b.Loop() {
		planned(b, in)
	}
}

func BenchmarkLearnHistoryDemo(b *testing.B) {
	in, use := large(1, 11), record(11, 4, 60, today())
	for b.Loop() {
		learnt(b, in, use)
	}
}

// 2,000 parts at 10 depots, most of them asked for by no prognosis.
func BenchmarkPlanWide(b *testing.B) {
	in := large(3000, 15)
	in.History = learnt(b, in, record(2000, 10, 104, today()))
	for p := range 2000 {
		for d := range 10 {
			in.Stock = append(in.Stock, presage.Stock{Part: fmt.Sprintf("P-%02d", p), DepotID: fmt.Sprintf("D%d", d), OnHand: 3})
		}
	}
	for b.Loop() {
		planned(b, in)
	}
}
