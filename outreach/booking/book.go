package booking

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"presage"
)

// book is an opened search.
type book struct {
	workshop   presage.Workshop
	zone       *time.Location
	week       presage.Week
	duration   time.Duration      // of a van with its way there and back
	drive      time.Duration      // of a van, one way
	van        bool               // it comes to the car
	bays       []string           // that suit
	crews      []crew             // with the skills
	days       int                // that the work takes at most, whoever does it
	open       []piece            // of the search window and behind it as far as the work may reach
	full       map[time.Time]bool // days with as many visits as may be, by midnight on the wall
	busy       map[string][]Busy
	impossible error // that there can never be a slot
}

// plan tells who could do a visit, whenever.
func plan(s Search) (*book, error) {
	zone, err := s.Workshop.Location()
	if err != nil {
		return nil, err
	}
	if s.To.Sub(s.From) > 366*24*time.Hour {
		return nil, fmt.Errorf("%w slot search: more than a year", presage.ErrInvalid)
	}
	b := &book{
		workshop: s.Workshop, zone: zone, duration: roundUp(s.Duration) + 2*s.Drive, drive: s.Drive, van: s.At != nil,
		busy: map[string][]Busy{},
	}
	for _, x := range s.Workshop.Bays {
		if s.Workshop.Suits(x, s.Bays, s.At) {
			b.bays = append(b.bays, x.ID)
		}
	}
	if b.week, err = s.Workshop.Opening(); err != nil {
		return nil, fmt.Errorf("workshop %s: %w", s.Workshop.ID, err)
	}
	if b.crews, err = crews(s, b.week); err != nil {
		return nil, err
	}
	b.impossible = b.possible(s)
	return b, nil
}

func open(s Search) (*book, error) {
	b, err := plan(s)
	if err != nil || b.impossible != nil {
		return b, err
	}
	to := s.To
	if b.days > 1 {
		to = to.Add(time.Duration(b.days) * (longestRest + 24*time.Hour))
	}
	shut, err := shutOf(s, b.zone)
	if err != nil {
		return nil, err
	}
	b.open = shut.openHours(b.week, s.From, to)
	for i, c := range b.crews {
		b.crews[i].open = b.open
		if c.shifts != nil {
			b.crews[i].open = shut.openHours(c.week, s.From, to)
		}
	}
	b.full = b.fullDays(s)
	return b, b.take(s)
}

// take notes what is taken, who is absent, and whose certificates run out.
func (b *book) take(s Search) error {
	for _, x := range s.Busy {
		b.busy[x.Resource] = append(b.busy[x.Resource], x)
	}
	for _, a := range b.workshop.Absences {
		from, to, err := a.Wall()
		if err != nil {
			return fmt.Errorf("workshop %s: absence of %s: %w", b.workshop.ID, a.Resource, err)
		}
		b.away(a.Resource, from, to)
	}
	for _, t := range b.workshop.Technicians {
		for _, c := range t.Certificates {
			if !slices.Contains(s.Skills, c.Skill) {
				continue
			}
			ends, err := c.Ends()
			if err != nil {
				return fmt.Errorf("workshop %s: certificate of %s: %w", b.workshop.ID, t.ID, err)
			}
			b.away(t.ID, ends, ends.AddDate(100, 0, 0))
		}
	}
	for _, list := range b.busy {
		slices.SortFunc(list, func(x, y Busy) int {
			return cmp.Or(x.Start.Compare(y.Start), x.End.Compare(y.End))
		})
		for i := range list[min(1, len(list)):] { // so that the one before tells how long it is taken
			list[i+1].End = later(list[i].End, list[i+1].End)
		}
	}
	return nil
}

// away notes a time on the wall without a bay or technician, as far as it is near
// enough to count.
func (b *book) away(resource string, from, to time.Time) {
	if len(b.open) == 0 {
		return
	}
	first, last := onWall(b.open[0].From, b.zone), onWall(b.open[len(b.open)-1].To, b.zone)
	for _, s := range shown(b.zone, later(from, first), earlier(to, last)) {
		b.busy[resource] = append(b.busy[resource], Busy{Resource: resource, Start: s.From, End: s.To})
	}
}

// fullDays are those on which as many visits begin as may be.
func (b *book) fullDays(s Search) map[time.Time]bool {
	bound := s.Workshop.Daily
	if bound == nil || bound.All == 0 {
		return nil
	}
	begin, full := map[time.Time]int{}, map[time.Time]bool{}
	for _, v := range s.Visits {
		day := onWall(v.Start, b.zone).Truncate(24 * time.Hour)
		if begin[day]++; begin[day] >= bound.All {
			full[day] = true
		}
	}
	return full
}

// ErrImpossible tells that a workshop can never do a visit: it is too long for
// its days, or nobody there may do it. It comes together with ErrInvalid.
var ErrImpossible = errors.New("this workshop cannot do it")

// Possible says why the workshop can never do the visit, as ErrImpossible.
func Possible(s Search) error {
	b, err := plan(s)
	if err != nil {
		return err
	}
	return b.impossible
}

