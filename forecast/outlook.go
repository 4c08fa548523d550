package forecast

import (
	"cmp"
	"slices"

	"presage"
)

// Past is what was kept of a part besides its forecast, in any order; rows of
// other parts and depots are left out by Outlook.
type Past struct {
	// Use until the day before the forecast, also of the superseded parts.
	Use []presage.PartUse
	// UseFrom is the first day of the record; weeks before it are not shown.
	UseFrom   presage.Day
	Scores    []presage.ScoredForecast
	Overrides []presage.DemandOverride
}

// Outlook is what a planner looks at: the forecast, the weeks ahead and the
// past. Depots are those that count for the forecast: one, a region's or all.
// Above a depot, Past and Accuracy are those of the depots' forecasts.
func Outlook(f presage.PartForecast, weeks []presage.DemandStep, depots []string, past Past) presage.PartOutlook {
	o := presage.PartOutlook{
		Forecast: f, Weeks: weeks, Past: []presage.PastForecast{}, Overrides: []presage.DemandOverride{},
	}
	here := func(part, depot string) bool {
		return slices.Contains(depots, depot) && (part == f.Part || slices.Contains(f.Advice.Supersedes, part))
	}
	o.History = demandWeeks(past, presage.DayOf(f.AsOf), here)
	scores := slices.DeleteFunc(slices.Clone(past.Scores), func(s presage.ScoredForecast) bool {
		return !here(s.Part, s.DepotID)
	})
	slices.SortFunc(scores, func(a, b presage.ScoredForecast) int {
		return cmp.Or(a.AsOf.Compare(b.AsOf), cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Part, b.Part),
			cmp.Compare(a.HorizonDays, b.HorizonDays))
	})
	for _, s := range scores {
		o.Past = append(o.Past, s.PastForecast)
	}
	o.Accuracy = Accuracy(scores)
	for _, v := range past.Overrides {
		if here(v.Part, v.DepotID) {
			o.Overrides = append(o.Overrides, v)
		}
	}
	slices.SortFunc(o.Overrides, func(a, b presage.DemandOverride) int { return cmp.Compare(b.ID, a.ID) })
	return o
}

// demandWeeks are the whole 7 days, back from the day before today.
func demandWeeks(past Past, today presage.Day, here func(part, depot string) bool) []presage.DemandWeek {
	out := make([]presage.DemandWeek, max(0, int(today-past.UseFrom)/7))
	first := today - presage.Day(7*len(out))
	for i := range out {
		out[i].From = first + presage.Day(7*i)
	}
	for _, u := range past.Use {
		if u.Day >= first && u.Day < today && here(u.Part, u.DepotID) {
			out[int(u.Day-first)/7].Pieces += u.Quantity
		}
	}
	return out
}
