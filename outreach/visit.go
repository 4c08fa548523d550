package outreach

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/policy"
)

// visit is what a set of components needs from a workshop.
type visit struct {
	lines    []wording.Line
	jobs     []presage.Job
	parts    []presage.PartQuantity
	skills   []string
	duration time.Duration
	price    presage.Money
}

// visitFor gathers jobs, parts, time and price. A component that has no
// prognosis is described without one.
func (s *Service) visitFor(ids []presage.ComponentID, ps []presage.Prognosis) (visit, error) {
	var v visit
	for _, id := range ids {
		c, err := s.cat.Component(id)
		if err != nil {
			return v, err
		}
		j, err := s.cat.Job(c.JobCode)
		if err != nil {
			return v, err
		}
		line := wording.Line{Component: c}
		if i := slices.IndexFunc(ps, func(p presage.Prognosis) bool { return p.Component == id }); i >= 0 {
			line.Prognosis = ps[i]
		}
		v.lines = append(v.lines, line)
		if !slices.ContainsFunc(v.jobs, func(k presage.Job) bool { return k.Code == j.Code }) {
			v.jobs = append(v.jobs, j)
			v.price = presage.Money{Minor: v.price.Minor + j.Price.Minor, Currency: j.Price.Currency}
		}
	}
	v.duration, v.skills, v.parts = booking.Work(v.jobs)
	return v, nil
}

// tell puts alerts into the lines of their components; the gravest speaks.
func (v visit) tell(alerts []presage.Alert) {
	for i := range v.lines {
		for _, a := range alerts {
			was := v.lines[i].Alert
			if a.Component == v.lines[i].Component.ID && (was == nil || policy.Graver(a.Severity, was.Severity)) {
				v.lines[i].Alert = &a
			}
		}
	}
}

func (v visit) jobCodes() []string {
	codes := make([]string, 0, len(v.jobs))
	for _, j := range v.jobs {
		codes = append(codes, j.Code)
	}
	return codes
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// daysUntil counts whole days, rounded up, never negative.
func daysUntil(t, now time.Time) int {
	return max(0, int(math.Ceil(t.Sub(now).Hours()/24)))
}

// Slots returns the workshop's free appointments in [from, to) for jobs, at
// most limit (0 for all), no earlier than now and than the parts can be there.
// ErrNotFound for an unknown workshop or job.
//
//nolint:revive // argument-limit: where, what, when and how many are one question
func (s *Service) Slots(ctx context.Context, workshopID string, jobs []string, from, to time.Time, limit int,
) ([]presage.Slot, error) {
	w, err := s.store.Workshop(ctx, workshopID)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	var v visit
	for _, code := range jobs {
		j, err := s.cat.Job(code)
		if err != nil {
			return nil, fmt.Errorf("slots: %w", err)
		}
		v.jobs = append(v.jobs, j)
	}
	v.duration, v.skills, v.parts = booking.Work(v.jobs)
	now := s.now()
	x, err := s.supplyOf(ctx, w.DepotID, v.parts, now)
	if err != nil {
		return nil, fmt.Errorf("slots: %w", err)
	}
	return s.search(ctx, w, v, window{from: latest(from, x.ready(now)), to: to, limit: limit})
}

// window is when a visit may start, [from, to), and how many slots are wanted (0 for all).
type window struct {
	from, to time.Time
	limit    int
}

// search reads what is taken and looks for slots.
func (s *Service) search(ctx context.Context, w presage.Workshop, v visit, in window) ([]presage.Slot, error) {
	if !in.from.Before(in.to) {
		return nil, nil
	}
	busy, err := s.store.Busy(ctx, w.ID, in.from, in.to.Add(24*time.Hour))
	if err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	slots, err := booking.Slots(booking.Search{
		Workshop: w, Busy: busy, Duration: v.duration, Skills: v.skills,
		From: in.from, To: in.to, Limit: in.limit,
	})
	if err != nil {
		return nil, fmt.Errorf("slots of workshop %s: %w", w.ID, err)
	}
	return slots, nil
}

// near chooses the slots of an offer around the target day, not before earliest.
func (s *Service) near(ctx context.Context, w presage.Workshop, v visit, earliest, target time.Time,
) ([]presage.Slot, error) {
	n := s.cfg.SlotsOffered
	const week = 7 * 24 * time.Hour
	target = latest(target, earliest)
	to := target.AddDate(0, 0, s.cfg.SearchDays)
	slots, err := s.search(ctx, w, v, window{from: latest(earliest, target.Add(-week)), to: to})
	if err == nil && len(slots) < n {
		slots, err = s.search(ctx, w, v, window{from: earliest, to: to})
	}
	if err != nil {
		return nil, err
	}
	return booking.Pick(slots, target, n, zoneOf(w.Zone)), nil
}
