package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"presage"
)

// Board shows a workshop's days; see rest.Board.
type Board interface {
	Board(ctx context.Context, workshopID, day string, days int) (presage.Board, error)
}

const (
	boardPath  = "/workshop"
	byPersons  = "technicians"
	viewOfWeek = "week"
	quarter    = 15 * time.Minute
)

// boardView is what an address of the board asks for.
type boardView struct {
	ID, Day, By, View string
}

// URL is the address of a view; more are names and values beside it.
func (v boardView) URL(more ...string) string {
	q := url.Values{"id": {v.ID}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	for name, value := range map[string]string{"day": v.Day, "by": v.By, "view": v.View} {
		if value != "" && !q.Has(name) {
			q.Set(name, value)
		}
	}
	return boardPath + "?" + q.Encode()
}

// boardBody is the page.
type boardBody struct {
	boardView

	All        []presage.Workshop
	Workshop   presage.Workshop
	Now        time.Time
	Prev, Next string // days
	Today      string
	Date       time.Time // local midnight of Day
	Week       []weekDay // of the day, Monday first
	Grid       *grid     // of a day; nil for a week
	Load       []loadRow // of a week
	Agenda     []boardVisit
	Shut       []presage.Stretch // of the day
	TakenBack  []presage.TakenBack
	Persons    bool // the columns are technicians
	Who        signer
	Forms      boardForms
	Waiting    []waitingRow
}

// Blocks are those of the day that somebody made.
func (b *boardBody) Blocks() []presage.Stretch {
	return slices.DeleteFunc(slices.Clone(b.Shut), func(s presage.Stretch) bool { return s.ID == "" || s.Source != "" })
}

// NameOf is what a bay or technician of the workshop is called.
func (b *boardBody) NameOf(id string) string {
	if b.Workshop.HasBay(id) {
		return bay(id)
	}
	return technician(b.Workshop, id)
}

// weekDay is a day of the strip above the board.
type weekDay struct {
	Day   time.Time
	Count int
	Shown bool
}

// boardVisit is a visit as the board shows it.
type boardVisit struct {
	presage.BoardVisit

	Vehicle    presage.Vehicle
	Technician string
	Coupon     *presage.Coupon
	Begins     time.Time // on the day shown
	Ends       time.Time
	Movable    bool
	On         string              // the day on which it begins
	Here       bool                // the car has arrived: its bay and technician can change, not its time
	Stage      presage.RepairStage // "" before the car has come
}

func workshop(r *request) error {
	b, err := r.board()
	if err != nil {
		return err
	}
	if err := r.fillForms(b, boardForms{}); err != nil {
		return err
	}
	r.heed()
	return r.render(http.StatusOK, "workshop", "workshop", r.text("nav.workshop"), b)
}

// board reads what the address asks for. A workshop or day that there is not is
// the first and today.
func (r *request) board() (*boardBody, error) {
	ctx, s := r.Request.Context(), r.site
	b := &boardBody{Now: s.Now(), boardView: boardView{View: r.asked("view"), By: r.asked("by")}}
	var err error
	if b.All, err = s.Places.Workshops(ctx); err != nil || len(b.All) == 0 {
		return b, err
	}
	if b.View != viewOfWeek {
		b.View = ""
	}
	if b.By != byPersons {
		b.By = ""
	}
	b.Persons = b.By == byPersons
	shown := cmp.Or(r.asked("id"), r.workshop())
	b.Workshop = b.All[max(0, slices.IndexFunc(b.All, func(w presage.Workshop) bool { return w.ID == shown }))]
	b.ID = b.Workshop.ID
	zone := r.zone(b.Workshop.Zone)
	today := b.Now.In(zone)
	b.Today = today.Format(time.DateOnly)
	if b.Date, err = presage.Date(r.asked("day"), zone); err != nil {
		b.Date = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
	}
	b.Day = b.Date.Format(time.DateOnly)
	step := 1
	if b.View == viewOfWeek {
		step = 7
	}
	b.Prev = b.Date.AddDate(0, 0, -step).Format(time.DateOnly)
	b.Next = b.Date.AddDate(0, 0, step).Format(time.DateOnly)
	return b, s.fillBoard(ctx, b)
}

// asked is a field of the form that was posted, else of the address.
func (r *request) asked(name string) string {
	if r.Request.Method == http.MethodPost {
		return r.PostForm(name)
	}
	return r.Query(name)
}

// fillBoard reads the week of the day, and lays the day or the week out.
func (s *Site) fillBoard(ctx context.Context, b *boardBody) error {
	monday := b.Date.AddDate(0, 0, -(int(b.Date.Weekday())+6)%7)
	week, err := s.Board.Board(ctx, b.ID, monday.Format(time.DateOnly), 7)
	if err != nil {
		return err
	}
	for _, d := range week.Days {
		b.Week = append(b.Week, weekDay{Day: d.From, Count: len(d.Visits), Shown: d.Day == b.Day})
		if d.Day != b.Day || b.View == viewOfWeek {
			continue
		}
		b.Shut, b.TakenBack = d.Shut, d.TakenBack
		stages, err := s.stagesOf(ctx, b.ID, b.Date)
		if err != nil {
			return err
		}
		for _, v := range d.Visits {
			row, err := s.boardVisit(ctx, b, d, v)
			if err != nil {
				return err
			}
			row.Stage = stages[v.ID]
			b.Agenda = append(b.Agenda, row)
		}
		slices.SortFunc(b.Agenda, func(x, y boardVisit) int {
			return cmp.Or(x.Begins.Compare(y.Begins), cmp.Compare(x.BayID, y.BayID))
		})
		b.Grid = dayOnBoard(b, d)
	}
	if b.View == viewOfWeek {
		b.Load = loads(b, week.Days)
	}
	return nil
}

// boardVisit is a visit with the car it is about, on one of its days.
func (s *Site) boardVisit(
	ctx context.Context, b *boardBody, d presage.BoardDay, v presage.BoardVisit,
) (boardVisit, error) {
	row := boardVisit{BoardVisit: v, Technician: technician(b.Workshop, v.TechnicianID)}
	var err error
	if row.Vehicle, err = s.Vehicles.Vehicle(ctx, v.VIN); err != nil && !errors.Is(err, presage.ErrNotFound) {
		return row, err
	}
	row.Vehicle.VIN = v.VIN
	if row.Coupon, err = s.couponOf(ctx, v.CaseID); err != nil {
		return row, err
	}
	for _, h := range v.Sold() {
		if h.From.Before(d.To) && h.To.After(d.From) {
			if row.Begins.IsZero() {
				row.Begins = h.From
			}
			row.Ends = h.To
		}
	}
	row.On = v.Start.In(b.Date.Location()).Format(time.DateOnly)
	row.Here = v.State == presage.BookingArrived
	row.Movable = row.Here || v.State == presage.BookingConfirmed && v.Begins().After(b.Now)
	return row, nil
}

func technician(w presage.Workshop, id string) string {
	for _, t := range w.Technicians {
		if t.ID == id {
			return cmp.Or(t.Name, t.ID)
		}
	}
	return id
}
