package booking

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Grid is the step of the appointment book.
const Grid = 15 * time.Minute

// Busy is one taken stretch of a bay or a technician.
type Busy = presage.Busy

// Search asks a workshop for appointments.
type Search struct {
	Workshop presage.Workshop
	Busy     []Busy
	Held     []presage.HeldTime // what open offers keep for other customers, by time
	Duration time.Duration      // rounded up to the grid
	Skills   []string           // that one technician must have, all of them; "" counts for nothing
	From, To time.Time          // a slot starts in [From, To)
	Limit    int                // at most so many; 0 for all
	// PerDay caps the slots of one local day; 0 for all.
	PerDay int
}

// Work condenses jobs into the time and the skills a visit needs. A job that
// appears twice is done once.
func Work(jobs []presage.Job) (time.Duration, []string, []presage.PartQuantity) {
	var (
		total  time.Duration
		skills []string
		parts  []presage.PartQuantity
		done   []string
	)
	for _, j := range jobs {
		if slices.Contains(done, j.Code) {
			continue
		}
		done = append(done, j.Code)
		total += j.Duration()
		if j.Skill != "" && !slices.Contains(skills, j.Skill) {
			skills = append(skills, j.Skill)
		}
		for _, p := range j.Parts {
			if i := slices.IndexFunc(parts, func(q presage.PartQuantity) bool { return q.Part == p.Part }); i >= 0 {
				parts[i].Quantity += p.Quantity
			} else {
				parts = append(parts, p)
			}
		}
	}
	return roundUp(total), skills, parts
}

func roundUp(d time.Duration) time.Duration {
	if rest := d % Grid; rest != 0 {
		d += Grid - rest
	}
	return max(Grid, d)
}

// SlotID names a slot: "<workshop>@<start unix>".
func SlotID(workshopID string, start time.Time) string {
	return workshopID + "@" + strconv.FormatInt(start.Unix(), 10)
}

// ParseSlotID reads a SlotID; ErrInvalid when it is none.
func ParseSlotID(id string) (workshopID string, start time.Time, err error) {
	i := strings.LastIndexByte(id, '@')
	if i < 1 {
		return "", time.Time{}, fmt.Errorf("%w slot %q: want workshop@unix-seconds", presage.ErrInvalid, id)
	}
	sec, err := strconv.ParseInt(id[i+1:], 10, 64)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("%w slot %q: want workshop@unix-seconds", presage.ErrInvalid, id)
	}
	return id[:i], time.Unix(sec, 0).UTC(), nil
}

// Slots returns the free appointments in ascending order. ErrInvalid when the
// workshop's zone is unknown or the search window is longer than a year. None
// where Possible says that there can never be one.
func Slots(s Search) ([]presage.Slot, error) {
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return nil, err
	}
	var found []presage.Slot
	days := map[time.Time]int{}
	for i, p := range b.open {
		for start := range b.starts(p, s.From, s.To) {
			if days[p.day] == s.PerDay && s.PerDay > 0 {
				break
			}
			hours := b.hours(i, start)
			if !b.sellable(hours, kept(s.Held, hours)) {
				continue
			}
			found = append(found, b.slot(hours))
			days[p.day]++
			if s.Limit > 0 && len(found) == s.Limit {
				return found, nil
			}
		}
	}
	return found, nil
}

// kept is how many offers at most keep a part of the hours for their customers.
func kept(held []presage.HeldTime, hours []presage.Span) int {
	most := 0
	for _, x := range hours {
		i := sort.Search(len(held), func(i int) bool { return held[i].End.After(x.From) })
		for ; i < len(held) && held[i].Start.Before(x.To); i++ {
			most = max(most, held[i].Offers)
		}
	}
	return most
}

// Reach is how long after its start a visit may still take time.
func Reach(s Search) time.Duration {
	const day = 24 * time.Hour
	if s.Duration <= time.Duration(s.Workshop.CloseHour-s.Workshop.OpenHour)*time.Hour {
		return day
	}
	return mostDays * (longestRest + day)
}

// Candidates returns the bays and technicians that are free at start, in the
// workshop's order. Both are empty when the workshop is closed then, start is
// off the grid, or one of them is taken.
func Candidates(s Search, start time.Time) (bays, technicians []string, err error) {
	b, hours, err := at(s, start)
	if err != nil {
		return nil, nil, err
	}
	if bays, technicians = b.free(hours); len(bays) == 0 || len(technicians) == 0 {
		return nil, nil, nil
	}
	return bays, technicians, nil
}

// Hours are the opening hours that a visit takes which begins at start, one
// span a day; nil when none can begin then.
func Hours(s Search, start time.Time) ([]presage.Span, error) {
	_, hours, err := at(s, start)
	return hours, err
}

func at(s Search, start time.Time) (*book, []presage.Span, error) {
	s.From, s.To = start, start.Add(time.Second)
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return b, nil, err
	}
	for i, p := range b.open {
		for t := range b.starts(p, s.From, s.To) {
			if hours := b.hours(i, t); hours != nil {
				return b, hours, nil
			}
		}
	}
	return b, nil, nil
}

