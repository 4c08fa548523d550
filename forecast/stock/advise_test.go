package stock_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast/fleet"
	"presage/forecast/stock"
)

// certain asks for one piece a day.
func certain(days int) (fleet.Distribution, error) { return fleet.Point(days), nil }

func yuan(fen int64) presage.Money { return presage.Money{Minor: fen, Currency: "CNY"} }

// One piece a day for certain, four days' lead time and one of review: 5
// pieces are the reorder point; an order lasts 14 days: up to 5 + 14 - 1.
func TestAdviseByHand(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		stock presage.Stock
		lot   stock.Lot
		due   []stock.Receipt
		want  presage.ReorderAdvice
		order int
		upTo  int
	}{
		{
			name: "one short", stock: presage.Stock{OnHand: 6, Reserved: 2}, order: 14, upTo: 18,
			want: presage.ReorderAdvice{Position: 4, StockOutRisk: 1, Missing: 1, DaysOfSupply: 4, Cost: yuan(14 * 250), ExcessValue: yuan(0)},
		},
		{
			name: "packs of 10, 30 at least", stock: presage.Stock{OnHand: 4}, lot: stock.Lot{Pack: 10, Minimum: 25}, order: 30, upTo: 34,
			want: presage.ReorderAdvice{Position: 4, StockOutRisk: 1, Missing: 1, DaysOfSupply: 4, Cost: yuan(30 * 250), ExcessValue: yuan(0)},
		},
		{
			name: "more than a year takes", stock: presage.Stock{OnHand: 400, Reserved: 5}, upTo: 18,
			want: presage.ReorderAdvice{Position: 395, DaysOfSupply: 395, Cost: yuan(0), Excess: 30, ExcessValue: yuan(30 * 250)},
		},
		{
			name: "on its way, no day known", stock: presage.Stock{OnHand: 3, OnOrder: 5}, upTo: 18,
			want: presage.ReorderAdvice{Position: 8, DaysOfSupply: 3, Cost: yuan(0), ExcessValue: yuan(0)},
		},
		{
			name: "on its way, in time", stock: presage.Stock{OnHand: 3, OnOrder: 5}, upTo: 18, due: []stock.Receipt{{Days: 2, Pieces: 5}},
			want: presage.ReorderAdvice{Position: 8, DaysOfSupply: 3, Cost: yuan(0), ExcessValue: yuan(0)},
		},
		{
			name: "on its way, too late", stock: presage.Stock{OnHand: 3, OnOrder: 5}, upTo: 18, due: []stock.Receipt{{Days: 4, Pieces: 5}},
			want: presage.ReorderAdvice{Position: 8, StockOutRisk: 1, Missing: 1, DaysOfSupply: 3, Cost: yuan(0), ExcessValue: yuan(0)},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.want.Policy, tt.want.Target, tt.want.OrderUpTo = stock.ServiceLevel, .95, tt.upTo
			tt.want.LeadTimeDays, tt.want.LeadTimeP90, tt.want.Obsolete = 4, 4, .1
			shelf := stock.Shelf{Stock: tt.stock, Over: certain, Lead: leadTime(t, 4, 0), Lot: tt.lot, Cost: yuan(250), Receipts: tt.due, Ended: .1}
			got, err := stock.DefaultPolicy().Advise(shelf)
			if err != nil {
				t.Fatal(err)
			}
			// Of the positions 5 ... S the piece after the fifth finds none at 5 only.
			fill := 1 - 1/float64(tt.upTo-4)
			if diff := cmp.Diff(tt.want, got.ReorderAdvice); diff != "" {
				t.Error(diff)
			}
			if got.Order != tt.order || got.Levels.ReorderPoint != 5 || math.Abs(got.Fill-fill) > 1e-12 {
				t.Errorf("order %d, levels %+v, fill %v", got.Order, got.Levels, got.Fill)
			}
		})
	}
}

// With 3 pieces to come from another depot nothing is ordered; until they are
// there the shelf is as short as it was.
func TestExpecting(t *testing.T) {
	t.Parallel()
	shelf := stock.Shelf{Stock: presage.Stock{OnHand: 4}, Over: certain, Lead: leadTime(t, 4, 0), Cost: yuan(250)}
	p := stock.DefaultPolicy()
	a, err := p.Advise(shelf)
	if err != nil || a.Order != 14 || a.StockOutRisk != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	if a = a.Expecting(3, shelf); a.Order != 0 || a.StockOutRisk != 1 || a.Position != 4 || a.Cost != yuan(0) {
		t.Errorf("%+v", a)
	}
}

