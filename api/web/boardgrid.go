package web

import (
	"slices"
	"time"

	"presage"
)

// grid is a day: a row for each quarter of an hour, a column for each bay or
// technician. What takes longer is one cell over several rows.
type grid struct {
	Columns []gridColumn
	Rows    []gridRow
	Beside  []boardVisit // of bays and technicians that have left, or twice in one place
	Closed  bool         // nobody works on this day
}

type gridColumn struct {
	ID, Name string
	Visits   int
}

// gridRow begins at a time; Hour is how many rows its hour has below, 0 for rows
// that do not begin one.
type gridRow struct {
	At    time.Time
	Hour  int
	Now   bool
	Cells []gridCell
}

// cellKind says what a cell of the grid is.
type cellKind string

const (
	cellFree  cellKind = "free" // a visit can be put here
	cellGone  cellKind = "gone" // free, and over
	cellShut  cellKind = "shut" // a break, a closure, an absence, before and after hours
	cellVisit cellKind = "visit"
)

type gridCell struct {
	Kind   cellKind
	Column int
	Rows   int
	Visit  *boardVisit
	Block  *presage.Stretch
}

// dayOnBoard makes the grid of a day.
func dayOnBoard(b *boardBody, d presage.BoardDay) *grid {
	g := &grid{Closed: len(d.Open) == 0, Columns: columns(b)}
	from, to := hoursShown(b, d)
	n := int(to.Sub(from) / quarter)
	for i := range n {
		at := from.Add(time.Duration(i) * quarter)
		row := gridRow{At: at, Now: !b.Now.Before(at) && b.Now.Before(at.Add(quarter))}
		if at.In(b.Date.Location()).Minute() == 0 {
			row.Hour = min(4, n-i)
		}
		g.Rows = append(g.Rows, row)
	}
	placed := make([]bool, len(b.Agenda))
	for c := range g.Columns {
		for i := range b.Agenda {
			if v := &b.Agenda[i]; v.BayID == g.Columns[c].ID || v.TechnicianID == g.Columns[c].ID {
				g.Columns[c].Visits++
			}
		}
		g.fill(b, d, c, placed)
	}
	for i, v := range b.Agenda {
		if !placed[i] {
			g.Beside = append(g.Beside, v)
		}
	}
	return g
}

func columns(b *boardBody) []gridColumn {
	var list []gridColumn
	if b.Persons {
		for _, t := range b.Workshop.Technicians {
			list = append(list, gridColumn{ID: t.ID, Name: technician(b.Workshop, t.ID)})
		}
		return list
	}
	for _, x := range b.Workshop.Bays {
		list = append(list, gridColumn{ID: x.ID, Name: bay(x.ID)})
	}
	return list
}

// hoursShown are whole hours from the first to the last thing of a day; of a day
// without any the workshop's usual ones.
func hoursShown(b *boardBody, d presage.BoardDay) (from, to time.Time) {
	spans := slices.Clone(d.Open)
	for _, v := range b.Agenda {
		spans = append(spans, presage.Span{From: v.Begins, To: v.Ends})
	}
	for _, s := range d.Shut {
		if s.Source != "" {
			spans = append(spans, presage.Span{From: s.From, To: s.To})
		}
	}
	if len(spans) == 0 {
		from = d.From.Add(time.Duration(b.Workshop.OpenHour) * time.Hour)
		hours := max(4, b.Workshop.CloseHour-b.Workshop.OpenHour)
		spans = []presage.Span{{From: from, To: from.Add(time.Duration(hours) * time.Hour)}}
	}
	for i, s := range spans {
		if i == 0 || s.From.Before(from) {
			from = s.From
		}
		if s.To.After(to) {
			to = s.To
		}
	}
	zone := b.Date.Location()
	from = from.Add(-time.Duration(from.In(zone).Minute()) * time.Minute).Truncate(time.Minute)
	if m := to.In(zone).Minute(); m != 0 {
		to = to.Add(time.Duration(60-m) * time.Minute)
	}
	return from, to
}

// fill lays the cells of one column.
func (g *grid) fill(b *boardBody, d presage.BoardDay, column int, placed []bool) {
	id := g.Columns[column].ID
	for i := 0; i < len(g.Rows); {
		cell := gridCell{Kind: cellFree, Column: column, Rows: 1}
		at := g.Rows[i].At
		switch v := visitAt(b.Agenda, id, at); {
		case v >= 0:
			placed[v] = true
			cell.Kind, cell.Visit = cellVisit, &b.Agenda[v]
			cell.Rows = g.until(b.Agenda[v].Ends, i)
		case !openAt(d, id, at):
			cell.Kind, cell.Block = cellShut, blockAt(d, id, at)
			for i+cell.Rows < len(g.Rows) && g.goesOn(b, d, column, i+cell.Rows, cell.Block) {
				cell.Rows++
			}
		case !at.After(b.Now):
			cell.Kind = cellGone
		}
		g.Rows[i].Cells = append(g.Rows[i].Cells, cell)
		i += cell.Rows
	}
}

// goesOn tells whether a shut stretch has the next row too.
func (g *grid) goesOn(b *boardBody, d presage.BoardDay, column, row int, block *presage.Stretch) bool {
	id, at := g.Columns[column].ID, g.Rows[row].At
	next := blockAt(d, id, at)
	same := next == nil && block == nil || next != nil && block != nil && next.ID == block.ID
	return same && !openAt(d, id, at) && visitAt(b.Agenda, id, at) < 0
}

// until is how many rows there are from a row to the end of something.
func (g *grid) until(end time.Time, from int) int {
	n := 1
	for from+n < len(g.Rows) && g.Rows[from+n].At.Before(end) {
		n++
	}
	return n
}

// visitAt is the visit of a bay or technician in the quarter hour at; -1 for none.
func visitAt(visits []boardVisit, id string, at time.Time) int {
	return slices.IndexFunc(visits, func(v boardVisit) bool {
		mine := v.BayID == id || v.TechnicianID == id
		return mine && v.Begins.Before(at.Add(quarter)) && v.Ends.After(at)
	})
}

func openAt(d presage.BoardDay, id string, at time.Time) bool {
	open := slices.ContainsFunc(d.Open, func(s presage.Span) bool { return !at.Before(s.From) && at.Before(s.To) })
	return open && blockAt(d, id, at) == nil
}

// blockAt is what takes a bay or technician away in the quarter hour at.
func blockAt(d presage.BoardDay, id string, at time.Time) *presage.Stretch {
	for i, s := range d.Shut {
		if (s.Resource == "" || s.Resource == id) && s.From.Before(at.Add(quarter)) && s.To.After(at) {
			return &d.Shut[i]
		}
	}
	return nil
}
