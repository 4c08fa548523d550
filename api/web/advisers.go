package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Advisers keeps who answers customers; see rest.Advisers.
type Advisers interface {
	Advisers(ctx context.Context) ([]presage.Adviser, error)
	AdviserLoads(ctx context.Context, since time.Time) (map[string]presage.AdviserLoad, error)
	PutAdviser(ctx context.Context, a presage.Adviser) error
	RemoveAdviser(ctx context.Context, id string) error
}

const advisersPath = "/outreach/advisers"

type adviserCard struct {
	presage.Adviser
	presage.AdviserLoad
	Absent, Duty bool
}

type advisersBody struct {
	Rows      []adviserCard
	Workshops []presage.Workshop
	Form      adviserForm
}

// adviserForm is what the form begins with: somebody new, or who is to be changed.
type adviserForm struct {
	presage.Adviser

	Until    string   // the end of an absence, by the adviser's clock
	Gone     []string // workshops of theirs that are not registered any more
	Weekdays []time.Weekday
}

// Speaks, Works and Rests tell what is ticked.
func (f adviserForm) Speaks(l string) bool        { return slices.Contains(f.Languages, presage.Lang(l)) }
func (f adviserForm) Works(workshop string) bool  { return slices.Contains(f.Workshops, workshop) }
func (f adviserForm) Rests(day time.Weekday) bool { return slices.Contains(f.OffOn, day) }

// SkillList is the skills as they are typed.
func (f adviserForm) SkillList() string { return strings.Join(f.Skills, ", ") }

func advisersPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	all, err := s.Advisers.Advisers(ctx)
	if err != nil {
		return err
	}
	now := s.Now()
	loads, err := s.Advisers.AdviserLoads(ctx, now.Add(-24*time.Hour))
	if err != nil {
		return err
	}
	b := advisersBody{}
	for _, a := range all {
		b.Rows = append(b.Rows, adviserCard{a, loads[a.Name], a.Absent(now), a.OnDuty(now)})
	}
	if b.Workshops, err = s.Places.Workshops(ctx); err != nil {
		return err
	}
	b.Form = newAdviserForm(all, b.Workshops, r.Query("edit"))
	r.heed()
	return r.render(http.StatusOK, "advisers", "conversations", r.text("advisers.title"), b)
}

// newAdviserForm begins with the adviser of the ID, else with somebody new.
func newAdviserForm(all []presage.Adviser, workshops []presage.Workshop, id string) adviserForm {
	f := adviserForm{Adviser: presage.Adviser{
		Zone: "Asia/Shanghai", FromHour: 9, ToHour: 18, Languages: []presage.Lang{presage.Chinese},
	}}
	if len(workshops) > 0 {
		f.Zone = workshops[0].Zone
	}
	if i := slices.IndexFunc(all, func(a presage.Adviser) bool { return a.ID == id }); i >= 0 {
		f.Adviser = all[i]
	}
	f.Gone = slices.DeleteFunc(slices.Clone(f.Workshops), func(id string) bool {
		return slices.ContainsFunc(workshops, func(w presage.Workshop) bool { return w.ID == id })
	})
	for i := range time.Weekday(7) {
		f.Weekdays = append(f.Weekdays, (i+1)%7) // Monday first
	}
	if zone, err := time.LoadLocation(f.Zone); err == nil && !f.AbsentUntil.IsZero() {
		f.Until = f.AbsentUntil.In(zone).Format(absenceForm)
	}
	return f
}

// putAdviser registers an adviser, or, with absent=, changes how long one is away.
func putAdviser(r *request) error {
	ctx, s := r.Request.Context(), r.site
	a, notice, err := r.readAdviser(ctx)
	if err != nil {
		return err
	}
	if err := a.Validate(); err != nil {
		return err
	}
	if err := s.Advisers.PutAdviser(ctx, a); err != nil {
		return err
	}
	return r.redirect(advisersPath + "?notice=" + notice)
}

func (r *request) readAdviser(ctx context.Context) (a presage.Adviser, notice string, err error) {
	id := r.posted("id")
	if days := r.PostForm("absent"); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > 366 {
			return a, "", fmt.Errorf("absent: %w: want 0-366 days", presage.ErrInvalid)
		}
		all, err := r.site.Advisers.Advisers(ctx)
		if err != nil {
			return a, "", err
		}
		i := slices.IndexFunc(all, func(a presage.Adviser) bool { return a.ID == id })
		if i < 0 {
			return a, "", fmt.Errorf("adviser: %w", presage.ErrNotFound)
		}
		a = all[i]
		a.AbsentUntil = time.Time{}
		if n > 0 {
			a.AbsentUntil = r.site.Now().AddDate(0, 0, n).UTC()
		}
		return a, "adviser_absent", nil
	}
	a, err = r.adviserOf(id)
	return a, "adviser_kept", err
}

// adviserOf reads the whole form. An absence ends by the adviser's own clock.
func (r *request) adviserOf(id string) (a presage.Adviser, err error) {
	a = presage.Adviser{ID: id, Name: r.posted("name"), Zone: r.PostForm("zone")}
	if a.FromHour, err = strconv.Atoi(r.PostForm("from")); err != nil {
		return a, fmt.Errorf("from_hour: %w: want 0-23", presage.ErrInvalid)
	}
	if a.ToHour, err = strconv.Atoi(r.PostForm("to")); err != nil {
		return a, fmt.Errorf("to_hour: %w: want 1-24", presage.ErrInvalid)
	}
	for _, l := range r.PostFormArray("lang") {
		a.Languages = append(a.Languages, presage.Lang(l))
	}
	a.Skills = strings.FieldsFunc(r.PostForm("skills"), func(c rune) bool { return strings.ContainsRune(" ,，、", c) })
	a.Workshops = slices.DeleteFunc(r.PostFormArray("workshop"), func(w string) bool { return w == "" })
	for _, text := range r.PostFormArray("off_on") {
		n, err := strconv.Atoi(text)
		if err != nil {
			return a, fmt.Errorf("off_on: %w: want 0-6, 0 is Sunday", presage.ErrInvalid)
		}
		a.OffOn = append(a.OffOn, time.Weekday(n))
	}
	a.AbsentUntil, err = absence(r.PostForm("absent_until"), a.Zone)
	return a, err
}

// absenceForm is how the form writes when an absence ends, by the adviser's clock.
const absenceForm = "2006-01-02T15:04:05.999"

func absence(text, zone string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("zone: %w: want a zone such as Asia/Shanghai", presage.ErrInvalid)
	}
	for _, form := range []string{absenceForm, "2006-01-02T15:04"} { // browsers leave zero seconds out
		if t, err := time.ParseInLocation(form, text, place); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("absent_until: %w: want a day and an hour such as 2026-12-01T18:00", presage.ErrInvalid)
}

func removeAdviser(r *request) error {
	if err := r.site.Advisers.RemoveAdviser(r.Request.Context(), r.Param("id")); err != nil {
		return err
	}
	return r.redirect(advisersPath + "?notice=adviser_removed")
}
