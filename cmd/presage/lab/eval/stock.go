package eval

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"presage/cmd/presage/lab/sheet"
	"presage/forecast/demand"
	"presage/forecast/stock"
)

// publishedCurves are the fill rates and holding costs by method, as published.
func publishedCurves(path string) (map[string][]stock.CurvePoint, error) {
	table, err := sheet.Read(path)
	if err != nil {
		return nil, err
	}
	methods, err := table.Texts("method")
	if err != nil {
		return nil, err
	}
	fills, err := table.Numbers("achievedfillrate", false)
	if err != nil {
		return nil, err
	}
	costs, err := table.Numbers("holding", false)
	if err != nil {
		return nil, err
	}
	curves := map[string][]stock.CurvePoint{}
	for i, m := range methods {
		curves[m] = append(curves[m], stock.CurvePoint{Fill: fills[i], Value: costs[i]})
	}
	return curves, nil
}

// The published protocol: 17 months to learn from, 7 to live through, every
// month beginning with the level on the shelf; a level is the mean forecast
// and a normal quantile of the demand's deviation; 25 % of the value is held
// to be the yearly cost.
const (
	stockTrain = 17
	stockFill  = 0.95
)

// targets are the service levels along which a curve is drawn.
func targets() []float64 {
	return []float64{.3, .5, .6, .7, .75, .8, .85, .88, .9, .92, .94, .95, .96, .97, .98, .985, .99, .995, .999}
}

// judgeStock compares curves of fill rate against stock value.
func judgeStock(ctx context.Context, series []demand.Series, published map[string][]stock.CurvePoint, t *Table) error {
	laws, err := monthlyLaws(ctx, series)
	if err != nil {
		return err
	}
	equal, inverse, spread := make([]float64, len(series)), make([]float64, len(series)), 0.0
	for i, s := range series {
		equal[i], inverse[i] = 1, 1/max(stat.Mean(s.Values, nil), 1.0/24)
		spread += inverse[i] * stat.StdDev(s.Values[:stockTrain], nil)
	}
	// The prices themselves are not published with the series. Their author's
	// successors set them in inverse proportion to the mean demand; the scale
	// is that at which the published safety stocks cost what was published.
	curve := published["Croston"]
	step := distuv.UnitNormal.Quantile(.8) - distuv.UnitNormal.Quantile(.75)
	scale := (curve[1].Value - curve[0].Value) / step / (spread / 4)
	for i := range inverse {
		inverse[i] *= scale
	}
	bestName, best := cheapest(published)
	for _, prices := range []struct {
		name  string
		price []float64
	}{{"equal prices", equal}, {"prices inverse to demand", inverse}} {
		classical := map[string][]stock.CurvePoint{}
		for _, m := range classicalMethods() {
			if classical[m.name], err = normalCurve(series, prices.price, m.forecast); err != nil {
				return err
			}
		}
		perPart, err := lawCurve(series, laws, prices.price, func(d demand.Distribution, _, target float64) float64 {
			return stock.UpToForFill(d.Support, d.CDF, target)
		})
		if err != nil {
			return err
		}
		mean := stat.Mean(prices.price, nil)
		marginal, err := lawCurve(series, laws, prices.price, func(d demand.Distribution, price, target float64) float64 {
			return stock.UpToForValue(d.Support, d.CDF, price/mean, (1-target)/3)
		})
		if err != nil {
			return err
		}
		name, bound := cheapest(classical)
		ours, ok := stock.ValueAt(perPart, stockFill)
		lean, okLean := stock.ValueAt(marginal, stockFill)
		row := "AUTO stock at 95 % fill, " + prices.name
		reference := fmt.Sprintf("%.3g, %s and normal safety stock, here", bound, name)
		if prices.name != "equal prices" {
			reference += fmt.Sprintf("; %.3g, %s, published", best, bestName)
			bound = min(bound, best)
		}
		if ok { // the policy to beat is the best one; this shows what one target for every part costs
			t.Report(row+", one target for all", fmt.Sprintf("%.3g", ours), reference)
		}
		t.Judge(okLean && lean < bound, row+", marginal analysis", fmt.Sprintf("%.3g", lean), reference)
	}
	return nil
}

