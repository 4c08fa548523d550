package stock_test

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

func leadTime(tb testing.TB, mean, cv float64) stock.LeadTime {
	tb.Helper()
	l, err := stock.NewLeadTime(mean, cv)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

// Exponential lead times in closed form: P90 = mean ln 10; above its quantile
// x the mean is x + mean, so the last 3 % stand at mean (1 + ln 1/.03) = 4.507 means.
func TestLeadTimeExponential(t *testing.T) {
	t.Parallel()
	l := leadTime(t, 1000, 1)
	if got := l.Quantile(.9); math.Abs(got-1000*math.Ln10) > 1e-6 {
		t.Errorf("P90 %v", got)
	}
	nodes := l.Nodes()
	if last := nodes[len(nodes)-1]; last.Days != 4507 || math.Abs(last.Weight-.03) > 1e-12 || len(nodes) != 7 {
		t.Errorf("%+v", nodes)
	}
}

func TestLeadTimeFixed(t *testing.T) {
	t.Parallel()
	l := leadTime(t, 12, 0)
	if n := l.Nodes(); len(n) != 1 || n[0].Days != 12 || math.Abs(n[0].Weight-1) > 1e-12 || l.Quantile(.99) != 12 {
		t.Errorf("%+v", n)
	}
}

func TestLeadTimeLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		l, err := stock.NewLeadTime(rapid.Float64Range(.2, 400).Draw(rt, "mean"), rapid.Float64Range(0, 2).Draw(rt, "cv"))
		if err != nil {
			rt.Fatal(err)
		}
		mean, weight, last := 0.0, 0.0, -1
		for _, n := range l.Nodes() {
			if n.Days <= last || n.Weight <= 0 {
				rt.Fatalf("%+v", l.Nodes())
			}
			last = n.Days
			mean, weight = mean+float64(n.Days)*n.Weight, weight+n.Weight
		}
		if math.Abs(weight-1) > 1e-9 || math.Abs(mean-l.Mean()) > .11 || len(l.Nodes()) > 7 {
			rt.Fatalf("weight %v, mean %v of %v: %+v", weight, mean, l.Mean(), l.Nodes())
		}
	})
}

func TestLeadTimeRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range [][2]float64{{0, .3}, {-1, .3}, {math.NaN(), 0}, {5000, 0}, {10, -1}, {10, 3}, {10, math.NaN()}} {
		if _, err := stock.NewLeadTime(bad[0], bad[1]); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// Poisson demand over a gamma lead time is negative binomial with the shape of
// the lead time: exact, unlike any sum of quantiles.
func TestDuringIsNegativeBinomial(t *testing.T) {
	t.Parallel()
	tests := []struct{ rate, mean, cv float64 }{{.4, 30, .4}, {.05, 30, .3}, {2, 20, .5}}
	for _, tt := range tests {
		over := func(days int) (fleet.Distribution, error) { return poisson(tt.rate * float64(days)), nil }
		got, err := stock.During(over, leadTime(t, tt.mean, tt.cv), 0)
		if err != nil {
			t.Fatal(err)
		}
		want, err := fleet.NegativeBinomial(1/(tt.cv*tt.cv), tt.rate*tt.mean)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Mean()-want.Mean()) > .11*tt.rate || math.Abs(got.Variance()/want.Variance()-1) > .06 {
			t.Errorf("%+v: mean %v of %v, variance %v of %v", tt, got.Mean(), want.Mean(), got.Variance(), want.Variance())
		}
		for _, q := range []float64{.1, .5, .9, .95, .99} {
			if d := got.Quantile(q) - want.Quantile(q); math.Abs(float64(d)) > 1+.02*want.Mean() {
				t.Errorf("%+v: quantile %v is %d, want %d", tt, q, got.Quantile(q), want.Quantile(q))
			}
		}
	}
}

func TestDuringRefuses(t *testing.T) {
	t.Parallel()
	broken := errors.New("no law")
	over := func(int) (fleet.Distribution, error) { return fleet.Distribution{}, broken }
	if _, err := stock.During(over, leadTime(t, 5, .3), 1); !errors.Is(err, broken) {
		t.Error(err)
	}
	empty := func(int) (fleet.Distribution, error) { return fleet.Distribution{}, nil }
	if _, err := stock.During(empty, leadTime(t, 5, .3), 1); !errors.Is(err, presage.ErrInvalid) {
		t.Error(err)
	}
	if _, err := stock.During(empty, stock.LeadTime{}, 1); !errors.Is(err, presage.ErrInvalid) {
		t.Error(err)
	}
}

