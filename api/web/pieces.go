package web

import (
	"fmt"
	"math"
	"strings"
)

// farSupply is from when on how long the stock lasts is only "over a year".
const farSupply = 365

// pieces writes an expected number of pieces: to the tenth below a hundred.
func (p speaker) pieces(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	if math.Abs(x) >= 99.95 {
		return p.nums.Sprintf("%.0f", x)
	}
	return p.tenths(x)
}

// score writes an error in pieces, always to the hundredth below a hundred so
// that those of a column compare.
func (p speaker) score(x float64) string {
	if math.Abs(x) >= 100 {
		return p.nums.Sprintf("%.0f", x)
	}
	return p.nums.Sprintf("%.2f", x)
}

// moneys writes sums to the whole unit of each currency; "–" for nothing.
func (p speaker) moneys(m moneys) string {
	said := make([]string, 0, len(m))
	for _, x := range m {
		x.Minor = int64(math.Round(float64(x.Minor)/100)) * 100
		said = append(said, p.money(x))
	}
	if len(said) == 0 {
		return "–"
	}
	return strings.Join(said, " + ")
}

// bias writes a signed share: "+6%", "−3%".
func (p speaker) bias(x float64) string {
	switch n := math.Round(x * 100); {
	case math.IsNaN(n):
		return "–"
	case n > 0:
		return p.nums.Sprintf("+%.0f%%", n)
	case n < 0:
		return p.nums.Sprintf("−%.0f%%", -n)
	}
	return "±0%"
}

// others is what share leaves to all, so that the two add up.
func others(x float64) string { return fmt.Sprintf("%d%%", 100-int(x*100+1e-9)) }

// supply writes how long the stock lasts.
func (p speaker) supply(days float64) string {
	switch {
	case days < 0:
		return p.text("part.supply_none")
	case days > farSupply:
		return p.text("part.supply_far")
	}
	return p.text("time.days", int(days))
}

// region names a region: by its wording where there is one, else by its key.
func (p speaker) region(key string) string {
	if name := "region." + key; p.site.wording.Has(name) {
		return p.text(name)
	}
	return key
}
