package booking

import (
	"fmt"
	"time"

	"presage"
)

// Workdays tells of each local day from the midnight first on when the workshop of a
// search works, and what closes it or takes a bay or technician away. A time outside
// of a technician's shift has no ID: nobody blocked it. Visits are left to the caller.
func Workdays(s Search, first time.Time, days int) ([]presage.BoardDay, error) {
	w, zone := s.Workshop, first.Location()
	list := make([]presage.BoardDay, days)
	for i := range list {
		from := first.AddDate(0, 0, i)
		list[i] = presage.BoardDay{
			Day: from.Format(time.DateOnly), From: from.UTC(), To: first.AddDate(0, 0, i+1).UTC(),
			Open: []presage.Span{}, Shut: []presage.Stretch{}, Visits: []presage.BoardVisit{},
		}
	}
	week, err := w.Opening()
	if err != nil {
		return nil, fmt.Errorf("workshop %s: %w", w.ID, err)
	}
	closed, err := shutOf(s, zone)
	if err != nil {
		return nil, err
	}
	for _, p := range closed.openHours(week, first, first.AddDate(0, 0, days)) {
		for i, d := range list {
			if p.day.Format(time.DateOnly) == d.Day {
				list[i].Open = append(list[i].Open, presage.Span{From: p.From.UTC(), To: p.To.UTC()})
			}
		}
	}
	for _, a := range blocks(w) {
		from, to, err := a.Wall()
		if err != nil {
			return nil, fmt.Errorf("workshop %s: block of %q: %w", w.ID, a.Resource, err)
		}
		for _, span := range shown(zone, from, to) {
			block(list, a, span)
		}
	}
	for _, t := range w.Technicians {
		if err := offDuty(list, closed, week, t); err != nil {
			return nil, fmt.Errorf("workshop %s: technician %s: %w", w.ID, t.ID, err)
		}
	}
	return list, nil
}

// offDuty puts what the workshop works outside of a technician's shifts on its days.
func offDuty(list []presage.BoardDay, closed shut, week presage.Week, t presage.Technician) error {
	if len(t.Shifts) == 0 {
		return nil
	}
	shifts, err := presage.ReadWeek("shifts", t.Shifts)
	if err != nil {
		return err
	}
	var on []presage.Span
	for _, p := range closed.openHours(week.Within(shifts), list[0].From, list[len(list)-1].To) {
		on = append(on, p.Span)
	}
	for i, d := range list {
		for _, open := range d.Open {
			for _, off := range cut(open, on) {
				list[i].Shut = append(list[i].Shut, presage.Stretch{Resource: t.ID, From: off.From.UTC(), To: off.To.UTC()})
			}
		}
	}
	return nil
}

// blocks are the closures and absences of a workshop as absences; a closure has no resource.
func blocks(w presage.Workshop) []presage.Absence {
	list := make([]presage.Absence, 0, len(w.Closures)+len(w.Absences))
	for _, c := range w.Closures {
		list = append(list, presage.Absence{Closure: c})
	}
	return append(list, w.Absences...)
}

// block puts one on each day that it touches.
func block(list []presage.BoardDay, a presage.Absence, s presage.Span) {
	whole := []presage.Stretch{{
		ID: a.ID(), Resource: a.Resource, From: s.From.UTC(), To: s.To.UTC(), Note: a.Note, By: a.By,
	}}
	for i := range list {
		list[i].Hold(whole)
	}
}
