package eval

import (
	"fmt"
	"time"

	"presage"
	"presage/models"
)

const day = 24 * time.Hour

// report adds four lines a component: forecasts of the last night against the
// truth, failures that were due before, and alarms that came to nothing. Of a
// service item it adds when its interval was used up, apart from the failures.
// None has a bound.
func (l *life) report(t *Table) {
	last := l.fleet.Start.AddDate(0, 0, l.fleet.Days)
	for _, c := range l.Catalogue.Components {
		if c.Model == models.LawWatch { // nothing is foreseen of it
			continue
		}
		name := "simulated " + string(c.ID)
		if c.IsService() {
			l.serviceItem(t, c.ID, last)
			continue
		}
		for _, days := range []int{30, 90} {
			result, reference := l.forecast(c.ID, last, days)
			t.Report(fmt.Sprintf("%s, %d d", name, days), result, reference)
		}
		a := l.alarms(c.ID, last)
		t.Report(name+", due before failing",
			fmt.Sprintf("%d of %d in 30 d after the last night, %d of the others silent; "+
				"%d of %d before it, %d of the others silent",
				a.early, a.soon, a.soonSilent, a.warned, a.failed, a.silent),
			"all that show in a signal; due on that night, or on one of the 30 nights before")
		t.Report(name+", false alarms",
			fmt.Sprintf("%d, %.0f in 1,000 vehicle-years; %d of them wearing out within 90 d", a.wrong, a.rate, a.wearing),
			fmt.Sprintf("0 in %.0f vehicle-years; false: no failure or renewal in 90 d", a.years))
	}
}

// serviceItem adds how many services became due against how many were expected to:
// nothing failed.
func (l *life) serviceItem(t *Table, id presage.ComponentID, last time.Time) {
	for _, days := range []int{30, 90} {
		s, spent := l.score(id, last, days)
		t.Report(fmt.Sprintf("service %s, due within %d d", id, days),
			fmt.Sprintf("%.1f expected, %.0f due of %d, %d of them before", s.Expected, s.Actual, s.N, spent),
			"as many; an interval of this car that is used up, no failure")
	}
}

// forecast sets the last night's probabilities against the truth.
func (l *life) forecast(id presage.ComponentID, last time.Time, days int) (result, reference string) {
	s, spent := l.score(id, last, days)
	result = fmt.Sprintf("%.1f expected, %.0f failed of %d", s.Expected, s.Actual, s.N)
	if spent > 0 {
		result += fmt.Sprintf(" (%d had before)", spent)
	}
	result += fmt.Sprintf("; Brier %.4f", s.Brier())
	return result, fmt.Sprintf("as many; Brier of the base rate %.4f", s.BaseRate())
}

// score compares the last night's probabilities with the truth; spent is how
// many had failed, or were due, by then.
func (l *life) score(id presage.ComponentID, last time.Time, days int) (s Score, spent int) {
	for _, p := range l.latest {
		f, ok := l.truths[part{p.VIN, p.Component}]
		if p.Component != id || !ok {
			continue
		}
		probability := p.FailWithin.D30
		if days == 90 {
			probability = p.FailWithin.D90
		}
		s.Add(probability, f.Fails(last, last.AddDate(0, 0, days)))
		if f.Spent(last) {
			spent++
		}
	}
	return s, spent
}

// alarmCount is how alarms stood to failures of one component.
type alarmCount struct {
	soon, early    int // failures within 30 days of the last night; due on it
	failed, warned int // failures on the days with nights, after 30 days of running in; due on one of the 30 nights before
	soonSilent     int // of those not due, that showed in no signal
	silent         int // the same on the days with nights
	wrong, wearing int // alarms that began and no failure or renewal came; at the rate of that night one would have
	years, rate    float64
}

func (l *life) alarms(id presage.ComponentID, last time.Time) alarmCount {
	var a alarmCount
	for k, f := range l.truths {
		if k.id != id {
			continue
		}
		nights := l.due[k]
		a.years += float64(l.fleet.Days) / 365.25
		if !f.Spent(last) && f.Fails(last, last.Add(30*day)) {
			a.soon++
			due := anyNight(nights, last.Add(-time.Second), last)
			a.early += due
			if next := f.Failures(last, last.Add(30*day)); due == 0 && len(next) > 0 && f.Silent(next[0]) {
				a.soonSilent++
			}
		}
		for _, at := range f.Failures(l.fleet.Start.Add(30*day), last) {
			a.failed++
			due := anyNight(nights, at.Add(-30*day), at.Add(-time.Second))
			a.warned += due
			if due == 0 && f.Silent(at) {
				a.silent++
			}
		}
		wrong, wearing := falseAlarms(nights, f)
		a.wrong += wrong
		a.wearing += wearing
	}
	if a.years > 0 {
		a.rate = 1000 * float64(a.wrong) / a.years
	}
	return a
}

// falseAlarms counts the alarms on one component that began and came to
// nothing in 90 days, and those among them on one that was wearing out.
func falseAlarms(nights []dueNight, f *ComponentTruth) (wrong, wearing int) {
	for i, night := range nights {
		end := night.at.Add(90 * day)
		begins := i == 0 || night.at.Sub(nights[i-1].at) > day
		if !begins || f.Fails(night.at, end) || f.Renewed(night.at, end) {
			continue
		}
		wrong++
		if !night.failsAt.IsZero() && !night.failsAt.After(end) {
			wearing++
		}
	}
	return wrong, wearing
}

// anyNight is 1 when there is a night after from and no later than to, else 0.
func anyNight(nights []dueNight, from, to time.Time) int {
	for _, n := range nights {
		if n.at.After(from) && !n.at.After(to) {
			return 1
		}
	}
	return 0
}