// With one piece a day for certain the demand's distribution is that of the lead time.
func TestAdviseOverRandomLeadTimes(t *testing.T) {
	t.Parallel()
	lead := leadTime(t, 30, .5)
	a, err := stock.DefaultPolicy().Advise(stock.Shelf{Over: certain, Lead: lead})
	if err != nil {
		t.Fatal(err)
	}
	// The 95 % quantile of the gamma lies in the stratum from 90 to 97 %, which
	// stands at its mean: between those two quantiles, and a day of review.
	low, high := lead.Quantile(.9)+1, lead.Quantile(.97)+1
	if s := float64(a.Levels.ReorderPoint); s < math.Floor(low) || s > math.Ceil(high) {
		t.Errorf("reorder point %v, want %v to %v", s, low, high)
	}
}

func TestAdviseRefuses(t *testing.T) {
	t.Parallel()
	broken := errors.New("no law")
	good := stock.Shelf{Over: certain, Lead: leadTime(t, 4, 0)}
	noLead, noShare, noLaw := good, good, good
	noLead.Lead, noShare.Ended = stock.LeadTime{}, math.NaN()
	noLaw.Over = func(days int) (fleet.Distribution, error) {
		if days > 5 {
			return fleet.Distribution{}, broken
		}
		return fleet.Point(0), nil
	}
	tests := []struct {
		name   string
		policy stock.Policy
		shelf  stock.Shelf
		want   error
	}{
		{"no policy", stock.Policy{}, good, presage.ErrInvalid},
		{"no lead time", stock.DefaultPolicy(), noLead, presage.ErrInvalid},
		{"no probability", stock.DefaultPolicy(), noShare, presage.ErrInvalid},
		{"a distribution fails", stock.DefaultPolicy(), noLaw, broken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := tt.policy.Advise(tt.shelf); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

// By arithmetic: 10 on hand, 3 promised.
func TestSurplus(t *testing.T) {
	t.Parallel()
	s := presage.Stock{OnHand: 10, Reserved: 3}
	if got := stock.Excess(s, 5); got != 2 || stock.Excess(s, 8) != 0 {
		t.Errorf("excess %d", got)
	}
	for perDay, want := range map[float64]float64{0: -1, math.NaN(): -1, .5: 14} {
		if got := stock.DaysOfSupply(7, perDay); got != want {
			t.Errorf("supply of %v days at %v a day, want %v", got, perDay, want)
		}
	}
	if got := stock.DaysOfSupply(-2, 1); got != 0 {
		t.Errorf("supply of %v days", got)
	}
}

// The 95 % quantile of the negative binomial of shape 4 and mean 6.2 (31 days)
// is 14, by its mass function summed; 14 days take 2.8 pieces, a pack of 4.
func ExamplePolicy_Advise() {
	lead, err := stock.NewLeadTime(30, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	advice, err := stock.DefaultPolicy().Advise(stock.Shelf{
		Stock: presage.Stock{OnHand: 9, Reserved: 4}, Lead: lead, Lot: stock.Lot{Pack: 4},
		Over: func(days int) (fleet.Distribution, error) { return fleet.NegativeBinomial(4, 0.2*float64(days)) },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("position %d, reorder below %d, order %d; lead time %.0f days\n", advice.Position,
		advice.Levels.ReorderPoint, advice.Order, advice.LeadTimeDays)
	// Output: position 5, reorder below 14, order 12; lead time 30 days
}

func BenchmarkAdvise(b *testing.B) {
	laws := make([]fleet.Distribution, 400)
	for d := range laws {
		laws[d] = poisson(.6 * float64(d))
	}
	shelf := stock.Shelf{
		Stock: presage.Stock{OnHand: 90, OnOrder: 4}, Lead: leadTime(b, 30, .34), Cost: yuan(250), Lot: stock.Lot{Pack: 4},
		Over:     func(days int) (fleet.Distribution, error) { return laws[days], nil },
		Receipts: []stock.Receipt{{Days: 9, Pieces: 4}},
	}
	for _, kind := range []string{stock.ServiceLevel, stock.FillRate, stock.Newsvendor} {
		p := stock.DefaultPolicy()
		p.Kind, p.Shortage, p.Holding = kind, 19, 1
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Advise(shelf); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLearn(b *testing.B) {
	received, open := repeat(20, 33), repeat(3, 40)
	for b.Loop() {
		if _, err := stock.DefaultLeadPrior(30).Learn(received, open); err != nil {
			b.Fatal(err)
		}
	}
}
