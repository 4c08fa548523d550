package forecast

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"presage"
	"presage/forecast/stock"
)

// Classes by the value of a year's use (A, B, C) and by how much it varies (X, Y, Z). The bounds
// are the customary ones (Silver, Pyke and Thomas, Inventory and Production Management in Supply
// Chains, 4th ed., section 2.2).
const (
	valueOfA   = 0.8  // A are the parts that make up the first 80 % of the value
	valueOfB   = 0.95 // B those up to 95 %
	variationX = 0.5  // X vary by at most so much: standard deviation over mean of periods of four weeks
	variationY = 1.0  // Y by at most so much
	leastClass = "CZ" // of parts that were not used

	periodDays  = 28
	periods     = 13 // a year
	leastPeriod = 3  // fewer say nothing of the variation: Z
)

// classesOf are the classes of the parts used within a year before monday, all depots together. A
// part is judged from the period of its first use on. A price in another currency than most
// parts' counts as none.
func classesOf(use []presage.PartUse, chains stock.Chains, c *presage.Catalogue, monday presage.Day) map[string]string {
	pieces := map[string]*[periods]float64{} // the newest period first
	born := map[string]presage.Day{}
	for _, u := range use {
		if u.Day >= monday || u.Quantity < 1 {
			continue
		}
		part := chains.Newest(u.Part)
		earliest(born, part, u.Day)
		if i := int(monday-1-u.Day) / periodDays; i < periods {
			if pieces[part] == nil {
				pieces[part] = &[periods]float64{}
			}
			pieces[part][i] += float64(u.Quantity)
		}
	}
	value, all := valuesOf(pieces, c)
	parts := slices.SortedFunc(maps.Keys(pieces), func(a, b string) int {
		return cmp.Or(cmp.Compare(value[b], value[a]), cmp.Compare(a, b))
	})
	out, before := make(map[string]string, len(parts)), 0.0
	for _, part := range parts {
		class := "C"
		switch {
		case value[part] > 0 && before < valueOfA*all:
			class = "A"
		case value[part] > 0 && before < valueOfB*all:
			class = "B"
		}
		before += value[part]
		lived := min(int(monday-1-born[part])/periodDays+1, periods)
		out[part] = class + variationClass(pieces[part][:lived])
	}
	return out
}

// valuesOf are the pieces of a year at purchase prices, and their sum.
func valuesOf(pieces map[string]*[periods]float64, c *presage.Catalogue) (value map[string]float64, all float64) {
	value = make(map[string]float64, len(pieces))
	currencies := c.PriceCurrencies()
	for _, part := range slices.Sorted(maps.Keys(pieces)) { // sums end in the same bits
		cost := c.CostOf(part)
		if len(currencies) == 0 || cost.Currency != currencies[0] {
			continue
		}
		for _, n := range pieces[part] {
			value[part] += n * float64(cost.Minor)
		}
		all += value[part]
	}
	return value, all
}

// variationClass is X, Y or Z by the coefficient of variation.
func variationClass(pieces []float64) string {
	if len(pieces) < leastPeriod {
		return "Z"
	}
	mean, square := 0.0, 0.0
	for _, n := range pieces {
		mean += n / float64(len(pieces))
	}
	for _, n := range pieces {
		square += (n - mean) * (n - mean) / float64(len(pieces))
	}
	switch cv := math.Sqrt(square) / mean; {
	case cv <= variationX:
		return "X"
	case cv <= variationY:
		return "Y"
	}
	return "Z"
}
