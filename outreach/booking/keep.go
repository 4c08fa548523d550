package booking

import (
	"fmt"
	"slices"
	"time"

	"presage"
)

// Lost is why a bay and a technician cannot keep a visit in the very hours that were
// sold, whatever else they do; "" when they can.
func Lost(s Search, hours []presage.Span, bay, technician string) (presage.DispatchCause, error) {
	if len(hours) == 0 {
		return "", nil
	}
	skills, kinds := s.Skills, s.Bays
	s.Skills, s.Bays, s.Busy, s.Duration = nil, nil, nil, Grid
	s.From, s.To = hours[0].From, ends(hours)
	b, err := open(s)
	if err != nil {
		return "", err
	}
	x, there := s.Workshop.Bay(bay)
	switch {
	case !covers(b.open, hours): // nor where it is never open
		return presage.CauseClosed, nil
	case !there || !s.Workshop.Suits(x, kinds, s.At) || !b.idle(bay, hours):
		return presage.CauseBay, nil
	}
	return b.lostTechnician(technician, hours, skills)
}

// lostTechnician is why a technician cannot keep a visit; "" when they can.
func (b *book) lostTechnician(id string, hours []presage.Span, skills []string) (presage.DispatchCause, error) {
	i := slices.IndexFunc(b.workshop.Technicians, func(t presage.Technician) bool { return t.ID == id })
	if i < 0 {
		return presage.CauseLeft, nil
	}
	able, err := Able(b.workshop, b.workshop.Technicians[i], skills, ends(hours))
	if err != nil {
		return "", err
	}
	c := slices.IndexFunc(b.crews, func(c crew) bool { return slices.Contains(c.technicians, id) })
	switch {
	case !able:
		return presage.CauseSkill, nil
	case c < 0 || !covers(b.crews[c].open, hours):
		return presage.CauseShift, nil
	case !b.idle(id, hours):
		return presage.CauseAway, nil
	}
	return "", nil
}

// Able tells whether a technician has all the skills, and their certificates until then.
func Able(w presage.Workshop, t presage.Technician, skills []string, until time.Time) (bool, error) {
	if !hasSkills(t, skills) {
		return false, nil
	}
	zone, err := w.Location()
	if err != nil {
		return false, err
	}
	for _, c := range t.Certificates {
		over, err := c.Ends()
		if err != nil {
			return false, fmt.Errorf("workshop %s: certificate of %s: %w", w.ID, t.ID, err)
		}
		if slices.Contains(skills, c.Skill) && onWall(until, zone).After(over) {
			return false, nil
		}
	}
	return true, nil
}

// Worktime is how long each technician works from From to To: in opening hours and the
// own shift, without leave.
func Worktime(s Search) (map[string]time.Duration, error) {
	s.Skills, s.Bays, s.At, s.Busy, s.Duration = nil, nil, nil, nil, Grid
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return nil, err
	}
	work := map[string]time.Duration{}
	for _, c := range b.crews {
		for _, id := range c.technicians {
			for _, p := range c.open {
				work[id] += b.present(id, later(p.From, s.From), earlier(p.To, s.To))
			}
		}
	}
	return work, nil
}

// present is how much of a stretch a technician is not away.
func (b *book) present(id string, from, to time.Time) time.Duration {
	left := time.Duration(0)
	for _, x := range b.busy[id] {
		if at := earlier(x.Start, to); at.After(from) {
			left += at.Sub(from)
		}
		from = later(from, x.End)
	}
	if to.After(from) {
		left += to.Sub(from)
	}
	return left
}
