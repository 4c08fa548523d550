package stock_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// distribution has the cumulative distribution cdf on 0 ... n-1; what is above n-1 is put there.
func law(n int, cdf func(k float64) float64) fleet.Distribution {
	d := fleet.Distribution{Mass: make([]float64, n)}
	last := 0.0
	for k := range n {
		c := cdf(float64(k))
		if k == n-1 {
			c = 1
		}
		d.Mass[k], last = c-last, c
	}
	return d
}

func poisson(mean float64) fleet.Distribution {
	return law(40+int(mean+12*math.Sqrt(mean)), distuv.Poisson{Lambda: mean}.CDF)
}

func fillPolicy(target float64) stock.Policy {
	return stock.Policy{Kind: stock.FillRate, Target: target}
}

// Silver, Pyke and Thomas, chapter 6 (decision rules for P1 and P2): demand of
// the lead time normal with mean 58.3 and deviation 13.1, P1 = 90 %: k = 1.28,
// reorder at 75.1, so 76. Mean 50, deviation 11.4, Q = 200, P2 = 99 %:
// G(k) = 200/11.4 x 0.01 = 0.175, k = 0.58, 56.6, so 57; they order at the
// point, we below it, which is one higher.
func TestSilverPykeThomas(t *testing.T) {
	t.Parallel()
	up := law(200, distuv.Normal{Mu: 58.3, Sigma: 13.1}.CDF) // rounded up
	p := stock.Policy{Kind: stock.ServiceLevel, Target: .9}
	if got := p.Levels(up, 1); got != (stock.Levels{ReorderPoint: 76, OrderUpTo: 76}) {
		t.Errorf("P1: %+v", got)
	}
	normal := distuv.Normal{Mu: 50, Sigma: 11.4}
	nearest := law(200, func(k float64) float64 { return normal.CDF(k + .5) })
	if got := fillPolicy(.99).Levels(nearest, 200); got != (stock.Levels{ReorderPoint: 58, OrderUpTo: 257}) {
		t.Errorf("P2: %+v", got)
	}
}

// Hopp and Spearman, Factory Physics, section 2.4: Poisson demand of 10 over
// the lead time. Fill of a base stock R is P(D <= R-1): G(13) = .864,
// G(14) = .917, so 15 for 90 %. Holding 15, backorder 25: ratio .625;
// G(10) = .583, G(11) = .697, so 11.
func TestHoppSpearman(t *testing.T) {
	t.Parallel()
	d := poisson(10)
	if got := fillPolicy(.9).Levels(d, 1); got.ReorderPoint != 15 || math.Abs(stock.Fill(d, got)-.917) > 5e-4 {
		t.Errorf("fill: %+v, %v", got, stock.Fill(d, got))
	}
	p := stock.Policy{Kind: stock.Newsvendor, Shortage: 25, Holding: 15}
	if got := p.Levels(d, 1); got.ReorderPoint != 11 || p.Ratio() != .625 {
		t.Errorf("newsvendor: %+v", got)
	}
}

// Against enumeration of the definitions on arbitrary distributions.
func TestLevelsBruteForce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		cells := rapid.SliceOfN(rapid.Float64Range(.01, 1), 1, 12).Draw(rt, "mass")
		d := fleet.Distribution{First: rapid.IntRange(0, 4).Draw(rt, "first"), Mass: cells}
		sum := 0.0
		for _, m := range cells {
			sum += m
		}
		for i := range cells {
			cells[i] /= sum
		}
		q := rapid.IntRange(1, 9).Draw(rt, "quantity")
		target := rapid.Float64Range(.05, .99).Draw(rt, "target")
		expect := func(f func(d int) float64) float64 {
			e := 0.0
			for i, m := range d.Mass {
				e += m * f(d.First+i)
			}
			return e
		}
		short := func(x int) float64 { return expect(func(d int) float64 { return math.Max(0, float64(d-x)) }) }
		fill := func(s int) float64 { return 1 - (short(s-1)-short(s+q-1))/float64(q) }
		if d.First+len(d.Mass) > 1 {
			got := fillPolicy(target).Levels(d, q)
			s := got.ReorderPoint
			if fill(s) < target-1e-9 || s > 0 && fill(s-1) >= target+1e-9 || got.OrderUpTo != s+q-1 {
				rt.Fatalf("fill %v at %+v", fill(s), got)
			}
			if math.Abs(stock.Fill(d, got)-fill(s)) > 1e-9 {
				rt.Fatalf("fill %v, by hand %v", stock.Fill(d, got), fill(s))
			}
		}
		// The newsvendor's s has the least mean cost over the positions s ... S.
		cost := func(s int) float64 {
			c := 0.0
			for y := s; y < s+q; y++ {
				c += expect(func(d int) float64 {
					return target*math.Max(0, float64(d-y)) + (1-target)*math.Max(0, float64(y-d))
				})
			}
			return c
		}
		best := math.Inf(1)
		for s := range 40 {
			best = math.Min(best, cost(s))
		}
		p := stock.Policy{Kind: stock.Newsvendor, Shortage: target, Holding: 1 - target}
		if got := p.Levels(d, q); d.At(0) < 1 && cost(got.ReorderPoint) > best+1e-9 {
			rt.Fatalf("cost %v at %+v, best %v", cost(got.ReorderPoint), got, best)
		}
	})
}

