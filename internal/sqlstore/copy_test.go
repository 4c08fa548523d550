package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// A copy made while others write is one moment of the database, and opens.
func TestCopyFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a b?%#.db")
	s := sqltest.OpenURL(t, file)
	if err := s.PutSetting(t.Context(), "first", "1"); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for i := 0; ctx.Err() == nil; i++ {
			if err := s.PutSetting(ctx, "n"+strconv.Itoa(i), "x"); err != nil && ctx.Err() == nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}()
	target := filepath.Join(t.TempDir(), "copy.db")
	rows, err := sqlstore.CopyFile(t.Context(), file, target)
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v; want it for its owner alone", info, err)
	}
	replica := sqltest.OpenURL(t, target)
	if v, err := replica.Setting(t.Context(), "first"); v != "1" || err != nil {
		t.Errorf("setting %q, %v", v, err)
	}
	n := rows["settings"]
	_, errLast := replica.Setting(t.Context(), fmt.Sprint("n", n-2))
	if _, errNext := replica.Setting(t.Context(), fmt.Sprint("n", n-1)); n > 1 && errLast != nil ||
		!errors.Is(errNext, presage.ErrNotFound) {
		t.Errorf("%d settings counted; the last: %v, one more: %v", n, errLast, errNext)
	}
	if _, err := sqlstore.CopyFile(t.Context(), file, target); err == nil {
		t.Error("a file that exists is overwritten")
	}
	if _, err := sqlstore.CopyFile(t.Context(), file+".none", target+".2"); !errors.Is(err, presage.ErrUnavailable) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// The plan, what planners decided and what became of forecasts are in a copy.
func TestCopyHoldsThePlan(t *testing.T) {
	t.Parallel()
	ctx, file := t.Context(), filepath.Join(t.TempDir(), "a.db")
	s := sqltest.OpenURL(t, file)
	padAtDepots(t, s)
	today := presage.DayOf(noon())
	o, err := s.PutOverride(ctx, presage.DemandOverride{
		Part: "PAD", DepotID: "d1", Mean: 2, Days: 30, Until: today, By: "li", Why: "x", CreatedAt: noon(),
	})
	must(t, err)
	law := presage.ArchivedForecast{Part: "PAD", DepotID: "d1", AsOf: (today - 7).Start(), HorizonDays: 7}
	must(t, s.ArchiveForecasts(ctx, []presage.ArchivedForecast{law}))
	score := scoreOf("PAD", "d1", today-8, 0)
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{score}))
	target := filepath.Join(t.TempDir(), "b.db")
	rows, err := sqlstore.CopyFile(ctx, file, target)
	must(t, err)
	for table, n := range map[string]int64{
		"planned_parts": 4, "demand_overrides": 1, "forecast_laws": 1, "forecast_scores": 1,
	} {
		same(t, table, rows[table], n)
	}
	replica := sqltest.OpenURL(t, target)
	overrides, err := replica.Overrides(ctx, "", "")
	must(t, err)
	same(t, "overrides", overrides, []presage.DemandOverride{o})
	forecasts, err := replica.UnscoredForecasts(ctx, noon())
	must(t, err)
	same(t, "laws", forecasts, []presage.ArchivedForecast{law})
	same(t, "scores", listedScores(t, replica, presage.ScoreFilter{}), []presage.ScoredForecast{score})
}

func TestFile(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]string{"sqlite:a.db": "a.db", "/x/y.db": "/x/y.db", "postgres://u:p@h/db": ""} {
		if got, err := sqlstore.File(url); got != want || err != nil {
			t.Errorf("%s is the file %q, %v; want %q", url, got, err, want)
		}
	}
}
