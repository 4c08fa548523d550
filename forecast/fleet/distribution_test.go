package fleet_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/forecast/fleet"
)

func TestDistributionByHand(t *testing.T) {
	t.Parallel()
	// Two vehicles at one half: 0, 1, 2 pieces at 1/4, 1/2, 1/4; mean 1, variance 1/2.
	d := mustSum(t, []fleet.Trial{{P: .5, Quantity: 1}, {P: .5, Quantity: 1}})
	if diff := cmp.Diff([]float64{.25, .5, .25}, d.Mass); diff != "" || d.First != 0 || d.Mean() != 1 || d.Variance() != .5 {
		t.Errorf("%+v %s", d, diff)
	}
	for q, want := range map[float64]int{.1: 0, .25: 0, .26: 1, .75: 1, .76: 2, .99: 2} {
		if got := d.Quantile(q); got != want {
			t.Errorf("quantile %v is %d, want %d", q, got, want)
		}
	}
	if d.Exceeds(-1) != 1 || d.Exceeds(0) != .75 || d.Exceeds(1) != .25 || d.Exceeds(2) != 0 {
		t.Error("P(X > k) is not what is above k")
	}
	if got := d.Times(4); got.At(4) != .5 || got.At(3) != 0 || got.At(8) != .25 || got.Mean() != 4 {
		t.Errorf("four a job: %+v", got)
	}
	if got := fleet.Convolve(d, fleet.Point(3)); got.At(3) != .25 || got.Mean() != 4 {
		t.Errorf("three for certain besides: %+v", got)
	}
}

func TestNegativeBinomialAgainstScipy(t *testing.T) {
	t.Parallel()
	// scipy 1.17.1: stats.nbinom(shape, shape/(shape+mean))
	tests := []struct {
		shape, mean float64
		pmf         map[int]float64
		quantiles   [4]int // .1, .5, .9, .99
	}{
		{.5, .1667, map[int]float64{0: 0.8660037539612092, 1: 0.10826670600369993}, [4]int{0, 0, 1, 2}},
		{3.5, 12, map[int]float64{0: 0.0054711322350992405, 12: 0.053357336699748216}, [4]int{4, 11, 22, 34}},
		{40, 1000, map[int]float64{0: 0, 1000: 0.002468978104625875}, [4]int{800, 992, 1211, 1412}},
		{2000, 5000, map[int]float64{0: 0, 5000: 0.0030155801631323634}, [4]int{4831, 4999, 5170, 5312}},
	}
	for _, tt := range tests {
		d, err := fleet.NegativeBinomial(tt.shape, tt.mean)
		if err != nil {
			t.Fatal(err)
		}
		for k, want := range tt.pmf {
			if math.Abs(d.At(k)-want) > 1e-12 {
				t.Errorf("shape %v mean %v: P(%d) = %v, want %v", tt.shape, tt.mean, k, d.At(k), want)
			}
		}
		got := [4]int{d.Quantile(.1), d.Quantile(.5), d.Quantile(.9), d.Quantile(.99)}
		if got != tt.quantiles || math.Abs(d.Mean()/tt.mean-1) > 1e-10 {
			t.Errorf("shape %v mean %v: quantiles %v, want %v; mean %v", tt.shape, tt.mean, got, tt.quantiles, d.Mean())
		}
	}
	if d, err := fleet.NegativeBinomial(1, 0); err != nil || d.At(0) != 1 {
		t.Error("a rate of nothing asks for something")
	}
	for _, bad := range [][2]float64{{0, 1}, {1, -1}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		if _, err := fleet.NegativeBinomial(bad[0], bad[1]); err == nil {
			t.Errorf("%v was taken", bad)
		}
	}
}

func ExampleSum() {
	// Three vehicles whose front pads fail within 30 days with 90, 20 and 5 %.
	d, err := fleet.Sum([]fleet.Trial{{P: .9, Quantity: 1}, {P: .2, Quantity: 1}, {P: .05, Quantity: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.2f sets, none with probability %.3f, 2 are enough with %.3f\n", d.Mean(), d.At(0), 1-d.Exceeds(2))
	// Output: mean 1.15 sets, none with probability 0.076, 2 are enough with 0.991
}

func BenchmarkSumMillion(b *testing.B) {
	trials := random(generator(1), 1_000_000, 1)
	for b.Loop() {
		mustSum(b, trials)
	}
}

func BenchmarkSharedMillion(b *testing.B) {
	trials := random(generator(1), 1_000_000, 1)
	for b.Loop() {
		mustShared(b, trials, 1.0/16)
	}
}

func BenchmarkSharedDepot(b *testing.B) {
	trials := random(generator(1), 70, 1)
	for b.Loop() {
		mustShared(b, trials, 1.0/16)
	}
}

func BenchmarkConvolve(b *testing.B) {
	for _, n := range []int{100, 200, 400, 1600} {
		d := fleet.Distribution{Mass: make([]float64, n)}
		for i := range d.Mass {
			d.Mass[i] = 1 / float64(n)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				fleet.Convolve(d, d)
			}
		})
	}
}
