package web

import (
	"context"
	"net/http"
	"time"

	"presage"
)

// Rollouts keeps new software for cars; see rest.Rollouts.
type Rollouts interface {
	Rollouts(ctx context.Context, after string, limit int) ([]presage.RolloutProgress, error)
	RolloutCars(ctx context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error)
	SteerRollout(ctx context.Context, id string, to presage.RolloutState, who string) (presage.Rollout, error)
	RouteFigures(ctx context.Context, from, to time.Time) ([]presage.RouteFigure, error)
}

const (
	rolloutsPath = "/rollouts"
	rolloutRows  = 50
	rolloutCars  = 200
)

// rolloutRow is a roll-out with its bar and what a person may do with it.
type rolloutRow struct {
	presage.RolloutProgress

	Bar  []segment
	Acts []presage.RolloutState
}

// Served is the number of the present ring, counted from 1.
func (r rolloutRow) Served() int { return r.Ring + 1 }

// Share is how many of the cars are in that ring and those before it, in percent.
func (r rolloutRow) Share() float64 { return float64(r.Bound()) / 100 }

type rolloutsBody struct {
	Rows  []rolloutRow
	Next  string
	One   string // the roll-out whose cars are listed
	State presage.RolloutCarState
	Cars  []presage.RolloutCar
	After string // the last car, when more follow
	Who   signer
}

func rolloutsPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := rolloutsBody{One: r.Query("id"), State: presage.RolloutCarState(r.Query("state")), Who: r.signer()}
	found, err := s.Rollouts.Rollouts(ctx, r.Query("after"), rolloutRows+1)
	if err != nil {
		return err
	}
	found, b.Next = onePage(found, rolloutRows, func(p presage.RolloutProgress) string { return p.ID })
	for _, p := range found {
		row := rolloutRow{RolloutProgress: p, Bar: rolloutBar(p)}
		for _, to := range []presage.RolloutState{presage.RolloutRunning, presage.RolloutPaused, presage.RolloutClosed} {
			if p.State.CanBecome(to) {
				row.Acts = append(row.Acts, to)
			}
		}
		b.Rows = append(b.Rows, row)
	}
	if b.One != "" {
		b.Cars, err = s.Rollouts.RolloutCars(ctx, presage.RolloutCarFilter{
			Rollout: b.One, State: b.State, After: presage.VIN(r.Query("car")), Limit: rolloutCars + 1,
		})
		if err != nil {
			return err
		}
		b.Cars, b.After = onePage(b.Cars, rolloutCars, func(c presage.RolloutCar) string { return string(c.VIN) })
	}
	r.heed()
	return r.render(http.StatusOK, "rollouts", "cases", r.text("rollouts.title"), b)
}

// steerRollout starts, pauses or closes one.
func steerRollout(r *request) error {
	id, who := r.Param("id"), r.posted("who")
	to := presage.RolloutState(r.PostForm("state"))
	if _, err := r.site.Rollouts.SteerRollout(r.Request.Context(), id, to, who); err != nil {
		return err
	}
	r.remember(who)
	return r.redirect(rolloutsPath + "?notice=rollout")
}

// rolloutBar shows how far a roll-out is.
func rolloutBar(p presage.RolloutProgress) []segment {
	n := p.Count
	return stacked(p.Cars, []segment{
		{Class: "ok", Count: float64(n.Installed)},
		{Class: "watch", Count: float64(n.Sent + n.Received)},
		{Class: "due", Count: float64(n.Failed)},
		{Class: "stale", Count: float64(n.Expired)},
	})
}

// routeRow counts the cases of a route, with its share of all.
type routeRow struct {
	presage.RouteFigure

	Share float64
}

func (s *Site) routeRows(ctx context.Context, from, to time.Time) ([]routeRow, error) {
	fs, err := s.Rollouts.RouteFigures(ctx, from, to)
	all := 0
	for _, f := range fs {
		all += f.Cases
	}
	var rows []routeRow
	for _, f := range fs {
		rows = append(rows, routeRow{f, float64(f.Cases) / float64(all)})
	}
	return rows, err
}