// book is an opened search.
type book struct {
	workshop    presage.Workshop
	zone        *time.Location
	duration    time.Duration
	days        int      // that the work takes at least
	open        []piece  // of the search window and behind it as far as the work may reach
	technicians []string // with the skills
	busy        map[string][]Busy
	impossible  error // that there can never be a slot
}

func open(s Search) (*book, error) {
	zone, err := time.LoadLocation(s.Workshop.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w workshop %s: zone %q is unknown", presage.ErrInvalid, s.Workshop.ID, s.Workshop.Zone)
	}
	if s.To.Sub(s.From) > 366*24*time.Hour {
		return nil, fmt.Errorf("%w slot search: more than a year", presage.ErrInvalid)
	}
	b := &book{workshop: s.Workshop, zone: zone, duration: roundUp(s.Duration), busy: map[string][]Busy{}}
	for _, t := range s.Workshop.Technicians {
		if hasSkills(t, s.Skills) {
			b.technicians = append(b.technicians, t.ID)
		}
	}
	if b.days, b.impossible = b.possible(s.Skills); b.impossible != nil {
		return b, nil //nolint:nilerr // that no day is long enough is an answer, which the book keeps
	}
	to := s.To
	if b.days > 1 {
		to = to.Add(time.Duration(b.days) * (longestRest + 24*time.Hour))
	}
	if b.open, err = openHours(b.workshop, zone, s.From, to); err != nil {
		return nil, err
	}
	return b, b.take(s.Busy)
}

// take notes what is taken, and who is absent.
func (b *book) take(busy []Busy) error {
	for _, x := range busy {
		b.busy[x.Resource] = append(b.busy[x.Resource], x)
	}
	for _, a := range b.workshop.Absences {
		from, to, err := a.Wall()
		if err != nil {
			return fmt.Errorf("workshop %s: absence of %s: %w", b.workshop.ID, a.Resource, err)
		}
		for _, s := range shown(b.zone, from, to) {
			b.busy[a.Resource] = append(b.busy[a.Resource], Busy{Resource: a.Resource, Start: s.From, End: s.To})
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

// ErrImpossible tells that a workshop can never do a visit: it is too long for
// its days, or nobody there may do it. It comes together with ErrInvalid.
var ErrImpossible = errors.New("this workshop cannot do it")

// Possible says why the workshop can never do the visit, as ErrImpossible.
func Possible(s Search) error {
	b, err := open(s)
	if err != nil {
		return err
	}
	return b.impossible
}

// mostDays is how many open days in a row a visit may take.
const mostDays = 5

// possible counts the days that the work takes at least.
func (b *book) possible(skills []string) (days int, err error) {
	w := b.workshop
	refuse := func(format string, args ...any) (int, error) {
		return 0, fmt.Errorf("%w visit to workshop %s: %w: "+format,
			append([]any{presage.ErrInvalid, w.ID, ErrImpossible}, args...)...)
	}
	day := time.Duration(w.CloseHour-w.OpenHour) * time.Hour
	switch {
	case day <= 0 || closedAlways(w.ClosedOn):
		return refuse("it is never open")
	case len(w.Bays) == 0:
		return refuse("it has no bay")
	case len(b.technicians) == 0:
		return refuse("no technician has the skills %q", skills)
	case b.duration > mostDays*day:
		return refuse("%s of work, more than %d days of %s", b.duration, mostDays, day)
	}
	return int((b.duration + day - 1) / day), nil
}

func closedAlways(on []time.Weekday) bool {
	for day := time.Sunday; day <= time.Saturday; day++ {
		if !slices.Contains(on, day) {
			return false
		}
	}
	return true
}

func hasSkills(t presage.Technician, skills []string) bool {
	for _, s := range skills {
		if s != "" && !slices.Contains(t.Skills, s) {
			return false
		}
	}
	return true
}

// free are the bays and technicians that have nothing else to do in all the hours.
func (b *book) free(hours []presage.Span) (bays, technicians []string) {
	if len(hours) == 0 {
		return nil, nil
	}
	busy := func(id string) bool {
		return slices.ContainsFunc(hours, func(h presage.Span) bool { return !b.idle(id, h.From, h.To) })
	}
	bays = slices.DeleteFunc(slices.Clone(b.workshop.Bays), busy)
	if len(bays) == 0 {
		return nil, nil
	}
	return bays, slices.DeleteFunc(slices.Clone(b.technicians), busy)
}

// sellable tells whether more than n visits could take all the hours.
func (b *book) sellable(hours []presage.Span, n int) bool {
	enough := func(list []string) bool {
		left := n
		for _, id := range list {
			if !slices.ContainsFunc(hours, func(h presage.Span) bool { return !b.idle(id, h.From, h.To) }) {
				left--
			}
			if left < 0 {
				return true
			}
		}
		return false
	}
	return len(hours) > 0 && enough(b.workshop.Bays) && enough(b.technicians)
}

func (b *book) idle(resource string, start, end time.Time) bool {
	list := b.busy[resource]
	i := sort.Search(len(list), func(i int) bool { return !list[i].Start.Before(end) })
	return i == 0 || !list[i-1].End.After(start)
}

func (b *book) slot(hours []presage.Span) presage.Slot {
	start := hours[0].From
	return presage.Slot{
		ID: SlotID(b.workshop.ID, start), WorkshopID: b.workshop.ID, Start: start, End: hours[len(hours)-1].To,
	}
}
