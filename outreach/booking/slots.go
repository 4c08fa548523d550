package booking

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Grid is the step of the appointment book.
const Grid = 15 * time.Minute

// Busy is one taken stretch of a bay or a technician.
type Busy struct {
	Resource   string // bay or technician ID
	Start, End time.Time
}

// Search asks a workshop for appointments.
type Search struct {
	Workshop presage.Workshop
	Busy     []Busy
	Duration time.Duration // rounded up to the grid
	Skills   []string      // that one technician must have, all of them; "" counts for nothing
	From, To time.Time     // a slot starts in [From, To)
	Limit    int           // at most so many; 0 for all
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
// workshop's zone is unknown or the search window is longer than a year.
func Slots(s Search) ([]presage.Slot, error) {
	b, err := open(s)
	if err != nil {
		return nil, err
	}
	var found []presage.Slot
	for day := b.localDay(s.From); day.Before(s.To); day = day.AddDate(0, 0, 1) {
		inDay := 0
		for start := range b.starts(day, s.From, s.To) {
			if bays, technicians := b.free(start); len(bays) == 0 || len(technicians) == 0 {
				continue
			}
			found = append(found, b.slot(start))
			inDay++
			if s.Limit > 0 && len(found) == s.Limit {
				return found, nil
			}
			if inDay == s.PerDay {
				break
			}
		}
	}
	return found, nil
}

// Candidates returns the bays and technicians that are free at start, in the
// workshop's order. Both are empty when the workshop is closed then, start is
// off the grid, or one of them is taken.
func Candidates(s Search, start time.Time) (bays, technicians []string, err error) {
	s.From, s.To = start, start.Add(time.Second)
	b, err := open(s)
	if err != nil {
		return nil, nil, err
	}
	for t := range b.starts(b.localDay(start), s.From, s.To) {
		if bays, technicians = b.free(t); len(bays) > 0 && len(technicians) > 0 {
			return bays, technicians, nil
		}
	}
	return nil, nil, nil
}

// book is an opened search.
type book struct {
	workshop    presage.Workshop
	zone        *time.Location
	duration    time.Duration
	technicians []string // with the skills
	busy        map[string][]Busy
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
	for _, x := range s.Busy {
		b.busy[x.Resource] = append(b.busy[x.Resource], x)
	}
	for _, list := range b.busy {
		slices.SortFunc(list, func(x, y Busy) int {
			return cmp.Or(x.Start.Compare(y.Start), x.End.Compare(y.End))
		})
	}
	return b, nil
}

func hasSkills(t presage.Technician, skills []string) bool {
	for _, s := range skills {
		if s != "" && !slices.Contains(t.Skills, s) {
			return false
		}
	}
	return true
}

// localDay is the first instant of t's day in the workshop's zone.
func (b *book) localDay(t time.Time) time.Time {
	y, m, d := t.In(b.zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, b.zone)
}

// starts yields the grid starts of one local day from which the job ends
// before closing time.
func (b *book) starts(day, from, to time.Time) func(yield func(time.Time) bool) {
	return func(yield func(time.Time) bool) {
		if slices.Contains(b.workshop.ClosedOn, day.Weekday()) {
			return
		}
		y, m, d := day.Date()
		opens := time.Date(y, m, d, b.workshop.OpenHour, 0, 0, 0, b.zone)
		closes := time.Date(y, m, d, b.workshop.CloseHour, 0, 0, 0, b.zone)
		for t := opens; !t.Add(b.duration).After(closes); t = t.Add(Grid) {
			if t.Before(from) {
				continue
			}
			if !t.Before(to) || !yield(t.UTC()) {
				return
			}
		}
	}
}

func (b *book) free(start time.Time) (bays, technicians []string) {
	end := start.Add(b.duration)
	for _, id := range b.workshop.Bays {
		if b.idle(id, start, end) {
			bays = append(bays, id)
		}
	}
	if len(bays) == 0 {
		return nil, nil
	}
	for _, id := range b.technicians {
		if b.idle(id, start, end) {
			technicians = append(technicians, id)
		}
	}
	return bays, technicians
}

func (b *book) idle(resource string, start, end time.Time) bool {
	for _, x := range b.busy[resource] {
		if !x.Start.Before(end) {
			return true
		}
		if x.End.After(start) {
			return false
		}
	}
	return true
}

func (b *book) slot(start time.Time) presage.Slot {
	return presage.Slot{
		ID: SlotID(b.workshop.ID, start), WorkshopID: b.workshop.ID, Start: start, End: start.Add(b.duration),
	}
}
