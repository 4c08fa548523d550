package battery_test

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"presage"
	"presage/models/battery"
)

func fading(n int, first, perCycle float64) []float64 {
	c := make([]float64, n)
	for i := range c {
		c[i] = first - perCycle*float64(i)
	}
	return c
}

// By hand: peers lose 0.01 Ah of 2 Ah a cycle and so does the cell, whose level
// now is the median of its last five, 1.93 as at the eighth of ten. From 1.93 to 1.4 Ah are 53 cycles.
func TestForecastOfEqualCells(t *testing.T) {
	t.Parallel()
	peers, err := battery.NewPeers([][]float64{fading(100, 2, 0.01), fading(100, 2, 0.01)}, 10)
	if err != nil {
		t.Fatal(err)
	}
	f, err := peers.Forecast(fading(10, 2, 0.01))
	if err != nil {
		t.Fatal(err)
	}
	low, mid, high := f.Life(1.4)
	if math.Abs(mid-53) > 2 || !(low < mid && mid < high) {
		t.Errorf("%g, %g, %g cycles left, want about 53 in the middle", low, mid, high)
	}
	if _, never, _ := f.Life(-1000); never != float64(len(f.Capacity)) {
		t.Errorf("a limit that is never reached is reached after %g of %d cycles", never, len(f.Capacity))
	}
}

// A cell that fades faster never lives longer, and no call changes its arguments.
func TestForecastIsOrdered(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(0.0005, 0.01)
		peers := [][]float64{fading(80, 2, rate.Draw(t, "a")), fading(120, 1.9, rate.Draw(t, "b")), fading(90, 2.1, rate.Draw(t, "c"))}
		before := [][]float64{peers[0][:5:5], peers[1][:5:5]}
		p, err := battery.NewPeers(peers, 16)
		if err != nil {
			t.Fatal(err)
		}
		slow := rate.Draw(t, "own")
		fast := slow * rapid.Float64Range(1, 3).Draw(t, "times")
		a, err1 := p.Forecast(fading(16, 2, slow))
		b, err2 := p.Forecast(fading(16, 2, fast))
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		low, mid, high := a.Life(1.4)
		_, sooner, _ := b.Life(1.4)
		if !(low <= mid && mid <= high) || sooner > mid {
			t.Fatalf("%g %g %g cycles; at %g times the rate %g", low, mid, high, fast/slow, sooner)
		}
		if diff := cmp.Diff(before, [][]float64{peers[0][:5], peers[1][:5]}); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestForecastRefuses(t *testing.T) {
	t.Parallel()
	good := fading(50, 2, 0.01)
	bad := fading(50, 2, 0.01)
	bad[3] = math.NaN()
	peers, err := battery.NewPeers([][]float64{good, good}, 10)
	if err != nil {
		t.Fatal(err)
	}
	_, few := battery.NewPeers([][]float64{good}, 10)
	_, short := battery.NewPeers([][]float64{good, good[:11]}, 10)
	_, nan := battery.NewPeers([][]float64{good, bad}, 10)
	_, tiny := battery.NewPeers([][]float64{good, good}, 2)
	_, other := peers.Forecast(good[:9])
	_, hole := peers.Forecast(bad[:10])
	for name, err := range map[string]error{"one peer": few, "short": short, "NaN": nan, "two given": tiny, "nine": other, "NaN of its own": hole} {
		if !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// By construction: slope -0.001 to the 60th reading and -0.004 from there.
func TestFindKnee(t *testing.T) {
	t.Parallel()
	y := make([]float64, 100)
	for i := range y {
		y[i] = 1 - 0.001*float64(i) - 0.003*math.Max(0, float64(i-60)) + 0.0005*math.Sin(float64(7*i))
	}
	k, ok := battery.FindKnee(y)
	if !ok || k.At < 58 || k.At > 62 || math.Abs(k.Before+0.001) > 1e-4 || math.Abs(k.After+0.004) > 1e-4 {
		t.Errorf("%+v (%t)", k, ok)
	}
	upside := make([]float64, 100)
	for i, v := range y {
		upside[99-i] = v // reversed it rises, ever slower
	}
	for name, y := range map[string][]float64{"straight": fading(100, 2, 0.001), "level": make([]float64, 50), "short": y[:19], "rises": upside} {
		if k, ok := battery.FindKnee(y); ok {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

// Without a penalty it is least squares: y = 1 + 2 a - 3 b holds at every point.
// With one, by hand for x = -1, 0, 1 and y = x: z = x/sqrt(2/3), slope z'y / (z'z + 3 lambda)
// = sqrt(6) / (3 + 3) for lambda 1, so the prediction at x = 1 is sqrt(6)/6 * sqrt(3/2) = 0.5.
func TestRidge(t *testing.T) {
	t.Parallel()
	x := [][]float64{{0, 1}, {1, 0}, {2, 5}, {3, 3}, {-1, 2}}
	var y []float64
	for _, r := range x {
		y = append(y, 1+2*r[0]-3*r[1])
	}
	r, err := battery.FitRidge(x, y, []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.At([]float64{10, 7}); r.Lambda != 0 || math.Abs(got-0) > 1e-9 {
		t.Errorf("penalty %g, 1 + 20 - 21 is %g", r.Lambda, got)
	}
	r, err = battery.FitRidge([][]float64{{-1}, {0}, {1}}, []float64{-1, 0, 1}, []float64{1})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.At([]float64{1}); !cmp.Equal(got, 0.5, cmpopts.EquateApprox(0, 1e-12)) {
		t.Errorf("%g, want 0.5", got)
	}
	for name, c := range map[string][][]float64{
		"two": x[:2], "ragged": {{1}, {2}, {3, 4}}, "NaN": {{1}, {math.NaN()}, {2}}, "no feature": {{}, {}, {}}, "twins": {{1, 1}, {2, 2}, {3, 3}},
	} {
		if _, err := battery.FitRidge(c, y[:len(c)], []float64{0}); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
