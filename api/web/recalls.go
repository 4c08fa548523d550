package web

import (
	"context"
	"net/http"

	"presage"
)

// Recalls tells what makers ask cars in for; see rest.Recalls.
type Recalls interface {
	Recalls(ctx context.Context, after string, limit int) ([]presage.RecallProgress, error)
	RecallCars(ctx context.Context, f presage.RecallCarFilter) ([]presage.RecallCar, error)
}

const (
	recallsPath = "/recalls"
	recallRows  = 50
	recallCars  = 200
)

// recallRow is a recall with its bar.
type recallRow struct {
	presage.RecallProgress

	Bar []segment
}

type recallsBody struct {
	Rows  []recallRow
	Next  string
	One   string // the recall whose cars are listed
	Cars  []presage.RecallCar
	After string // the last car, when more follow
}

func recallsPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := recallsBody{One: r.Query("id")}
	found, err := s.Recalls.Recalls(ctx, r.Query("after"), recallRows+1)
	if err != nil {
		return err
	}
	found, b.Next = onePage(found, recallRows, func(p presage.RecallProgress) string { return p.ID })
	for _, p := range found {
		b.Rows = append(b.Rows, recallRow{p, recallBar(p)})
	}
	if b.One != "" {
		b.Cars, err = s.Recalls.RecallCars(ctx, presage.RecallCarFilter{
			Recall: b.One, After: presage.VIN(r.Query("car")), Limit: recallCars + 1,
		})
		if err != nil {
			return err
		}
		b.Cars, b.After = onePage(b.Cars, recallCars, func(c presage.RecallCar) string { return string(c.VIN) })
	}
	return r.render(http.StatusOK, "recalls", "cases", r.text("recalls.title"), b)
}

// onePage cuts what was read with a limit of one more, and names the last row when more follow.
func onePage[T any](rows []T, limit int, id func(T) string) (shown []T, last string) {
	if len(rows) <= limit {
		return rows, ""
	}
	return rows[:limit], id(rows[limit-1])
}

// recallBar shows how far a recall is.
func recallBar(p presage.RecallProgress) []segment {
	return stacked(p.Cars, []segment{
		{Class: "ok", Count: float64(p.Done)},
		{Class: "watch", Count: float64(p.Booked)},
		{Class: "stale", Count: float64(p.Told)},
		{Class: "due", Count: float64(p.Open)},
	})
}
