package presage

import (
	"slices"
	"time"
)

// Sourcing is who sells which parts and when, ready to be asked: the suppliers and sources of
// planning parameters. Its zero value knows nobody: then a part is dispatched when it is ordered.
type Sourcing struct {
	calendars map[string]calendar // by supplier
	names     map[string]string   // supplier by its ID and its name
	sources   map[string][]Source // by part; "" for the others
}

// calendar are the days on which a supplier dispatches.
type calendar struct {
	zone *time.Location
	open [7]bool
	off  [][2]Day // first and last, by the wall
}

// Sourcing makes suppliers and sources ready; what Validate refuses is left out.
func (p PlanningParameters) Sourcing() Sourcing {
	out := Sourcing{calendars: map[string]calendar{}, names: map[string]string{}, sources: map[string][]Source{}}
	for _, s := range p.Suppliers {
		out.calendars[s.ID] = s.calendar()
		out.names[s.Name] = s.ID
	}
	for _, s := range p.Suppliers { // an ID counts before another's name
		out.names[s.ID] = s.ID
	}
	for _, s := range p.Sources {
		out.sources[s.Part] = append(out.sources[s.Part], s)
	}
	return out
}

func (s Supplier) calendar() calendar {
	c := calendar{zone: time.UTC}
	if zone, err := time.LoadLocation(s.Zone); err == nil {
		c.zone = zone
	}
	for day := range c.open {
		c.open[day] = len(s.Days) == 0 || slices.Contains(s.Days, time.Weekday(day))
	}
	for _, d := range s.Closures {
		if from, to, err := d.span(); err == nil {
			c.off = append(c.off, [2]Day{from, to})
		}
	}
	return c
}

// Of are the sources of a part: those that name it, else those that name none.
func (s Sourcing) Of(part string) []Source {
	if own, ok := s.sources[part]; ok {
		return own
	}
	return s.sources[""]
}

// SupplierOf is who an order of the part went to, where it says so by ID or name; else the first
// that sells the part, "" for nobody known.
func (s Sourcing) SupplierOf(said, part string) string {
	if id, ok := s.names[said]; ok || said != "" {
		return id
	}
	for _, source := range s.Of(part) {
		return source.Supplier
	}
	return ""
}

// longestWait bounds how long a supplier is waited for that seems to be closed for good, in days.
const longestWait = 400

// From is the part as the supplier sells it; as the catalogue has it where it does not.
func (s Sourcing) From(supplier string, part Part) Part {
	for _, source := range s.Of(part.Number) {
		if source.Supplier == supplier {
			return source.Terms(part)
		}
	}
	return part
}

// Dispatch is when the supplier dispatches what is ordered at a time: then, on a day on which
// it does, else as the next such day begins. One that is not known dispatches every day.
func (s Sourcing) Dispatch(supplier string, at time.Time) time.Time {
	c, ok := s.calendars[supplier]
	if !ok {
		return at
	}
	wall := at.In(c.zone)
	for days := range longestWait {
		y, m, d := wall.Date()
		day := time.Date(y, m, d+days, 0, 0, 0, 0, c.zone)
		if !c.dispatches(day) {
			continue
		}
		if days == 0 {
			return at
		}
		return day.In(at.Location())
	}
	return at.AddDate(0, 0, longestWait)
}

// dispatches tells whether it does on the day of a time in its zone.
func (c calendar) dispatches(at time.Time) bool {
	y, m, d := at.Date()
	day := DayOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	return c.open[at.Weekday()] && !slices.ContainsFunc(c.off, func(x [2]Day) bool { return x[0] <= day && day <= x[1] })
}

// Wait is how many whole days pass from a time until the supplier dispatches, rounded up.
func (s Sourcing) Wait(supplier string, at time.Time) int {
	wait := s.Dispatch(supplier, at).Sub(at)
	return int((wait + 24*time.Hour - 1) / (24 * time.Hour))
}

// Arrives is when pieces of a part are at the depot that are ordered at a time from who is said,
// "" for who sells it: dispatched as that supplier does, then after the part's lead time, or after
// usual days where nobody names one.
func (s Sourcing) Arrives(part Part, said string, at time.Time, usual int) time.Time {
	supplier := s.SupplierOf(said, part.Number)
	days := s.From(supplier, part).LeadTimeDays
	if days == 0 {
		days = usual
	}
	return s.Dispatch(supplier, at).AddDate(0, 0, days)
}
