package booking

import (
	"time"

	"presage"
)

// Days tells of each local day of a month, given as its first midnight, whether
// a visit can begin on it in [From, To) of the search. Limit and PerDay count for
// nothing. Where Possible says that there can never be a slot, all days are closed.
func Days(s Search, month time.Time) ([]presage.FreeDay, error) {
	s = s.leaving()
	from, to := s.From, s.To
	s.From, s.To = month, month.AddDate(0, 1, 0)
	b, err := open(s)
	if err != nil {
		return nil, err
	}
	const day = 24 * time.Hour
	var days []presage.FreeDay
	at := map[time.Time]int{}
	first := time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC) // on the wall
	for d := first; d.Before(first.AddDate(0, 1, 0)); d = d.Add(day) {
		at[d] = len(days)
		days = append(days, presage.FreeDay{Day: d.Format(time.DateOnly), State: presage.DayClosed})
	}
	for i, p := range b.open {
		if n, ok := at[p.day]; ok && days[n].State != presage.DayFree {
			b.look(&days[n], i, s.Held, presage.Span{From: from, To: to})
		}
	}
	return days, nil
}

// look finds what the i-th piece of work has for its day. A day of several pieces
// is looked at once for each.
func (b *book) look(d *presage.FreeDay, i int, held []presage.HeldTime, in presage.Span) {
	p := b.open[i]
	switch {
	case !p.To.After(in.From):
		if d.State == presage.DayClosed {
			d.State = presage.DayEarly
		}
		return
	case !p.From.Before(in.To):
		if d.State != presage.DayFull {
			d.State = presage.DayLate
		}
		return
	}
	if d.State = presage.DayFull; b.full[p.day] {
		return
	}
	for start := range b.starts(p, in.From, in.To) {
		if b.sale(i, start, held) != nil {
			d.State, d.First = presage.DayFree, start.Add(b.drive)
			return
		}
	}
}