// cheapest is the method that reaches the fill rate at the least value.
func cheapest(curves map[string][]stock.CurvePoint) (name string, value float64) {
	value = math.Inf(1)
	for m, curve := range curves {
		if v, ok := stock.ValueAt(curve, stockFill); ok && v < value {
			name, value = m, v
		}
	}
	return name, value
}

// monthlyLaws are the forecasts of each month lived through, with what lies
// before it, by constants fitted to the months learnt from.
func monthlyLaws(ctx context.Context, series []demand.Series) ([][]demand.Distribution, error) {
	options := demand.Default()
	options.Horizon = 1
	m, err := demand.Fit(ctx, until(series, stockTrain), options)
	if err != nil {
		return nil, err
	}
	laws := make([][]demand.Distribution, len(series))
	for at := stockTrain; at < len(series[0].Values); at++ {
		i := 0
		err := m.Each(ctx, until(series, at), func(f demand.Forecast) error {
			laws[i] = append(laws[i], f.Steps[0])
			i++
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return laws, nil
}

func until(series []demand.Series, end int) []demand.Series {
	out := make([]demand.Series, len(series))
	for i, s := range series {
		out[i] = demand.Series{ID: s.ID, Values: s.Values[:end:end]}
	}
	return out
}

// lawCurve simulates levels taken from the laws.
func lawCurve(
	series []demand.Series, laws [][]demand.Distribution, prices []float64,
	level func(d demand.Distribution, price, target float64) float64,
) ([]stock.CurvePoint, error) {
	return stockCurve(series, prices, func(i, month int, target float64) float64 {
		return level(laws[i][month], prices[i], target)
	})
}

type classicalMethod struct {
	name     string
	forecast func(values []float64) float64
}

func classicalMethods() []classicalMethod {
	return []classicalMethod{
		{"Croston", func(v []float64) float64 { return demand.Croston(v, .1) }},
		{"SBA", func(v []float64) float64 { return demand.SBA(v, .1) }},
		{"TSB", func(v []float64) float64 { return demand.TSB(v, .1, .1) }},
		{"SES", func(v []float64) float64 { return demand.SES(v, .1) }},
	}
}

// normalCurve is the published rule.
func normalCurve(
	series []demand.Series, prices []float64, forecast func([]float64) float64,
) ([]stock.CurvePoint, error) {
	means, deviations := make([]float64, len(series)), make([]float64, len(series))
	for i, s := range series {
		deviations[i] = stat.StdDev(s.Values[:stockTrain], nil)
		months := len(s.Values) - stockTrain
		for k := range months {
			means[i] += forecast(s.Values[:stockTrain+k]) / float64(months)
		}
	}
	return stockCurve(series, prices, func(i, _ int, target float64) float64 {
		return max(0, means[i]+distuv.UnitNormal.Quantile(target)*deviations[i])
	})
}

// stockCurve simulates the levels of each target; holding costs are a quarter
// of the value.
func stockCurve(
	series []demand.Series, prices []float64, level func(i, month int, target float64) float64,
) ([]stock.CurvePoint, error) {
	var curve []stock.CurvePoint
	items := make([]stock.Item, len(series))
	for _, target := range targets() {
		for i, s := range series {
			items[i] = stock.Item{Price: prices[i], Demand: s.Values[stockTrain:]}
			items[i].UpTo = make([]float64, len(items[i].Demand))
			for k := range items[i].UpTo {
				items[i].UpTo[k] = level(i, k, target)
			}
		}
		p, err := stock.Simulate(items, 0)
		if err != nil {
			return nil, err
		}
		curve = append(curve, stock.CurvePoint{Fill: p.Fill, Value: p.Value / 4})
	}
	slices.SortFunc(curve, func(a, b stock.CurvePoint) int { return int(math.Copysign(1, a.Fill-b.Fill)) })
	return curve, nil
}
