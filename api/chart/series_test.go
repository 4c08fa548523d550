package chart_test

import (
	"testing"
	"time"

	"presage"
	"presage/api/apitest"
	"presage/api/chart"
)

// TestSeriesJoinsMeasuredAndPredicted reads one vehicle of the test world.
func TestSeriesJoinsMeasuredAndPredicted(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC)
	w := apitest.New(30, now)
	s, err := chart.Read(t.Context(), w, chart.Query{
		VIN: apitest.VIN(42), Feature: "pad_wear_front_pct", Days: 60, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	if s.Component != presage.BrakePadsFront || s.Unit != "%" || *s.Limit != 100 || len(s.Path) != 14 {
		t.Errorf("series of %s in %q with %d points ahead", s.Component, s.Unit, len(s.Path))
	}
	today := presage.DayOf(now)
	for _, p := range s.Points {
		if p.Day < today-60 || p.Day > today {
			t.Errorf("day %s is outside the asked 60", p.Day)
		}
	}
	if s, err = chart.Read(t.Context(), w, chart.Query{VIN: apitest.VIN(42), Feature: "x", Days: 9, Now: now}); err != nil || len(s.Points) != 0 || s.Limit != nil {
		t.Errorf("an unknown feature gives %+v, %v", s, err)
	}
}
