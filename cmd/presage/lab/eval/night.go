package eval

import (
	"context"
	"slices"
	"time"

	"presage"
	"presage/cmd/presage/progress"
	"presage/models"
)

// Night is what one car's prognoses said at the end of a day on which it was recorded.
type Night struct {
	VIN       presage.VIN
	Day       presage.Day
	Prognoses []presage.Prognosis
}

// liveThrough sets the clock to the end of every recorded day, in order of
// time, and lets the service do its night's work: roll-ups of the days that
// are over, prognoses, decisions, parts.
func liveThrough(ctx context.Context, s *service, o Options) ([]Night, error) {
	if err := s.HideFuture(); err != nil {
		return nil, err
	}
	dirty, err := s.SQL.DirtyDays(ctx, 0)
	if err != nil {
		return nil, err
	}
	recorded := map[presage.Day][]presage.VIN{}
	var days []presage.Day
	for _, d := range dirty {
		if recorded[d.Day] == nil {
			days = append(days, d.Day)
		}
		recorded[d.Day] = append(recorded[d.Day], d.VIN)
	}
	slices.Sort(days)
	bar := progress.New(o.Progress, "living through the recorded days", "days", len(days))
	var nights []Night
	for _, day := range days {
		s.Clock.Set((day + 1).Start())
		if err := s.Night(ctx); err != nil {
			return nil, err
		}
		for _, vin := range recorded[day] {
			ps, err := s.SQL.Prognoses(ctx, vin)
			if err != nil {
				return nil, err
			}
			nights = append(nights, Night{VIN: vin, Day: day, Prognoses: ps})
		}
		bar.Add(1)
	}
	bar.Finish()
	return nights, nil
}

// alarming tells whether a status calls for somebody's attention.
func alarming(s presage.Status) bool { return s == presage.StatusDue || s == presage.StatusWatch }

// Alarms lists what is due or watched in the nights of a car, one line a night
// and component, and counts the car's nights.
func Alarms(nights []Night, vin presage.VIN) (alarms []string, total int) {
	for _, n := range nights {
		if n.VIN != vin {
			continue
		}
		total++
		for _, p := range n.Prognoses {
			if alarming(p.Status) {
				alarms = append(alarms, n.Day.String()+" "+string(p.Component)+" "+string(p.Status))
			}
		}
	}
	return alarms, total
}

// Suspicion is what a car's nights said about the cells of its battery.
type Suspicion struct {
	First  time.Time   // end of the first day on which the battery was watched or due; zero if never
	Cell   int         // the cell named on that day, counted from 1; 0 for none
	Nights map[int]int // nights with a battery watched or due before until, by the cell named
	Hinted map[int]int // nights with a cell mentioned at all before until, by the cell
}

// SuspicionOf reads a car's nights that ended before until; a zero until reads all.
func SuspicionOf(nights []Night, vin presage.VIN, until time.Time) Suspicion {
	s := Suspicion{Nights: map[int]int{}, Hinted: map[int]int{}}
	for _, n := range nights {
		end := (n.Day + 1).Start()
		if n.VIN != vin || !until.IsZero() && !end.Before(until) {
			continue
		}
		i := slices.IndexFunc(n.Prognoses, func(p presage.Prognosis) bool { return p.Component == presage.HVBattery })
		if i < 0 {
			continue
		}
		cell := cellOf(n.Prognoses[i])
		if cell > 0 {
			s.Hinted[cell]++
		}
		if !alarming(n.Prognoses[i].Status) {
			continue
		}
		s.Nights[cell]++
		if s.First.IsZero() {
			s.First, s.Cell = end, cell
		}
	}
	return s
}

// cellOf is the cell that a prognosis suspects, counted from 1; 0 for none.
func cellOf(p presage.Prognosis) int {
	for _, term := range p.Terms {
		if term.Name == models.TermCell {
			return int(term.Value)
		}
	}
	return 0
}
