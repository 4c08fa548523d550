package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"presage"
)

// Quality judges the records of each source; see rest.Quality.
type Quality interface {
	Quality(ctx context.Context) ([]presage.QualityReport, error)
	QualityRecords(ctx context.Context, source string, check presage.QualityCheck) ([]presage.QualityRecord, error)
}

// Merges makes two records of one customer one, and takes that back; see rest.Merges.
type Merges interface {
	MergeCustomers(ctx context.Context, w presage.MergeWish) (presage.Merge, error)
	UndoMerge(ctx context.Context, id, who string, now time.Time) (presage.Merge, error)
	Merges(ctx context.Context, after string, limit int) ([]presage.Merge, error)
}

const (
	qualityPath = "/data/quality"
	mergesPath  = "/data/merges"
	qualityRows = 200
)

// foundRow is a record with the one of its group that it could be merged into.
type foundRow struct {
	presage.QualityRecord

	Into string
}

type qualityBody struct {
	Reports  []presage.QualityReport
	Invented bool // the time is simulated, so the people are too
	Source   string
	Check    presage.QualityCheck
	Rows     []foundRow
	More     int
	Merges   []presage.Merge
	Who      signer
}

// simulated tells that time is not the wall's: then the people are not real either.
func (s *Site) simulated() bool { return s.ClockLabel != nil && s.ClockLabel() != "" }

// qualityPage shows the sources, the records behind a figure, and merges.
func qualityPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := qualityBody{Source: r.Query("source"), Invented: s.simulated(), Who: r.signer()}
	var err error
	if b.Reports, err = s.Quality.Quality(ctx); err != nil {
		return err
	}
	if check := presage.QualityCheck(r.Query("check")); slices.Contains(presage.QualityChecks(), check) {
		b.Check = check
		found, err := s.Quality.QualityRecords(ctx, b.Source, check)
		if err != nil {
			return err
		}
		b.More = max(0, len(found)-qualityRows)
		first := map[string]string{}
		for _, x := range found[:min(len(found), qualityRows)] {
			row := foundRow{QualityRecord: x}
			if x.Group != "" && x.Kind == presage.KindCustomer && first[x.Group] != x.ID {
				row.Into = first[x.Group]
			}
			if first[x.Group] == "" {
				first[x.Group] = x.ID
			}
			b.Rows = append(b.Rows, row)
		}
	}
	if b.Merges, err = s.Merges.Merges(ctx, "", letterRows); err != nil {
		return err
	}
	switch r.Query("done") {
	case "merged":
		r.notice = notice{"ok", r.text("quality.merged")}
	case "undone":
		r.notice = notice{"ok", r.text("quality.undone")}
	}
	return r.render(http.StatusOK, "quality", "data", r.text("quality.title"), b)
}

func mergeCustomers(r *request) error {
	who, err := r.author()
	if err != nil {
		return err
	}
	_, err = r.site.Merges.MergeCustomers(r.Request.Context(), presage.MergeWish{
		Keep: r.PostForm("keep"), Gone: r.PostForm("gone"), Who: who, At: r.site.Now(),
	})
	if err != nil {
		return err
	}
	return r.redirect(qualityPath + "?done=merged&" + url.Values{
		"source": {r.PostForm("source")}, "check": {r.PostForm("check")},
	}.Encode())
}

func undoMerge(r *request) error {
	who, err := r.author()
	if err != nil {
		return err
	}
	if _, err := r.site.Merges.UndoMerge(r.Request.Context(), r.Param("id"), who, r.site.Now()); err != nil {
		return err
	}
	return r.redirect(qualityPath + "?done=undone")
}
