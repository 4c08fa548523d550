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
	Zone      string // of the form for a new one
}

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
	b := advisersBody{Zone: "Asia/Shanghai"}
	for _, a := range all {
		b.Rows = append(b.Rows, adviserCard{a, loads[a.Name], a.Absent(now), a.OnDuty(now)})
	}
	if b.Workshops, err = s.Places.Workshops(ctx); err != nil {
		return err
	}
	if len(b.Workshops) > 0 {
		b.Zone = b.Workshops[0].Zone
	}
	r.heed()
	return r.render(http.StatusOK, "advisers", "conversations", r.text("advisers.title"), b)
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
	id := strings.TrimSpace(r.PostForm("id"))
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
	a = presage.Adviser{ID: id, Name: strings.TrimSpace(r.PostForm("name")), Zone: r.PostForm("zone")}
	if a.FromHour, err = strconv.Atoi(r.PostForm("from")); err != nil {
		return a, "", fmt.Errorf("from_hour: %w: want 0-23", presage.ErrInvalid)
	}
	if a.ToHour, err = strconv.Atoi(r.PostForm("to")); err != nil {
		return a, "", fmt.Errorf("to_hour: %w: want 1-24", presage.ErrInvalid)
	}
	for _, l := range r.PostFormArray("lang") {
		a.Languages = append(a.Languages, presage.Lang(l))
	}
	a.Skills = strings.FieldsFunc(r.PostForm("skills"), func(c rune) bool { return strings.ContainsRune(" ,，、", c) })
	for _, w := range r.PostFormArray("workshop") {
		if w != "" {
			a.Workshops = append(a.Workshops, w)
		}
	}
	return a, "adviser_kept", nil
}

func removeAdviser(r *request) error {
	if err := r.site.Advisers.RemoveAdviser(r.Request.Context(), r.Param("id")); err != nil {
		return err
	}
	return r.redirect(advisersPath + "?notice=adviser_removed")
}
