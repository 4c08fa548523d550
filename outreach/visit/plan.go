package visit

import (
	"math"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/policy"
	"presage/internal/wording"
)

// Plan is what a set of components needs from a workshop.
type Plan struct {
	Lines    []wording.Line
	Jobs     []presage.Job
	Parts    []presage.PartQuantity
	Skills   []string
	Duration time.Duration
	Price    presage.Money
}

// PlanFor gathers jobs, parts, time and price. A component that has no
// prognosis is described without one.
func (a *Agenda) PlanFor(ids []presage.ComponentID, ps []presage.Prognosis) (Plan, error) {
	var v Plan
	for _, id := range ids {
		c, err := a.Catalogue.Component(id)
		if err != nil {
			return v, err
		}
		j, err := a.Catalogue.Job(c.JobCode)
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
			v.Price = presage.Money{Minor: v.Price.Minor + j.Price.Minor, Currency: j.Price.Currency}
		}
	}
	v.Duration, v.Skills, v.Parts = booking.Work(v.Jobs)
	return v, nil
}

// Tell puts alerts into the lines of their components; the gravest speaks.
func (v Plan) Tell(alerts []presage.Alert) {
	for i := range v.Lines {
		for _, a := range alerts {
			was := v.Lines[i].Alert
			if a.Component == v.Lines[i].Component.ID && (was == nil || policy.Graver(a.Severity, was.Severity)) {
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
