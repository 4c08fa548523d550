package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/api/table"
)

// Month is the planner's month; see rest.Month.
type Month interface {
	Month(ctx context.Context, f presage.MonthFilter) (presage.PlanMonth, error)
	Review(ctx context.Context, depot string) (presage.PlanReview, error)
	AdviceDecisions(ctx context.Context, f presage.AdviceFilter) ([]presage.AdviceDecision, error)
}

const (
	monthPath     = "/parts/month"
	exceptionRows = 40 // on a page
	decisionRows  = 20
)

type monthBody struct {
	presage.PlanMonth

	Depot     string
	Depots    []presage.Depot
	Chosen    string // the day that is compared with, as it was asked for
	Rows      []exceptionRow
	Found     int
	From      int
	Next      int // 0 on the last page
	StockOut  moneys
	Excess    moneys
	Review    presage.PlanReview
	Decisions []decisionRow
	Key       string
	Who       signer
	Why       string
}

type exceptionRow struct {
	presage.PlanException

	URL  string
	Pick string // its name in the form
}

type decisionRow struct {
	presage.AdviceDecision

	Depot presage.Text
	URL   string
}

// With is the address of the page with other conditions.
func (b monthBody) With(depot, since string, from int) string {
	q := url.Values{}
	if depot != "" {
		q.Set("depot", depot)
	}
	if since != "" {
		q.Set("since", since)
	}
	if from > 0 {
		q.Set("from", strconv.Itoa(from))
	}
	return monthPath + "?" + q.Encode()
}

// DepotName is the depot's own word, in accuracy by depot.
func (b monthBody) DepotName(id string) presage.Text { return depotName(id, b.Depots) }

func monthPage(r *request) error { return r.month(http.StatusOK) }

// month shows the page, after a form with what was wrong.
func (r *request) month(status int) error {
	ctx, s := r.Request.Context(), r.site
	f, err := r.monthFilter()
	if err != nil {
		return err
	}
	b := monthBody{Depot: f.DepotID, Chosen: r.Query("since"), Key: rand.Text(), Who: r.signer(), Why: r.posted("why")}
	if b.Depots, err = s.Places.Depots(ctx); err != nil {
		return err
	}
	if b.PlanMonth, err = s.Month.Month(ctx, f); err != nil {
		return err
	}
	if b.Review, err = s.Month.Review(ctx, f.DepotID); err != nil {
		return err
	}
	decided, err := s.Month.AdviceDecisions(ctx, presage.AdviceFilter{DepotID: f.DepotID, Limit: decisionRows})
	if err != nil {
		return err
	}
	for _, d := range decided {
		b.Decisions = append(b.Decisions, decisionRow{d, depotName(d.DepotID, b.Depots), partURL(d.Part, d.DepotID, "")})
	}
	b.page(r.Query("from"))
	if r.notice.Kind == "" {
		r.heed()
	}
	return r.render(status, "month", "parts", r.text("month.title"), b)
}

// page cuts the exceptions.
func (b *monthBody) page(from string) {
	b.Found = len(b.Items)
	if n, err := strconv.Atoi(from); err == nil && n > 0 && n < b.Found {
		b.From = n
	}
	for i, e := range b.Items {
		if e.Kind == presage.ExceptionExcess {
			b.Excess.add(e.AtStake)
		} else {
			b.StockOut.add(e.AtStake)
		}
		if i >= b.From && i < b.From+exceptionRows {
			e.Drivers = slices.DeleteFunc(slices.Clone(e.Drivers), func(d presage.ChangeDriver) bool {
				return math.Abs(d.Pieces) < 0.05 // would read 0.0
			})
			b.Rows = append(b.Rows, exceptionRow{e, partURL(e.Part, e.DepotID, ""), pickOf(e.Part, e.DepotID)})
		}
	}
	if next := b.From + exceptionRows; next < b.Found {
		b.Next = next
	}
}

func (r *request) monthFilter() (presage.MonthFilter, error) {
	f := presage.MonthFilter{DepotID: r.Query("depot")}
	if text := r.Query("since"); text != "" {
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return f, fmt.Errorf("since: %w: %q: want a day such as 2026-11-16", presage.ErrInvalid, text)
		}
		f.Since = presage.DayOf(day)
	}
	return f, nil
}

// monthCSV is the list as a file.
func monthCSV(r *request) error {
	f, err := r.monthFilter()
	if err != nil {
		return err
	}
	m, err := r.site.Month.Month(r.Request.Context(), f)
	if err != nil {
		return err
	}
	return r.download("presage-exceptions", func(w io.Writer) error { return table.WriteMonth(w, m.Items) })
}

// decideAdvice accepts or overrides the ticked rows.
func decideAdvice(r *request) error {
	d := presage.AdviceDraft{
		Key: r.posted("key"), By: r.posted("who"), Note: r.posted("why"), Place: r.PostForm("do") == "place",
	}
	var err error
	d.Picks, err = r.picks(0)
	if err == nil {
		_, err = r.site.Orders.Decide(r.Request.Context(), d)
	}
	if err != nil {
		return r.refused(err, r.month, monthPath+"?")
	}
	r.remember(d.By)
	return r.redirect(monthPath + "?notice=decided")
}