func learn(t *testing.T, p stock.LeadPrior, received, open []float64) stock.LeadTime {
	t.Helper()
	l, err := p.Learn(received, open)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func repeat(n int, x float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// By hand. The prior is four orders of 30 days.
func TestLearnMean(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name           string
		received, open []float64
		mean           float64
	}{
		{"nothing received", nil, nil, 30},
		{"one on time", []float64{30}, nil, 30},
		{"one late", []float64{50}, nil, (120 + 50) / 5.0},
		{"many late", repeat(96, 50), nil, (120 + 96*50) / 100.0},
		{"a receipt forgotten counts four times the centre", append(repeat(8, 30), 900), nil, (120 + 240 + 120) / 13.0},
		{"a supplier always late is not an outlier", repeat(20, 150), nil, (120 + 20*150) / 24.0},
		{"an order of today says nothing", []float64{50}, []float64{0}, (120 + 50) / 5.0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := learn(t, stock.DefaultLeadPrior(30), tt.received, tt.open).Mean(); math.Abs(got-tt.mean) > 1e-5 {
				t.Errorf("mean %v, want %v", got, tt.mean)
			}
		})
	}
}

// Exponential lead times with open orders: total time on test over arrivals
// (Lawless 2003, Statistical Models and Methods for Lifetime Data, section
// 4.1): four prior orders of 10 days and open ones of 20 and 6 days: 66/4.
func TestLearnOpenOrders(t *testing.T) {
	t.Parallel()
	prior := stock.LeadPrior{Days: 10, CV: 1, Orders: 4}
	if got := learn(t, prior, nil, []float64{20, 6}).Mean(); math.Abs(got-16.5) > 1e-5 {
		t.Errorf("mean %v, want 16.5", got)
	}
}

func TestLearnSpread(t *testing.T) {
	t.Parallel()
	// Nothing received: k = 1/.09, (1 + .09) 4k / (4k - 1) - 1 = .11509, by hand.
	if got := learn(t, stock.DefaultLeadPrior(30), nil, nil).CV(); math.Abs(got-math.Sqrt(.11509)) > 1e-4 {
		t.Errorf("variation %v before the first order", got)
	}
	// The quantiles of a gamma of shape 4: variation 1/2.
	many := make([]float64, 2000)
	for i := range many {
		many[i] = distuv.Gamma{Alpha: 4, Beta: .2}.Quantile((float64(i) + .5) / 2000)
	}
	if got := learn(t, stock.DefaultLeadPrior(30), many, nil); math.Abs(got.CV()-.5) > .015 || math.Abs(got.Mean()-20) > .3 {
		t.Errorf("mean %v, variation %v; want 20, .5", got.Mean(), got.CV())
	}
	// A punctual supplier becomes trusted, a fickle one not.
	if got := learn(t, stock.DefaultLeadPrior(30), repeat(50, 30), nil).CV(); got > .12 {
		t.Errorf("variation %v of fifty orders on the day", got)
	}
	if got := learn(t, stock.DefaultLeadPrior(30), []float64{0, 90, 5, 60}, nil); got.CV() < .5 || got.CV() > 1.5 {
		t.Errorf("variation %v", got.CV())
	}
}

func TestLearnRefuses(t *testing.T) {
	t.Parallel()
	good := stock.DefaultLeadPrior(30)
	for _, p := range []stock.LeadPrior{{}, {Days: 30, CV: .3}, {Days: 30, CV: 2, Orders: 4}, {Days: -1, CV: .3, Orders: 4}} {
		if _, err := p.Learn(nil, nil); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, x := range []float64{-1, math.NaN(), math.Inf(1)} {
		if _, err := good.Learn([]float64{x}, nil); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%v: %v", x, err)
		}
		if _, err := good.Learn(nil, []float64{x}); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("open %v: %v", x, err)
		}
	}
}

func TestLearnLaws(t *testing.T) {
	t.Parallel()
	days := rapid.SliceOfN(rapid.Float64Range(0, 3650), 0, 30)
	rapid.Check(t, func(rt *rapid.T) {
		prior := stock.LeadPrior{Days: rapid.Float64Range(.5, 400).Draw(rt, "days"), CV: rapid.Float64Range(.05, 1.5).Draw(rt, "cv"), Orders: rapid.Float64Range(1, 20).Draw(rt, "orders")}
		received, open := days.Draw(rt, "received"), days.Draw(rt, "open")
		with, err := prior.Learn(received, open)
		if err != nil {
			rt.Fatal(err)
		}
		without, err := prior.Learn(received, nil)
		if err != nil || with.Mean() < without.Mean()*(1-1e-6) {
			rt.Fatalf("open orders shorten the lead time from %v to %v, %v", without.Mean(), with.Mean(), err)
		}
	})
}
