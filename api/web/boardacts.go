package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/api/problem"
)

// Floor changes a workshop's days; see rest.Board and rest.Mover.
type Floor interface {
	MoveVisit(ctx context.Context, m presage.VisitMove) (presage.Booking, error)
	Block(ctx context.Context, b presage.Block) (presage.Blocked, error)
	Sick(ctx context.Context, workshopID, technicianID, note, who string) (presage.Blocked, error)
	Unblock(ctx context.Context, workshopID, id, who string) error
	WalkIn(ctx context.Context, w presage.WalkIn) (presage.Booking, error)
}

// The forms of the board.
const (
	formMove  = "move"
	formBlock = "block"
	formSick  = "sick"
	formWalk  = "walkin"
)

// boardForms is what the forms of the board show: what was typed, what is wrong with
// it, and what became of visits.
type boardForms struct {
	Form   string // the one that was sent, "" for none
	Typed  url.Values
	Fault  string             // in the reader's words
	Detail string             // what the service said of it
	Met    []boardVisit       // in the way of a block that was asked for
	Fates  []presage.Affected // of a block that stands
	Picked *boardVisit        // the visit that the form of moves is about
	Jobs   []presage.Component
}

// In is what a field showed when its form was sent, else a value to begin with.
func (f boardForms) In(form, field, usual string) string {
	if f.Form == form && f.Typed.Has(field) {
		return f.Typed.Get(field)
	}
	return usual
}

// Chose tells whether one of several values of a field was chosen.
func (f boardForms) Chose(form, field, value string) bool {
	return f.Form == form && slices.Contains(f.Typed[field], value)
}

func moveOnBoard(r *request) error {
	zone, err := r.boardZone()
	if err != nil {
		return err
	}
	m := presage.VisitMove{
		BookingID: r.PostForm("visit"), BayID: r.PostForm("bay"), TechnicianID: r.PostForm("technician"),
		Who: r.posted("who"),
	}
	if m.Start, err = wallTime(r.PostForm("on"), r.PostForm("time"), zone); err == nil {
		m.Start = m.Start.UTC()
		_, err = r.site.Floor.MoveVisit(r.Request.Context(), m)
	}
	if err != nil {
		return r.refuse(formMove, err)
	}
	return r.boardDone(m.Who, r.PostForm("on"), "moved")
}

