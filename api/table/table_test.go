package table_test

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/api/apitest"
	"presage/api/table"
)

// rows hands a list over row by row.
func rows[T any](list ...T) func(func(T) error) error {
	return func(write func(T) error) error {
		for _, row := range list {
			if err := write(row); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestForecastCSV(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := table.WriteForecast(&out, apitest.Catalogue(), rows(presage.PartForecast{
		Part: "BP-F-2041", DepotID: "=cmd()", AsOf: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), HorizonDays: 30,
		Mean: 4.5, StdDev: 2, Quantiles: map[string]float64{"0.9": 7, "0.1": 2},
		Drivers: []presage.DemandDriver{{Name: "predicted", Mean: 3.5}, {Name: "booked", Mean: 1}},
		Stock:   presage.Stock{OnHand: 6, Reserved: 1, OnOrder: 4}, ReorderPoint: 8, OrderNow: 0, Region: "north", FleetWeight: .8,
		Override: &presage.DemandOverride{Mean: 5, Days: 30, Until: 20000, By: "@li"},
	}, presage.PartForecast{Part: "gone", DepotID: "d", HorizonDays: 30}))
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
		"": false, "x=1": false, "Zhao Min": false, "王伟": false, "3-4": false, " x": false, "'x": false,
		"'=1": true, // so that it keeps the apostrophe of its own when it comes back
	} {
		var out strings.Builder
		err := table.WriteForecast(&out, apitest.Catalogue(), rows(presage.PartForecast{
			Part: "x", Override: &presage.DemandOverride{By: text},
		}))
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

func TestReorderCSV(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := table.WriteReorder(&out, rows(presage.ReorderRow{
		Part: "+P", Name: presage.Text{ZH: "片", EN: "\tpad"}, DepotID: "d1", Region: "north", Position: -1, OnHand: 3, Reserved: 6, OnOrder: 2,
		ReorderPoint: 5, OrderUpTo: 9, OrderNow: 12, Packs: 3, Cost: presage.Money{Minor: 12345, Currency: "CNY"}, LeadTimeDays: 12.5,
		LeadTimeP90: 20, StockOutRisk: .25, DaysOfSupply: -1, Excess: 1, ExcessValue: presage.Money{Minor: 5, Currency: "CNY"},
		Transfers: []presage.Transfer{{From: "d2", To: "d1", Pieces: 2}, {From: "d3", To: "d1", Pieces: 1}},
		Override:  &presage.DemandOverride{Mean: 60, Days: 30, Until: 20000, By: "=li()"}, Reason: presage.Text{ZH: "理由", EN: "reason, why"},
	}, presage.ReorderRow{}))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	want := "'+P,片,'\tpad,d1,north,-1,3,6,2,5,9,12,3,123.45,CNY,12.5,20,0.25,-1,1,0.05,d2>d1:2 d3>d1:1,60,30,2024-10-04,'=li(),理由,\"reason, why\""
	if diff := cmp.Diff(want, lines[1]); diff != "" {
		t.Error(diff)
	}
	if rows, err := csv.NewReader(strings.NewReader(out.String())).ReadAll(); err != nil || len(rows) != 3 {
		t.Errorf("%d rows, %v: every line must have the same columns", len(rows), err)
	}
}

func TestOutlookCSV(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	at := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	q := map[string]float64{"0.1": 0, "0.9": 4}
	err := table.WriteOutlook(&out, presage.PartOutlook{
		Forecast: presage.PartForecast{Part: "-P", DepotID: "d1", Region: "north", AsOf: at, Horizons: []presage.DemandStep{{Days: 30, Mean: 9, Quantiles: q}}},
		Weeks:    []presage.DemandStep{{Days: 7, Mean: 2.5, Quantiles: q}, {FromDay: 7, Days: 7, Mean: 2, Quantiles: map[string]float64{"0.9": 3}}},
		History:  []presage.DemandWeek{{From: presage.DayOf(at) - 7, Pieces: 3}},
		Past:     []presage.PastForecast{{DepotID: "d1", AsOf: at.AddDate(0, 0, -30), HorizonDays: 30, Mean: 8, P10: 5, P50: 8, P90: 12, Actual: 7}},
	})
	want := `part,depot,region,kind,from,days,mean,actual,q0.1,q0.5,q0.9
'-P,d1,north,history,2026-11-14,7,,3,,,
'-P,d1,north,week,2026-11-21,7,2.5,,0,,4
'-P,d1,north,week,2026-11-28,7,2,,,,3
'-P,d1,north,horizon,2026-11-21,30,9,,0,,4
'-P,d1,north,past,2026-10-22,30,8,7,5,8,12
`
	if diff := cmp.Diff(want, out.String()); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}
