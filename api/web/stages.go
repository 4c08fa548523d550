package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"presage"
)

// Stages tells how long customers waited for a person; see rest.Stages.
type Stages interface {
	StageFigures(ctx context.Context, q presage.StageQuery) ([]presage.StageFigure, error)
	MissedStages(ctx context.Context, workshopID string) ([]presage.MissedStage, error)
	// SawTalk and SawCase note that a person, who may be "", has read what waits.
	SawTalk(ctx context.Context, customerID, who string) error
	SawCase(ctx context.Context, caseID, who string) error
}

const (
	stagesPath = "/outreach/stages"
	missedRows = 50
)

// stageDays are the times that the page looks back on.
func stageDays() []int { return []int{7, 30, 90} }

// stageRow is a figure with its plot: shares of the width.
type stageRow struct {
	presage.StageFigure
	P50X, P90X, LimitX float64
}

type missedRow struct {
	presage.MissedStage
	Customer *presage.Customer
}

type stagesBody struct {
	Rows      []stageRow
	Groups    []stageRow // by workshop or adviser: the answers alone
	By        presage.StageGroup
	Days      int
	AllDays   []int
	Workshop  string
	Workshops []presage.Workshop
	Missed    []missedRow
	Overdue   int
	Notices   []presage.Notice
	Coupons   []presage.CouponFigure
	Visits    []presage.VisitFigure
	Routes    []routeRow
}

func stagesPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := stagesBody{By: presage.GroupWorkshop, AllDays: stageDays(), Days: 30, Workshop: r.Query("workshop")}
	if r.Query("by") == string(presage.GroupAdviser) {
		b.By = presage.GroupAdviser
	}
	for _, n := range b.AllDays {
		if r.Query("days") == strconv.Itoa(n) {
			b.Days = n
		}
	}
	var err error
	if b.Workshops, err = s.Places.Workshops(ctx); err != nil {
		return err
	}
	now := s.Now()
	within := presage.WaitFilter{From: now.AddDate(0, 0, -b.Days), To: now, WorkshopID: b.Workshop}
	q := presage.StageQuery{WaitFilter: within}
	all, err := s.Stages.StageFigures(ctx, q)
	if err != nil {
		return err
	}
	b.Rows = plotted(all)
	q.By = b.By
	grouped, err := s.Stages.StageFigures(ctx, q)
	if err != nil {
		return err
	}
	b.Groups = plotted(slices.DeleteFunc(grouped, func(f presage.StageFigure) bool {
		return f.Stage != presage.StageAnswered
	}))
	if b.Coupons, err = s.Coupons.CouponFigures(ctx, within.From, now, now); err != nil {
		return err
	}
	if b.Visits, err = s.Visited.VisitFigures(ctx, within.From, now); err != nil {
		return err
	}
	if b.Routes, err = s.routeRows(ctx, within.From, now); err != nil {
		return err
	}
	if err := s.missed(ctx, &b); err != nil {
		return err
	}
	if b.Notices, err = s.newestNotices(ctx); err != nil {
		return err
	}
	return r.render(http.StatusOK, "stages", "conversations", r.text("stages.title"), b)
}

func (s *Site) missed(ctx context.Context, b *stagesBody) error {
	missed, err := s.Stages.MissedStages(ctx, b.Workshop)
	if err != nil {
		return err
	}
	b.Overdue = len(missed)
	for _, m := range missed[:min(len(missed), missedRows)] {
		row := missedRow{MissedStage: m}
		if row.Customer, err = s.customerOf(ctx, m.CustomerID); err != nil {
			return err
		}
		b.Missed = append(b.Missed, row)
	}
	return nil
}

// NameOf is the name of a workshop that figures are of, its ID when it has none.
func (b stagesBody) NameOf(id string) presage.Text {
	for _, w := range b.Workshops {
		if w.ID == id && w.Name.EN != "" {
			return w.Name
		}
	}
	return presage.Text{ZH: id, EN: id}
}

// plotted lays each figure over the longest of its own times.
func plotted(figures []presage.StageFigure) []stageRow {
	rows := make([]stageRow, len(figures))
	for i, f := range figures {
		longest := max(f.Median, f.P90, f.Limit, time.Second)
		at := func(d time.Duration) float64 { return 100 * d.Seconds() / longest.Seconds() }
		rows[i] = stageRow{f, at(f.Median), at(f.P90), at(f.Limit)}
	}
	return rows
}
