package booking

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Grid is the step of the appointment book.
const Grid = presage.QuarterHour

// Busy is one taken stretch of a bay or a technician.
type Busy = presage.Busy

// Search asks a workshop for appointments.
type Search struct {
	Workshop presage.Workshop
	Busy     []Busy
	Held     []presage.HeldTime // what open offers keep for other customers, by time
	Duration time.Duration      // rounded up to the grid
	Skills   []string           // that one technician must have, all of them; "" counts for nothing
	Bays     []string           // kinds that one bay must have, all of them
	At       *presage.Place     // where a van does the work; nil: at the workshop
	Drive    time.Duration      // of the van, one way, in quarters of an hour
	Visits   []presage.Booking  // that begin on the days in question, where the workshop bounds them
	// Holiday tells whether the day of local is one on which the workshop is closed; nil for none.
	Holiday  func(local time.Time) bool
	From, To time.Time // a slot starts in [From, To)
	Limit    int       // at most so many; 0 for all
	// PerDay caps the slots of one local day; 0 for all.
	PerDay int
}

// SlotID names a slot: "<workshop>@<start unix>".
// The vans of a workshop stand for it where they come to the car.
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

// leaving is the search by when a van leaves, where it asks by when it comes.
func (s Search) leaving() Search {
	s.From, s.To = s.From.Add(-s.Drive), s.To.Add(-s.Drive)
	return s
}

// Slots returns the free appointments in ascending order. ErrInvalid when the
// workshop's zone is unknown or the search window is longer than a year. None
// where Possible says that there can never be one.
func Slots(s Search) ([]presage.Slot, error) {
	s = s.leaving()
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return nil, err
	}
	var found []presage.Slot
	days := map[time.Time]int{}
	for i, p := range b.open {
		for start := range b.starts(p, s.From, s.To) {
			if days[p.day] == s.PerDay && s.PerDay > 0 || b.full[p.day] {
				break
			}
			hours := b.sale(i, start, s.Held)
			if hours == nil {
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

// kept is how many offers at most keep a part of the hours for their customers, and how
// many of them at most keep bays that suit: vans for a van, others for a visit.
func (b *book) kept(held []presage.HeldTime, hours []presage.Span) (offers, bays int) {
	for _, x := range hours {
		i := sort.Search(len(held), func(i int) bool { return held[i].End.After(x.From) })
		for ; i < len(held) && held[i].Start.Before(x.To); i++ {
			offers = max(offers, held[i].Offers)
			if b.van {
				bays = max(bays, held[i].Vans)
			} else {
				bays = max(bays, held[i].Offers-held[i].Vans)
			}
		}
	}
	return offers, bays
}

// Reach is how long after its start a visit may still take time.
func Reach(s Search) time.Duration {
	const day = 24 * time.Hour
	if b, err := plan(s); err == nil && b.days == 1 {
		return day
	}
	return mostDays * (longestRest + day)
}

// Place is where and when a visit can be, and who can do it.
type Place struct {
	Hours             []presage.Span // of work, one span between two breaks; of a van with its way
	Bays, Technicians []string
}

// At is what is free for a visit that begins at start, in the workshop's order: of those
// who work other hours than others, the ones who are done first. Without Bays and
// Technicians something is taken; without Hours none can begin then: the workshop is
// closed, or start is off the grid.
func At(s Search, start time.Time) (Place, error) {
	s.From, s.To = start, start.Add(time.Second)
	s = s.leaving()
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return Place{}, err
	}
	for i, p := range b.open {
		for t := range b.starts(p, s.From, s.To) {
			if x := b.at(i, t); x.Hours != nil {
				if b.full[p.day] {
					x.Bays, x.Technicians = nil, nil
				}
				return x, nil
			}
		}
	}
	return Place{}, nil
}

// During returns the bays and technicians that can keep a visit in the very hours
// that were sold.
func During(s Search, hours []presage.Span) (bays, technicians []string, err error) {
	if len(hours) == 0 {
		return nil, nil, nil
	}
	s.From, s.To = hours[0].From, hours[len(hours)-1].To
	b, err := open(s)
	if err != nil || b.impossible != nil {
		return nil, nil, err
	}
	if bays = b.idlers(b.bays, hours); len(bays) == 0 {
		return nil, nil, nil
	}
	for _, c := range b.crews {
		if covers(c.open, hours) {
			technicians = append(technicians, b.idlers(c.technicians, hours)...)
		}
	}
	if len(technicians) == 0 {
		return nil, nil, nil
	}
	return bays, technicians, nil
}
