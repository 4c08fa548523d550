package port_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/api/apitest"
	"presage/api/port"
)

func TestWorst(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		in   []presage.Status
		want presage.Status
	}{
		{"nothing known", nil, presage.StatusUnknown},
		{"one due among healthy ones", []presage.Status{"ok", "due", "watch"}, presage.StatusDue},
		{"silence is worse than health", []presage.Status{"ok", "stale"}, presage.StatusStale},
		{"ignorance is not health", []presage.Status{"ok", "unknown"}, presage.StatusUnknown},
		{"all healthy", []presage.Status{"ok", "ok"}, presage.StatusOK},
	} {
		var ps []presage.Prognosis
		for _, s := range x.in {
			ps = append(ps, presage.Prognosis{Status: s})
		}
		if got := port.Worst(ps); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}

func TestMaskTopic(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"presage/v1/LPSVSED07R0000042/telemetry": "presage/v1/LPS**********0042/telemetry",
		"presage/v1/nonsense/event":              "presage/v1/***/event",
		"gbt32960/LPSVSED07R0000042/frame":       "gbt32960/LPS**********0042/frame",
		"gbt32960/-/noise":                       "gbt32960/-/noise",
		"other":                                  "other",
	} {
		if got := port.MaskTopic(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestExcerptIsPrintable(t *testing.T) {
	t.Parallel()
	if got := port.Excerpt([]byte("a\x00\xffb\n" + "制")); got != "a··b\n制" {
		t.Errorf("got %q", got)
	}
	if got := port.Excerpt(bytes.Repeat([]byte("x"), 3000)); len(got) != 2000+len(" …") {
		t.Errorf("%d bytes, want 2000 and an ellipsis", len(got))
	}
}

func TestForecastCSV(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := port.WriteForecastCSV(&out, apitest.Catalogue(), []presage.PartForecast{{
		Part: "BP-F-2041", DepotID: "=cmd()", AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), HorizonDays: 30,
		Mean: 4.5, StdDev: 2, Quantiles: map[string]float64{"0.9": 7, "0.1": 2},
		Drivers: []presage.DemandDriver{{Name: "predicted", Mean: 3.5}, {Name: "booked", Mean: 1}},
		Stock:   presage.Stock{OnHand: 6, Reserved: 1, OnOrder: 4}, ReorderPoint: 8, OrderNow: 0, Region: "north", FleetWeight: .8,
		Override: &presage.DemandOverride{Mean: 5, Days: 30, Until: 20000, By: "@li"},
	}, {Part: "gone", DepotID: "d", HorizonDays: 30}})
	if err != nil {
		t.Fatal(err)
	}
	want := "part,name_zh,name_en,depot,as_of,horizon_days,mean,std_dev,q0.1,q0.9,mean_booked,mean_predicted," +
		"on_hand,reserved,on_order,reorder_point,order_now,region,fleet_weight," +
		"override_mean,override_days,override_until,override_by\n" +
		"BP-F-2041,前制动摩擦片套件,Front brake pads kit,'=cmd(),2026-11-21T00:00:00Z,30,4.5,2,2,7,1,3.5,6,1,4,8,0,north,0.8,5,30,2024-10-04,'@li\n" +
		"gone,,,d,0001-01-01T00:00:00Z,30,0,0,,,0,0,0,0,0,0,0,,0,,,,\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}

// What begins like a formula in any spreadsheet is text; the forms are those of
// Unicode's compatibility mappings to = + - @.
func TestCellsAreNoFormulas(t *testing.T) {
	t.Parallel()
	for text, formula := range map[string]bool{
		"=1+1": true, "+1": true, "-1": true, "@SUM(1)": true, "\t=1": true, "\r=1": true, "\n=1": true, "\tx": true,
		"＝1+1": true, "＋1": true, "－1": true, "＠x": true, "﹦1": true, "﹢1": true, "﹣1": true, "﹫x": true, "−1": true,
		" =1": true, "\u3000＝1": true, "\ufeff=1": true, "\u200b=1": true, "\x00=1": true,
		"": false, "x=1": false, "Zhao Min": false, "王伟": false, "3-4": false, " x": false, "'=1": false,
	} {
		var out strings.Builder
		err := port.WriteForecastCSV(&out, apitest.Catalogue(), []presage.PartForecast{{
			Part: "x", Override: &presage.DemandOverride{By: text},
		}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, want := rows[1][len(rows[1])-1], text
		if formula {
			want = "'" + text
		}
		if got != strings.ReplaceAll(want, "\r\n", "\n") {
			t.Errorf("%q is written as %q, want %q", text, got, want)
		}
	}
}

// TestSeriesJoinsMeasuredAndPredicted reads one vehicle of the test world.
func TestSeriesJoinsMeasuredAndPredicted(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC)
	w := apitest.New(30, now)
	s, err := port.ReadSeries(t.Context(), w, port.SeriesQuery{
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
	if s, err = port.ReadSeries(t.Context(), w, port.SeriesQuery{VIN: apitest.VIN(42), Feature: "x", Days: 9, Now: now}); err != nil || len(s.Points) != 0 || s.Limit != nil {
		t.Errorf("an unknown feature gives %+v, %v", s, err)
	}
}
