package presage_test

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"presage"
)

// What strconv writes with six digits is what Round gives.
func TestRoundedFiguresHaveSixDigits(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	round := func(x float64) float64 {
		p := presage.Prognosis{
			OdometerKm: presage.Kilometre(x), Terms: []presage.Term{{Value: x, Effect: x}},
			Measured: &presage.Measured{Value: x, Limit: x},
		}
		f, l := &p.FailWithin, &p.RemainingLife
		l.Days = presage.Quantiles{P10: x, P50: x, P90: x}
		l.Km = l.Days
		f.D7, f.D30, f.D60, f.D90 = x, x, x, x
		p.Round()
		y := p.FailWithin.D7
		for _, other := range []float64{
			f.D30, f.D60, f.D90, l.Days.P10, l.Days.P50, l.Days.P90, l.Km.P10, l.Km.P50, l.Km.P90,
			p.Terms[0].Value, p.Terms[0].Effect, p.Measured.Value,
		} {
			if other != y {
				t.Fatalf("%v is rounded to %v and to %v", x, y, other)
			}
		}
		if float64(p.OdometerKm) != x || p.Measured.Limit != x {
			t.Fatalf("the odometer or the limit %v is rounded", x)
		}
		return y
	}
	for range 20_000 {
		x := r.NormFloat64() * math.Pow(10, float64(r.IntN(17)-9))
		want, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 5, 64), 64)
		if err != nil {
			t.Fatal(err)
		}
		// Half-way cases may go either way: x times a power of ten is rounded itself.
		if got := round(x); math.Abs(got-want) > 1e-5*math.Abs(x) || round(got) != got {
			t.Fatalf("%v: %v, want %v", x, got, want)
		}
		if up := math.Nextafter(x, math.Inf(1)); round(up) < round(x) {
			t.Fatalf("order is lost at %v", x)
		}
	}
	for x, want := range map[float64]float64{0: 0, 1e-13: 0, 3650: 3650, 500000: 500000, 0.3: 0.3, 1234567: 1234570, 44570.47: 44570.5, math.Inf(1): math.Inf(1)} {
		if got := round(x); got != want {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
	}
}