// wallTime reads a day and a time of the day in a zone.
func wallTime(day, clock string, zone *time.Location) (time.Time, error) {
	midnight, err := presage.Date(day, zone)
	if err != nil {
		return midnight, err
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	if err != nil {
		return at, fmt.Errorf("time: %w: want one like 09:15", presage.ErrInvalid)
	}
	return at, nil
}

func blockOnBoard(r *request) error {
	b := presage.Block{WorkshopID: r.PostForm("id"), Who: r.posted("who"), Seen: r.Request.PostForm["seen"]}
	b.Absence.Resource, b.Absence.Note = r.PostForm("resource"), r.posted("note")
	b.Absence.From = wall(r.PostForm("from"), r.PostForm("from_time"))
	b.Absence.To = wall(r.PostForm("to"), r.PostForm("to_time"))
	if b.Absence.To == "" && r.PostForm("to_time") != "" {
		b.Absence.To = wall(r.PostForm("from"), r.PostForm("to_time"))
	}
	done, err := r.site.Floor.Block(r.Request.Context(), b)
	if err != nil {
		return r.refuse(formBlock, err)
	}
	return r.became(b.Who, formBlock, done)
}

// wall is a day with or without an hour as a workshop's record has it.
func wall(day, clock string) string {
	if day == "" || clock == "" {
		return day
	}
	return day + "T" + clock
}

func sickOnBoard(r *request) error {
	who := r.posted("who")
	done, err := r.site.Floor.Sick(r.Request.Context(), r.PostForm("id"), r.PostForm("technician"), r.posted("note"), who)
	if err != nil {
		return r.refuse(formSick, err)
	}
	return r.became(who, formSick, done)
}

func unblockOnBoard(r *request) error {
	if err := r.site.Floor.Unblock(r.Request.Context(), r.PostForm("id"), r.PostForm("block"), r.who()); err != nil {
		return r.refuse("", err)
	}
	return r.boardDone("", r.PostForm("day"), "unblocked")
}

func walkIn(r *request) error {
	w := presage.WalkIn{
		WorkshopID: r.PostForm("id"), VIN: presage.VIN(strings.ToUpper(r.posted("vin"))), BayID: r.PostForm("bay"),
		TechnicianID: r.PostForm("technician"), Note: r.posted("note"), Who: r.posted("who"),
	}
	for _, id := range r.Request.PostForm["component"] {
		w.Components = append(w.Components, presage.ComponentID(id))
	}
	if _, err := r.site.Floor.WalkIn(r.Request.Context(), w); err != nil {
		return r.refuse(formWalk, err)
	}
	return r.boardDone(w.Who, "", "walked_in")
}

// boardZone is that of the workshop that a form is about.
func (r *request) boardZone() (*time.Location, error) {
	w, err := r.site.Places.Workshop(r.Request.Context(), r.PostForm("id"))
	return r.zone(w.Zone), err
}

// boardDone shows the board again, on a day, with what was done.
func (r *request) boardDone(who, day, notice string) error {
	if who != "" {
		r.remember(who)
	}
	v := boardView{ID: r.PostForm("id"), By: r.PostForm("by"), Day: day}
	return r.redirect(v.URL("notice", "board_"+notice))
}

// became shows what became of the visits that a block met.
func (r *request) became(who, form string, done presage.Blocked) error {
	if len(done.Affected) == 0 {
		return r.boardDone(who, r.PostForm("day"), "blocked")
	}
	r.remember(who)
	r.notice = notice{"ok", r.text("notice.board_blocked")}
	return r.showForms(http.StatusOK, boardForms{Form: form, Fates: done.Affected})
}

// refuse shows the board as it is now, with what was typed and why nothing was done.
func (r *request) refuse(form string, err error) error {
	status, detail := problem.Of(err)
	if status >= http.StatusInternalServerError {
		return err
	}
	f := boardForms{Form: form, Typed: r.Request.PostForm, Fault: r.text("board.fault." + boardFault(form, err))}
	if !errors.Is(err, presage.ErrConflict) {
		f.Detail = r.refusal(err, detail)
	}
	if met, ok := errors.AsType[presage.VisitsInWayError](err); ok {
		for _, v := range met.Visits {
			f.Met = append(f.Met, boardVisit{BoardVisit: presage.BoardVisit{Booking: v}})
		}
	}
	r.notice = notice{"watch", f.Fault}
	return r.showForms(status, f)
}

// boardFault is the wording of why something was not done.
func boardFault(form string, err error) string {
	if _, ok := errors.AsType[presage.VisitsInWayError](err); ok {
		return "in_way"
	}
	for _, row := range []struct {
		kind error
		key  string
	}{
		{presage.ErrStale, "stale"},
		{presage.ErrTooLate, "too_late"},
		{presage.ErrNewOwner, "new_owner"},
		{presage.ErrConflict, "taken"},
		{presage.ErrExpired, "expired"},
		{presage.ErrNotFound, "not_found"},
	} {
		if errors.Is(err, row.kind) {
			if row.key == "not_found" && form == formWalk {
				return "unknown_car"
			}
			if row.key == "taken" && form == formBlock {
				return "stands"
			}
			return row.key
		}
	}
	return "invalid"
}

// showForms is the board with its forms filled.
func (r *request) showForms(status int, f boardForms) error {
	b, err := r.board()
	if err != nil {
		return err
	}
	if err := r.fillForms(b, f); err != nil {
		return err
	}
	r.here = b.URL()
	return r.render(status, "workshop", "workshop", r.text("nav.workshop"), b)
}

// fillForms completes what the forms show.
func (r *request) fillForms(b *boardBody, f boardForms) error {
	ctx, s := r.Request.Context(), r.site
	b.Who = r.signer()
	if name := f.Typed.Get("who"); name != "" {
		b.Who.Name = name
	}
	for i, v := range f.Met {
		row, err := s.boardVisit(ctx, b, presage.BoardDay{From: v.Start, To: v.End}, v.BoardVisit)
		if err != nil {
			return err
		}
		f.Met[i] = row
	}
	if id := r.asked("visit"); id != "" {
		for i := range b.Agenda {
			if b.Agenda[i].ID == id && b.Agenda[i].Movable {
				f.Picked = &b.Agenda[i]
			}
		}
	}
	f.Jobs = slices.DeleteFunc(slices.Clone(s.Catalogue.Components), func(c presage.Component) bool { return !c.Visits() })
	b.Forms = f
	var err error
	b.Waiting, err = s.waitingAt(ctx, b.ID)
	return err
}
