package eval

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat/distuv"

	"presage/forecast/demand"
	"presage/forecast/stock"
)

// An inventory lived through on carparts: 27 months to learn from, 12 to live
// through, reviewed every month. An order covers the lead time and the month
// until the next review. Levels are whole pieces.
const (
	shelfTrain   = 27
	shelfSpread  = 1.  // of the logarithm of random prices
	claimBefore  = .12 // stock-outs in the claim to beat: from 12 % down to 3 %,
	claimAfter   = .03
	claimTurns   = 1.35 // with 35 % more turns
	pricesSeeded = 4
)

// outPoint is a point of a curve of stock-outs against value.
type outPoint struct{ out, fill, value float64 }

// reportInventory compares curves of stock-outs against stock value.
func reportInventory(ctx context.Context, all []demand.Series, t *Table) error {
	var series []demand.Series
	for _, s := range all {
		if !math.IsNaN(s.Values[shelfTrain-1]) { // still sold when the year begins
			series = append(series, s)
		}
	}
	equal, random := make([]float64, len(series)), make([]float64, len(series))
	rng := rand.New(rand.NewPCG(pricesSeeded, 2026)) //nolint:gosec // prices to be repeatable
	for i := range series {
		equal[i], random[i] = 1, math.Exp(shelfSpread*rng.NormFloat64())
	}
	for _, lead := range []int{1, 2} {
		laws, err := leadLaws(ctx, series, lead)
		if err != nil {
			return err
		}
		for _, prices := range []struct {
			name  string
			price []float64
		}{{"equal prices", equal}, {"random lognormal prices", random}} {
			c := counter{series: series, prices: prices.price, lead: lead}
			name := fmt.Sprintf("carparts stock (%s parts), lead time %d, %s", grouped(len(series)), lead, prices.name)
			if err := c.compare(name, laws, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// leadLaws are the laws of the demand until what is ordered at the beginning
// of each month lived through may be followed by the next order.
func leadLaws(ctx context.Context, series []demand.Series, lead int) ([][]demand.Distribution, error) {
	options := demand.Default()
	options.Horizon, options.Cumulative = lead+1, true
	m, err := demand.Fit(ctx, until(series, shelfTrain), options)
	if err != nil {
		return nil, err
	}
	laws := make([][]demand.Distribution, len(series))
	for at := shelfTrain; at < len(series[0].Values); at++ {
		i := 0
		err := m.Each(ctx, until(series, at), func(f demand.Forecast) error {
			laws[i] = append(laws[i], f.Steps[lead])
			i++
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return laws, nil
}

// counter lives through the months.
type counter struct {
	series []demand.Series
	prices []float64
	lead   int
}

// compare reports what the laws gain over SBA with a normal safety stock.
func (c counter) compare(name string, laws [][]demand.Distribution, t *Table) error {
	classical, err := c.curve(serviceLevels(), c.normalLevel)
	if err != nil {
		return err
	}
	quantile, err := c.curve(serviceLevels(), func(i, month int, target float64) float64 {
		return laws[i][month].Quantile(target)
	})
	if err != nil {
		return err
	}
	mean := average(c.prices)
	marginal, err := c.curve(serviceLevels(), func(i, month int, target float64) float64 {
		d := laws[i][month]
		return stock.UpToForValue(d.Support, d.CDF, c.prices[i]/mean, (1-target)/3)
	})
	if err != nil {
		return err
	}
	for _, ours := range []struct {
		name  string
		curve []outPoint
	}{{"one service level", quantile}, {"marginal analysis", marginal}} {
		reportClaim(name+", "+ours.name, classical, ours.curve, t)
	}
	return nil
}

// serviceLevels are those along which a curve is drawn.
func serviceLevels() []float64 {
	return append([]float64{.02, .05, .1, .15, .2, .25}, append(targets(), .9995, .9999)...)
}

// normalLevel is the textbook's: SBA's forecast over lead time and review and
// a normal quantile of the deviation seen so far, to the nearest piece.
func (c counter) normalLevel(i, month int, target float64) float64 {
	past := c.series[i].Values[:shelfTrain+month]
	n, sum, squares := 0.0, 0.0, 0.0
	for _, y := range past {
		if !math.IsNaN(y) {
			n, sum, squares = n+1, sum+y, squares+y*y
		}
	}
	periods := float64(c.lead + 1)
	deviation := math.Sqrt(max(0, squares-sum*sum/n) / max(1, n-1) * periods)
	return math.Round(max(0, demand.SBA(past, .1)*periods+distuv.UnitNormal.Quantile(target)*deviation))
}

// curve lives through the year at each target. A stock-out is a month with a
// demand that is not wholly served at once, among the months with a demand; a
// month without a record has none.
func (c counter) curve(levels []float64, level func(i, month int, target float64) float64) ([]outPoint, error) {
	items, months, hits := make([]stock.Item, len(c.series)), 0.0, 0.0
	for i, s := range c.series {
		items[i] = stock.Item{Price: c.prices[i], Demand: slices.Clone(s.Values[shelfTrain:])}
		for k, y := range items[i].Demand {
			months++
			if y > 0 {
				hits++
			} else {
				items[i].Demand[k] = 0
			}
		}
		items[i].UpTo = make([]float64, len(items[i].Demand))
	}
	var out []outPoint
	for _, target := range levels {
		for i := range items {
			for k := range items[i].UpTo {
				items[i].UpTo[k] = level(i, k, target)
			}
		}
		p, err := stock.Simulate(items, c.lead)
		if err != nil {
			return nil, err
		}
		out = append(out, outPoint{out: p.StockOut * months / hits, fill: p.Served, value: p.Value})
	}
	return out, nil
}

// reportClaim reads the curves at the claim's points.
func reportClaim(name string, classical, ours []outPoint, t *Table) {
	byOut := func(p outPoint) float64 { return -p.out }
	byValue := func(p outPoint) float64 { return p.value }
	before, ok := read(classical, byOut, -claimBefore, byValue)
	if !ok {
		t.Report(name, "the classical curve does not reach 12 % stock-outs", "SBA and normal safety stock")
		return
	}
	fillBefore, _ := read(classical, byOut, -claimBefore, func(p outPoint) float64 { return p.fill })
	out, okOut := read(ours, byValue, before, func(p outPoint) float64 { return p.out })
	fill, _ := read(ours, byValue, before, func(p outPoint) float64 { return p.fill })
	result := "beyond the curve"
	if okOut {
		result = fmt.Sprintf("%.1f %% stock-outs, fill rate %.1f %%", 100*out, 100*fill)
	}
	t.Report(name+": stock-outs at equal value", result,
		fmt.Sprintf("12 %%, fill rate %.1f %%, value %.4g: SBA and normal safety stock", 100*fillBefore, before))
	var turns []string
	for _, level := range []float64{claimBefore, .05, claimAfter} {
		theirs, okTheirs := read(classical, byOut, -level, byValue)
		value, okOurs := read(ours, byOut, -level, byValue)
		if okTheirs && okOurs {
			turns = append(turns, fmt.Sprintf("%+.0f %% at %.0f %% stock-outs", 100*(theirs/value-1), 100*level))
		}
	}
	after, okAfter := read(ours, byOut, -claimAfter, byValue)
	if okAfter {
		turns = append(turns, fmt.Sprintf("%+.0f %% at 3 %% against their 12 %%", 100*(before/after-1)))
	}
	t.Report(name+": stock turns", strings.Join(turns, "; "),
		fmt.Sprintf("the claim to beat: stock-outs from 12 %% to 3 %% and turns %+.0f %%", 100*(claimTurns-1)))
}

// read is what a curve has in y where x is at, linear between its two nearest
// points; false where it does not reach that far. The points rise in x.
func read(curve []outPoint, x func(outPoint) float64, at float64, y func(outPoint) float64) (float64, bool) {
	for i := 1; i < len(curve); i++ {
		a, b := curve[i-1], curve[i]
		if x(a) <= at && at <= x(b) && x(a) < x(b) {
			return y(a) + (y(b)-y(a))*(at-x(a))/(x(b)-x(a)), true
		}
	}
	return 0, false
}