// The formula of the fill rate against a life lived: one piece with
// probability .3 a period, which a fixed lead time of 6 periods makes binomial.
func TestFillAgainstALifeLived(t *testing.T) {
	t.Parallel()
	const periods, lead = 200_000, 6
	source := rand.New(rand.NewPCG(7, 1))
	levels := stock.Levels{ReorderPoint: 2, OrderUpTo: 4}
	onHand, onOrder, asked, served := 4, 0, 0., 0.
	var due [periods + lead]int // pieces by the period in which they arrive
	for k := range periods {
		q := levels.Order(onHand+onOrder, stock.Lot{})
		due[k+lead] += q
		onHand, onOrder = onHand+due[k], onOrder+q-due[k]
		if source.Float64() < .3 {
			asked++
			if onHand > 0 {
				served++
			}
			onHand--
		}
	}
	want := stock.Fill(law(lead+1, distuv.Binomial{N: lead, P: .3}.CDF), levels)
	if math.Abs(served/asked-want) > .006 { // three standard errors of correlated counts
		t.Errorf("served %v, formula %v", served/asked, want)
	}
}

func TestNoDemandNoStock(t *testing.T) {
	t.Parallel()
	for _, p := range []stock.Policy{stock.DefaultPolicy(), fillPolicy(.99), {Kind: stock.Newsvendor, Shortage: 99, Holding: 1}} {
		l := p.Levels(fleet.Point(0), 1)
		if l.Order(0, stock.Lot{}) != 0 || stock.Fill(fleet.Point(0), l) != 1 {
			t.Errorf("%s: %+v", p.Kind, l)
		}
		if got := l.Order(-3, stock.Lot{}); got != 3 {
			t.Errorf("%s: order %d for three pieces promised", p.Kind, got)
		}
	}
}

// Poisson 2 above 3: 2 - 3 + P(0) 3 + P(1) 2 + P(2) 1, P = e^-2 (1, 2, 2).
func TestShort(t *testing.T) {
	t.Parallel()
	pieces, p := stock.Short(poisson(2), 3)
	near(t, "short", pieces, -1+math.Exp(-2)*(3+4+2))
	near(t, "probability", p, 1-math.Exp(-2)*(1+2+2+4./3))
}

func TestPolicyRefuses(t *testing.T) {
	t.Parallel()
	if err := stock.DefaultPolicy().Validate(); err != nil {
		t.Error(err)
	}
	bad := stock.Policy{Kind: stock.Newsvendor, Shortage: -1, Holding: math.NaN(), ReviewDays: -1, CoverDays: 366, ExcessDays: -1}
	err := bad.Validate()
	for _, name := range []string{"Shortage", "Holding", "ReviewDays", "CoverDays", "ExcessDays"} {
		if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
	for _, p := range []stock.Policy{{}, fillPolicy(0), fillPolicy(1), fillPolicy(math.NaN())} {
		if !errors.Is(p.Validate(), presage.ErrInvalid) {
			t.Errorf("%+v was taken", p)
		}
	}
}
