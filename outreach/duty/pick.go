// Package duty chooses which adviser has what a customer waits for: one on duty at the
// workshop who speaks the customer's language, with the skills that it takes, and of
// these the one with the least to do.
package duty

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Need is what waits.
type Need struct {
	WorkshopID string
	Lang       presage.Lang
	Skills     []string
	Prefer     string // who has what belongs to it, if on duty
}

// Pick chooses for a need, and says why; false where nobody is on duty. Who speaks the
// language comes before who has the skills, who lacks fewer of them before who has less
// to do, then who was given less lately, then the first ID: the same for the same facts.
func Pick(all []presage.Adviser, loads map[string]presage.AdviserLoad, n Need, now time.Time) (
	presage.Adviser, presage.Reason, bool,
) {
	fit := slices.DeleteFunc(slices.Clone(all), func(a presage.Adviser) bool {
		elsewhere := len(a.Workshops) > 0 && n.WorkshopID != "" && !slices.Contains(a.Workshops, n.WorkshopID)
		return elsewhere || !a.OnDuty(now)
	})
	if len(fit) == 0 {
		return presage.Adviser{}, presage.Reason{}, false
	}
	best := slices.MinFunc(fit, func(a, b presage.Adviser) int {
		x, y := loads[a.Name], loads[b.Name]
		return cmp.Or(
			first(a.Name == n.Prefer && n.Prefer != "", b.Name == n.Prefer && n.Prefer != ""),
			first(slices.Contains(a.Languages, n.Lang), slices.Contains(b.Languages, n.Lang)),
			cmp.Compare(len(lacking(a, n)), len(lacking(b, n))),
			cmp.Compare(x.Open, y.Open), cmp.Compare(x.Lately, y.Lately), strings.Compare(a.ID, b.ID))
	})
	return best, why(best, loads[best.Name], n), true
}

// first puts what holds before what does not.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// lacking are the skills of a need that an adviser has not.
func lacking(a presage.Adviser, n Need) []string {
	return slices.DeleteFunc(slices.Clone(n.Skills), func(s string) bool { return slices.Contains(a.Skills, s) })
}

func why(a presage.Adviser, load presage.AdviserLoad, n Need) presage.Reason {
	r := presage.Because(presage.WhyAllotted, "owner", a.Name, "load", strconv.Itoa(load.Open))
	if slices.Contains(a.Languages, n.Lang) {
		r = r.Arg("lang", string(n.Lang))
	}
	has := slices.DeleteFunc(slices.Clone(n.Skills), func(s string) bool { return !slices.Contains(a.Skills, s) })
	if len(has) > 0 {
		r = r.Arg("skills", strings.Join(has, ", "))
	}
	return r
}
