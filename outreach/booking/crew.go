package booking

import (
	"fmt"
	"slices"
	"sort"
	"time"

	"presage"
)

// crew are technicians who work the same hours. What takes longer than the day of
// its technician takes other hours with each crew.
type crew struct {
	shifts      []presage.WeekHours // none: whenever the workshop is open
	technicians []string
	week        presage.Week
	day         time.Duration // most work of one day
	days        int           // that the work takes at least
	open        []piece       // their work, of the search window and behind it
}

// crews are the technicians with the skills, by their shifts.
func crews(s Search, opening presage.Week) ([]crew, error) {
	var list []crew
	for _, t := range s.Workshop.Technicians {
		if !hasSkills(t, s.Skills) {
			continue
		}
		i := slices.IndexFunc(list, func(c crew) bool { return sameShifts(c.shifts, t.Shifts) })
		if i < 0 {
			c := crew{shifts: t.Shifts, week: opening}
			if len(t.Shifts) > 0 {
				shifts, err := presage.ReadWeek("shifts", t.Shifts)
				if err != nil {
					return nil, fmt.Errorf("workshop %s: technician %s: %w", s.Workshop.ID, t.ID, err)
				}
				c.week = opening.Within(shifts)
			} else {
				c.shifts = nil
			}
			c.day = longestDay(c.week)
			i, list = len(list), append(list, c)
		}
		list[i].technicians = append(list[i].technicians, t.ID)
	}
	return list, nil
}

func sameShifts(a, b []presage.WeekHours) bool {
	return slices.EqualFunc(a, b, func(x, y presage.WeekHours) bool {
		return x.From == y.From && x.To == y.To && slices.Equal(x.Days, y.Days)
	})
}

func hasSkills(t presage.Technician, skills []string) bool {
	for _, s := range skills {
		if s != "" && !slices.Contains(t.Skills, s) {
			return false
		}
	}
	return true
}

// longestBreak is how long work may rest within a day: the car stays in the bay.
const longestBreak = 2 * time.Hour

// isBreak tells a break from the gap of a clock change and from two openings of a day.
func isBreak(gap time.Duration) bool { return gap >= Grid && gap <= longestBreak }

// longestDay is the most work of one day of a week, with no rest longer than a break.
func longestDay(w presage.Week) time.Duration {
	longest := time.Duration(0)
	for _, day := range w {
		var run, last time.Duration
		for _, h := range day {
			if h.From-last > longestBreak {
				run = 0
			}
			run += h.To - h.From
			last, longest = h.To, max(longest, run)
		}
	}
	return longest
}

// hours are the times a crew takes for a visit that begins at start in the i-th
// opening: as many days as it needs at least, in a row, and after each break it
// goes on. nil when it does not work then or cannot finish so.
func (b *book) hours(c *crew, i int, start time.Time) []presage.Span {
	if c.shifts != nil {
		i = sort.Search(len(c.open), func(i int) bool { return c.open[i].To.After(start) })
		if i == len(c.open) || c.open[i].From.After(start) {
			return nil
		}
	}
	if end := start.Add(b.duration); !end.After(c.open[i].To) {
		return []presage.Span{{From: start, To: end}}
	}
	if b.van || c.days == 1 && !goesOn(c.open, i) { // a van is back before the break
		return nil
	}
	return c.after(i, start, b.duration)
}

// goesOn tells whether work of one day may go on after the i-th piece.
func goesOn(open []piece, i int) bool {
	return i+1 < len(open) && open[i+1].day.Equal(open[i].day) && isBreak(open[i+1].From.Sub(open[i].To))
}

func (c *crew) after(i int, start time.Time, rest time.Duration) []presage.Span {
	var list []presage.Span
	days := 1
	for j, p := range c.open[i:] {
		if j > 0 {
			before := c.open[i+j-1]
			gap := p.From.Sub(before.To)
			if !p.day.Equal(before.day) {
				days++
			} else if c.days == 1 && !isBreak(gap) {
				return nil
			}
			if gap > longestRest || days > c.days {
				return nil
			}
		}
		from := later(p.From, start)
		s := presage.Span{From: from, To: earlier(p.To, from.Add(rest))}
		list = append(list, s)
		if rest -= s.To.Sub(s.From); rest == 0 {
			return list
		}
	}
	return nil
}

// covers tells whether all the hours lie in pieces of work.
func covers(open []piece, hours []presage.Span) bool {
	for _, h := range hours {
		i := sort.Search(len(open), func(i int) bool { return open[i].To.After(h.From) })
		if i == len(open) || open[i].From.After(h.From) || open[i].To.Before(h.To) {
			return false
		}
	}
	return true
}
