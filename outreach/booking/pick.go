package booking

import (
	"cmp"
	"math"
	"slices"
	"time"

	"presage"
)

// preferredHours are the local hours that a choice of slots is spread over:
// morning, afternoon, midday.
func preferredHours() []int { return []int{9, 15, 12} }

// Pick chooses at most n of the free slots around the target day, to offer a
// customer a real choice: different local days while there are enough, morning
// and afternoon, the nearest days first, a day late worse than a day early.
// The result is in ascending order.
func Pick(slots []presage.Slot, target time.Time, n int, zone *time.Location) []presage.Slot {
	byDay := map[string][]presage.Slot{}
	var days []string
	for _, s := range slots {
		key := s.Start.In(zone).Format(time.DateOnly)
		if _, known := byDay[key]; !known {
			days = append(days, key)
		}
		byDay[key] = append(byDay[key], s)
	}
	aim := target.In(zone).Format(time.DateOnly)
	slices.SortStableFunc(days, func(a, b string) int {
		return cmp.Or(cmp.Compare(distance(a, aim), distance(b, aim)), cmp.Compare(a, b))
	})
	var picked []presage.Slot
	for round := 0; len(picked) < n && round < n; round++ {
		for _, day := range days {
			if len(picked) == n {
				break
			}
			hour := preferredHours()[len(picked)%len(preferredHours())]
			if s, ok := nearestHour(byDay[day], hour, zone, picked); ok {
				picked = append(picked, s)
			}
		}
	}
	slices.SortFunc(picked, func(a, b presage.Slot) int { return a.Start.Compare(b.Start) })
	return picked
}

// distance of two local days, in days; late days count double.
func distance(day, target string) float64 {
	a, _ := time.Parse(time.DateOnly, day)
	b, _ := time.Parse(time.DateOnly, target)
	gap := a.Sub(b).Hours() / 24
	if gap > 0 {
		return 2 * gap
	}
	return -gap
}

func nearestHour(slots []presage.Slot, hour int, zone *time.Location, taken []presage.Slot) (presage.Slot, bool) {
	var (
		best presage.Slot
		off  = math.Inf(1)
	)
	for _, s := range slots {
		if slices.ContainsFunc(taken, func(t presage.Slot) bool { return t.ID == s.ID }) {
			continue
		}
		local := s.Start.In(zone)
		if d := math.Abs(float64(local.Hour()) + float64(local.Minute())/60 - float64(hour)); d < off {
			best, off = s, d
		}
	}
	return best, !math.IsInf(off, 1)
}
