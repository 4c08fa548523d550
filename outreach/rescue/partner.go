package rescue

import (
	"cmp"
	"slices"
	"strconv"

	"presage"
)

// Need is what a partner is chosen by.
type Need struct {
	Make  string
	Place *presage.Place // of the car; nil where nobody knows
	Own   string         // the customer's own workshop
	Bays  []string       // kinds that its jobs need
	// Within is how far a partner comes.
	Within presage.Kilometre
}

// Partner is who is asked, with the distance where it is known, and why.
type Partner struct {
	Workshop presage.Workshop
	Km       *presage.Kilometre
	Why      presage.Reason
}

// Choose chooses the partner of a car: the nearest that takes its make and has bays of
// the kinds that its jobs need; else the customer's own. Of equals the first by ID.
// False where there is none.
func Choose(n Need, all []presage.Workshop) (Partner, bool) {
	var near []presage.NearWorkshop
	for _, w := range all {
		if n.Place == nil || w.Place == nil || !w.Repairs(n.Make) || !n.served(w) {
			continue
		}
		if km := n.Place.To(*w.Place); km <= n.Within {
			near = append(near, presage.NearWorkshop{Workshop: w, Km: km})
		}
	}
	slices.SortFunc(near, func(a, b presage.NearWorkshop) int {
		return cmp.Or(cmp.Compare(a.Km, b.Km), cmp.Compare(a.ID, b.ID))
	})
	if len(near) > 0 {
		first := near[0]
		km := strconv.FormatFloat(float64(first.Km), 'f', 1, 64)
		return Partner{
			first.Workshop, &first.Km, presage.Because(presage.WhyRescueNearest, "workshop", first.ID, "km", km),
		}, true
	}
	i := slices.IndexFunc(all, func(w presage.Workshop) bool { return w.ID == n.Own })
	if i < 0 {
		return Partner{}, false
	}
	p := Partner{Workshop: all[i], Why: presage.Because(presage.WhyRescueOwn, "workshop", n.Own)}
	if n.Place != nil && all[i].Place != nil {
		km := n.Place.To(*all[i].Place)
		p.Km = &km
	}
	return p, true
}

// served tells whether a workshop has a bay for the jobs.
func (n Need) served(w presage.Workshop) bool {
	return len(n.Bays) == 0 || slices.ContainsFunc(w.Bays, func(b presage.Bay) bool { return w.Suits(b, n.Bays, nil) })
}
