package stock_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// random shelves with demands of 0 to 4 pieces.
func shelvesToBuy(r *rand.Rand) []stock.Candidate {
	out := make([]stock.Candidate, 3)
	for i := range out {
		mass, sum := make([]float64, 5), 0.0
		for k := range mass {
			mass[k] = r.Float64()
			sum += mass[k]
		}
		for k := range mass {
			mass[k] /= sum
		}
		out[i] = stock.Candidate{During: fleet.Distribution{Mass: mass}, Price: 1 + r.Int64N(9)}
	}
	return out
}

// short is the shortage of levels by its definition.
func short(cs []stock.Candidate, levels []int) (pieces float64, value int64) {
	for i, c := range cs {
		p, _ := stock.Short(c.During, levels[i])
		pieces, value = pieces+p, value+c.Price*int64(levels[i])
	}
	return pieces, value
}

// best is the smallest shortage for the money, of all levels there are.
func best(cs []stock.Candidate, money int64) float64 {
	least := 1e9
	for a := range 5 {
		for b := range 5 {
			for c := range 5 {
				if s, v := short(cs, []int{a, b, c}); v <= money {
					least = min(least, s)
				}
			}
		}
	}
	return least
}

func TestSpendIsWhatTryingAllLevelsFinds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for range 50 {
		cs := shelvesToBuy(r)
		steps, last, slope := 0, int64(0), 2.0
		before, _ := short(cs, []int{0, 0, 0})
		stock.Spend(cs, 0, func(value int64, s float64) {
			if want := best(cs, value); s > want+1e-9 || s < want-1e-9 {
				t.Errorf("%+v: a value of %d leaves %v short, want %v", cs, value, s, want)
			}
			if now := (before - s) / float64(value-last); now > slope+1e-9 {
				t.Errorf("a later piece does more for its price: %v after %v", now, slope)
			} else {
				slope = now
			}
			steps, last, before = steps+1, value, s
		})
		if steps != 12 { // 4 pieces on each of 3 shelves
			t.Errorf("%d steps, want 12", steps)
		}
		for money := int64(0); money <= last; money++ {
			a := stock.Spend(cs, money, func(int64, float64) {})
			s, value := short(cs, a.Levels)
			if value != a.Value || value > money || s > a.Short+1e-9 || s < a.Short-1e-9 {
				t.Fatalf("%d: %+v, counted %v short of value %d", money, a, s, value)
			}
			if s > best(cs, money)+1 { // a piece does less than one
				t.Errorf("%d leaves %v short, the best %v", money, s, best(cs, money))
			}
		}
	}
}

// What a shelf must have is bought without money; the rest of it is spent as if the shelf began there.
func TestSpendBuysFirstWhatMustBeThere(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for range 20 {
		cs := shelvesToBuy(r)
		cs[1].Least = 2
		none := stock.Spend(cs, 0, func(int64, float64) {})
		if !slices.Equal(none.Levels, []int{0, 2, 0}) || none.Value != 2*cs[1].Price {
			t.Errorf("without money: %+v", none)
		}
		stock.Spend(cs, 0, func(value int64, s float64) {
			least := 1e9
			for a := range 5 {
				for b := 2; b < 5; b++ {
					for c := range 5 {
						if other, v := short(cs, []int{a, b, c}); v <= value {
							least = min(least, other)
						}
					}
				}
			}
			if s > least+1e-9 || s < least-1e-9 {
				t.Errorf("a value of %d leaves %v short, want %v", value, s, least)
			}
		})
	}
}

func BenchmarkSpend(b *testing.B) {
	cs := make([]stock.Candidate, 45_000)
	for i := range cs {
		d, err := fleet.NegativeBinomial(0.5+float64(i%9), 0.1+float64(i%40)/2)
		if err != nil {
			b.Fatal(err)
		}
		cs[i] = stock.Candidate{During: d, Price: int64(100 + i%977)}
	}
	b.ReportAllocs()
	for b.Loop() {
		stock.Spend(cs, 1e9, func(int64, float64) {})
	}
}