// mostDays is how many open days in a row a visit may take.
const mostDays = 5

// possible keeps the crews that can do the work at all, and counts its days.
func (b *book) possible(s Search) error {
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("%w visit to workshop %s: %w: "+format,
			append([]any{presage.ErrInvalid, s.Workshop.ID, ErrImpossible}, args...)...)
	}
	switch {
	case len(s.Workshop.Bays) == 0:
		return refuse("it has no bay")
	case len(b.bays) == 0 && s.At != nil:
		return refuse("no van of the kinds %q comes so far", s.Bays)
	case len(b.bays) == 0:
		return refuse("no bay is of the kinds %q", s.Bays)
	case len(b.crews) == 0:
		return refuse("no technician has the skills %q", s.Skills)
	}
	longest := time.Duration(0)
	b.crews = slices.DeleteFunc(b.crews, func(c crew) bool {
		longest = max(longest, c.day)
		if b.van {
			return b.duration > c.day
		}
		return b.duration > mostDays*c.day
	})
	switch {
	case longest == 0:
		return refuse("it is never open")
	case len(b.crews) == 0:
		return refuse("%s of work, more than %d days of %s", b.duration, mostDays, longest)
	}
	for i, c := range b.crews {
		b.crews[i].days = int((b.duration + c.day - 1) / c.day)
		b.days = max(b.days, b.crews[i].days)
	}
	return nil
}

// sale are the hours of a visit that begins at start in the i-th opening, by the
// technicians who finish it first; nil when nobody can do it, or only in a time that
// offers keep for others.
func (b *book) sale(i int, start time.Time, held []presage.HeldTime) []presage.Span {
	var first []presage.Span
	free, keep := 0, 0 // technicians, whoever works when; and offers
	for c := range b.crews {
		hours := b.hours(&b.crews[c], i, start)
		if hours == nil {
			continue
		}
		n, bays := b.kept(held, hours)
		if b.count(b.bays, hours, bays+1) <= bays {
			continue
		}
		who := b.count(b.crews[c].technicians, hours, n+1)
		if free += who; who > 0 && (first == nil || ends(hours).Before(ends(first))) {
			first, keep = hours, n
		}
	}
	if free <= keep {
		return nil
	}
	return first
}

// at is who and what is free for a visit that begins at start in the i-th opening.
func (b *book) at(i int, start time.Time) Place {
	var p Place
	for c := range b.crews {
		hours := b.hours(&b.crews[c], i, start)
		if hours == nil {
			continue
		}
		who := b.idlers(b.crews[c].technicians, hours)
		switch {
		case p.Hours == nil || len(p.Technicians) == 0 && len(who) > 0 || len(who) > 0 && ends(hours).Before(ends(p.Hours)):
			p.Hours, p.Technicians = hours, who
		case slices.EqualFunc(hours, p.Hours, sameSpan):
			p.Technicians = append(p.Technicians, who...)
		}
	}
	if p.Bays = b.idlers(b.bays, p.Hours); len(p.Bays) == 0 || len(p.Technicians) == 0 {
		p.Bays, p.Technicians = nil, nil
	}
	b.inOrder(p.Technicians)
	return p
}

// inOrder sorts technicians as the workshop lists them.
func (b *book) inOrder(ids []string) {
	if len(b.crews) < 2 {
		return
	}
	place := func(id string) int {
		return slices.IndexFunc(b.workshop.Technicians, func(t presage.Technician) bool { return t.ID == id })
	}
	slices.SortFunc(ids, func(x, y string) int { return cmp.Compare(place(x), place(y)) })
}

func ends(hours []presage.Span) time.Time { return hours[len(hours)-1].To }

func sameSpan(a, b presage.Span) bool { return a.From.Equal(b.From) && a.To.Equal(b.To) }

// idlers are the bays or technicians of a list that have nothing else to do in all the hours.
func (b *book) idlers(list []string, hours []presage.Span) []string {
	var free []string
	for _, id := range list {
		if b.idle(id, hours) {
			free = append(free, id)
		}
	}
	return free
}

// count is how many of a list are idle, at most most.
func (b *book) count(list []string, hours []presage.Span, most int) int {
	n := 0
	for _, id := range list {
		if b.idle(id, hours) {
			n++
		}
		if n == most {
			break
		}
	}
	return n
}

func (b *book) idle(resource string, hours []presage.Span) bool {
	list := b.busy[resource]
	for _, h := range hours {
		i := sort.Search(len(list), func(i int) bool { return !list[i].Start.Before(h.To) })
		if i > 0 && list[i-1].End.After(h.From) {
			return false
		}
	}
	return true
}

func (b *book) slot(hours []presage.Span) presage.Slot {
	start := hours[0].From
	where := b.workshop.ID
	if b.van {
		where = presage.VansOf(where)
	}
	start = start.Add(b.drive)
	return presage.Slot{
		ID: SlotID(where, start), WorkshopID: b.workshop.ID, Start: start, End: ends(hours).Add(-b.drive),
	}
}
