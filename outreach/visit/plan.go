package visit

import (
	"math"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
)

// Plan is what a set of components needs from a workshop.
type Plan struct {
	booking.Needs

	Lines []wording.Line
	Jobs  []presage.Job
	// Site is where a van does them; nil: at the workshop.
	Site *presage.Site
	// Fee is what the customer pays for a van's way.
	Fee presage.Money
	// Covered are the warranties that pay, by the code of the job.
	Covered map[string]presage.Warranty
	// Goodwill is what an adviser has let the customer off; nil for nothing.
	Goodwill *presage.Goodwill
	// Instead is the visit that this one would replace: what is taken and
	// promised for it is free for this one. Nil for none.
	Instead *presage.Booking
	// kept is what other offers keep of the parts on the shelf, by part number.
	kept map[string]int
}

// PlanFor gathers jobs, parts and time of a case, and who pays. A component that has no
// prognosis is described without one; one that an alert brought in is looked at,
// because nobody knows yet what has to be replaced.
// Who pays is settled as of the day on which the case was opened.
func (a *Agenda) PlanFor(x presage.Case, car presage.Vehicle, ps []presage.Prognosis) (Plan, error) {
	var v Plan
	for _, id := range x.Components {
		c, err := a.Catalogue.Component(id)
		if err != nil {
			return v, err
		}
		j, err := a.Catalogue.Job(jobOf(c, slices.Contains(x.Alerted, id)))
		if err != nil {
			return v, err
		}
		line := wording.Line{Component: c}
		if i := slices.IndexFunc(ps, func(p presage.Prognosis) bool { return p.Component == id }); i >= 0 {
			line.Prognosis = ps[i]
		}
		v.Lines = append(v.Lines, line)
		if !slices.ContainsFunc(v.Jobs, func(k presage.Job) bool { return k.Code == j.Code }) {
			v.Jobs = append(v.Jobs, j)
		}
		if w, ok := a.payer(c, car, x); ok {
			v.cover(j, w)
		}
	}
	v.Needs, v.Goodwill = booking.Work(v.Jobs), x.Goodwill
	if x.Route == presage.RouteMobile && a.Mobile(x) {
		v.send(a, x.Site)
	}
	return v, nil
}

// payer is who pays instead of the customer: the maker of a recall, always, else a
// warranty.
func (a *Agenda) payer(c presage.Component, car presage.Vehicle, x presage.Case) (presage.Warranty, bool) {
	if c.IsRecall() {
		return presage.Warranty{ID: string(c.ID), Name: wording.RecallPays()}, true
	}
	return a.Catalogue.WarrantyOf(c.ID, car, x.OdometerKm, x.OpenedAt)
}

// PriceAt is what the customer pays at a workshop: nothing for what a warranty
// covers, and of the rest what goodwill leaves.
func (v Plan) PriceAt(w presage.Workshop) presage.Money {
	paid := slices.DeleteFunc(slices.Clone(v.Jobs), func(j presage.Job) bool {
		_, free := v.Covered[j.Code]
		return free
	})
	price := w.PriceOf(paid)
	if len(paid) == 0 {
		price.Currency = w.PriceOf(v.Jobs).Currency
	}
	left := v.Goodwill.Left(price)
	left.Minor += v.travel(len(paid), left.Currency).Minor
	return left
}

// Drive is how long a van takes one way; 0 at the workshop.
func (v Plan) Drive() time.Duration {
	if v.Site == nil {
		return 0
	}
	return v.Site.Drive()
}

// travel is what the customer pays for a van's way: nothing where somebody else pays for
// all that it does.
func (v Plan) travel(paid int, currency string) presage.Money {
	if paid == 0 || v.Fee.Currency != currency {
		return presage.Money{Currency: currency}
	}
	return v.Fee
}

func (v *Plan) cover(j presage.Job, w presage.Warranty) {
	if v.Covered == nil {
		v.Covered = map[string]presage.Warranty{}
	}
	v.Covered[j.Code] = w
}

// jobOf is the job about a component, after an alert its diagnosis.
func jobOf(c presage.Component, alerted bool) string {
	if alerted && c.DiagnosisCode != "" {
		return c.DiagnosisCode
	}
	return c.JobCode
}

// Tell puts alerts into the lines of their components; the gravest speaks.
func (v Plan) Tell(alerts []presage.Alert) {
	for i := range v.Lines {
		for _, a := range alerts {
			was := v.Lines[i].Alert
			if a.Component == v.Lines[i].Component.ID && (was == nil || a.Severity.Graver(was.Severity)) {
				v.Lines[i].Alert = &a
			}
		}
	}
}

// JobCodes names the jobs.
func (v Plan) JobCodes() []string {
	codes := make([]string, 0, len(v.Jobs))
	for _, j := range v.Jobs {
		codes = append(codes, j.Code)
	}
	return codes
}

// DaysUntil counts whole days, rounded up, never negative.
func DaysUntil(t, now time.Time) int {
	return max(0, int(math.Ceil(t.Sub(now).Hours()/24)))
}
