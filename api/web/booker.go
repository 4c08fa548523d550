package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// spot is where in the calendar a page looks. All of it is in the address, so
// that the page works without a script and a GET changes nothing.
type spot struct {
	workshop   string // "" for the offer's own
	month, day string
	slot       string // the time that was chosen
	change     bool   // another time for a visit that there is
}

func (r *request) spot() spot {
	return spot{
		workshop: r.Query("at"), month: r.Query("month"), day: r.Query("day"), slot: r.Query("slot"),
		change: r.Query("change") != "",
	}
}

// booker is the part of an offer's page where a time is chosen.
type booker struct {
	spot

	token   string
	Picks   []presage.SlotView // the first few
	Nearest *presage.Slot      // to a time that is not free
	Chosen  *presage.Slot      // free when it was read
	Grid    monthGrid
	Day     time.Time // of Times; zero for none
	Times   []presage.Slot
	Wishes  presage.Wishes  // typed before
	VanTo   presage.Address // typed before
	Away    bool            // at another centre than the offer's own
}

// monthGrid is a month as weeks of days, Monday first.
type monthGrid struct {
	First      time.Time
	Prev, Next string // months that can be looked at; "" for none
	Weeks      [][]gridDay
	Free       bool // there is a free day
}

// gridDay is one field; Number 0 lies outside the month.
type gridDay struct {
	presage.FreeDay

	Number int
	At     time.Time
}

const bigSlots = 3

// sought tells that a time was asked for.
func (b booker) sought() bool { return b.slot != "" }

func (b *booker) keep(w *presage.Wishes) {
	if w != nil {
		b.Wishes = *w
	}
}

// booker reads what is free around a spot.
func (r *request) booker(v presage.OfferView, at spot, zone *time.Location) (booker, error) {
	b := booker{spot: at, token: v.Token, Picks: v.Slots[:min(bigSlots, len(v.Slots))]}
	b.Away = v.Workshop.ID != v.Case.WorkshopID
	if v.Booking != nil {
		b.Wishes = v.Booking.Wishes
	}
	if v.Site != nil {
		b.VanTo = v.Site.Address
	}
	if b.slot != "" {
		if start, ok := startOf(b.slot); ok {
			b.day = start.In(zone).Format(time.DateOnly)
		}
	}
	day, err := presage.Date(b.day, zone)
	if err == nil {
		b.Day = day
		if b.slot != "" || b.month == "" {
			b.month = day.Format("2006-01")
		}
		b.Times, err = r.site.Offers.OfferTimes(r.Request.Context(), v.Token, v.Where(), b.day)
		if err != nil {
			return b, err
		}
		b.offered(v.Slots, zone)
		b.choose(v)
	}
	first, err := presage.Month(b.month, zone)
	if err != nil {
		first = r.site.Now().In(zone)
		if len(b.Picks) > 0 {
			first = b.Picks[0].Start.In(zone)
		}
		first = time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, zone)
	}
	m, err := r.site.Offers.OfferDays(r.Request.Context(), v.Token, v.Where(), first.Format("2006-01"))
	b.Grid = gridOf(m, first)
	b.Grid.open(v.Slots, zone)
	return b, err
}

// offered adds to the times of the day those that the offer names: they can be
// taken although others so near cannot.
func (b *booker) offered(slots []presage.SlotView, zone *time.Location) {
	for _, s := range slots {
		same := func(t presage.Slot) bool { return t.ID == s.ID }
		if s.Start.In(zone).Format(time.DateOnly) == b.day && !slices.ContainsFunc(b.Times, same) {
			b.Times = append(b.Times, s.Slot)
		}
	}
	slices.SortFunc(b.Times, func(x, y presage.Slot) int { return x.Start.Compare(y.Start) })
}

// choose finds the slot that was asked for, else the nearest one to it.
func (b *booker) choose(v presage.OfferView) {
	if b.slot == "" {
		return
	}
	free := slices.Clone(b.Times)
	for _, s := range v.Slots {
		free = append(free, s.Slot)
	}
	if i := slices.IndexFunc(free, func(s presage.Slot) bool { return s.ID == b.slot }); i >= 0 {
		b.Chosen = &free[i]
		return
	}
	start, ok := startOf(b.slot)
	if !ok || len(free) == 0 {
		return
	}
	nearest := slices.MinFunc(free, func(x, y presage.Slot) int {
		return int(x.Start.Sub(start).Abs().Seconds() - y.Start.Sub(start).Abs().Seconds())
	})
	b.Nearest = &nearest
}

// startOf reads when a slot begins, of its ID.
func startOf(slotID string) (time.Time, bool) {
	_, text, _ := strings.Cut(slotID, "@")
	seconds, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(seconds, 0), err == nil && seconds > 0 && seconds < 1<<33
}

// gridOf lays a month out in weeks.
func gridOf(m presage.FreeMonth, first time.Time) monthGrid {
	g := monthGrid{First: first}
	if m.From.Before(first) {
		g.Prev = first.AddDate(0, -1, 0).Format("2006-01")
	}
	if next := first.AddDate(0, 1, 0); m.Until.After(next) {
		g.Next = next.Format("2006-01")
	}
	var week []gridDay
	for range (int(first.Weekday()) + 6) % 7 {
		week = append(week, gridDay{})
	}
	for i, d := range m.Days {
		g.Free = g.Free || d.State == presage.DayFree
		if week = append(week, gridDay{d, i + 1, first.AddDate(0, 0, i)}); len(week) == 7 {
			g.Weeks, week = append(g.Weeks, week), nil
		}
	}
	if len(week) > 0 {
		for len(week) < 7 {
			week = append(week, gridDay{})
		}
		g.Weeks = append(g.Weeks, week)
	}
	return g
}

// open marks the days of slots that the offer names as free.
func (g *monthGrid) open(slots []presage.SlotView, zone *time.Location) {
	for _, s := range slots {
		day := s.Start.In(zone).Format(time.DateOnly)
		for _, week := range g.Weeks {
			for i := range week {
				if week[i].Number > 0 && week[i].Day == day {
					week[i].State, g.Free = presage.DayFree, true
				}
			}
		}
	}
}

// The addresses of the page with one thing chosen anew.

func (b booker) SlotURL(id string) string { s := b.spot; s.slot = id; return s.url(b.token) + "#times" }

func (b booker) DayURL(day string) string {
	s := b.spot
	s.slot, s.day = "", day
	return s.url(b.token) + "#times"
}

func (b booker) MonthURL(month string) string {
	s := b.spot
	s.slot, s.day, s.month = "", "", month
	return s.url(b.token) + "#calendar"
}

func (b booker) AtURL(workshop string) string {
	return spot{workshop: workshop, change: b.change}.url(b.token) + "#picks"
}

func (s spot) url(token string) string {
	q := url.Values{}
	for _, x := range [][2]string{{"at", s.workshop}, {"month", s.month}, {"day", s.day}, {"slot", s.slot}} {
		if x[1] != "" {
			q.Set(x[0], x[1])
		}
	}
	if s.change {
		q.Set("change", "1")
	}
	return offerURL(token) + "?" + q.Encode()
}
