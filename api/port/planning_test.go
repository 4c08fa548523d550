package port_test

import (
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/api/apitest"
	"presage/api/port"
)

func TestAtHorizon(t *testing.T) {
	t.Parallel()
	week := presage.DemandStep{
		Days: 7, Mean: 2, StdDev: 1, Quantiles: map[string]float64{"0.9": 4}, Drivers: []presage.DemandDriver{{Name: "history", Mean: 2}},
	}
	f := presage.PartForecast{
		Part: "P", HorizonDays: 30, Mean: 9, StdDev: 3, Quantiles: map[string]float64{"0.9": 13}, OrderNow: 4,
		Horizons: []presage.DemandStep{week, {Days: 30, Mean: 9}, {Days: 60, Mean: 18}},
	}
	for _, days := range []int{0, 30} {
		if got, err := port.AtHorizon(f, days); err != nil || !cmp.Equal(got, f) {
			t.Errorf("%d days: %+v, %v", days, got, err)
		}
	}
	got, err := port.AtHorizon(f, 7)
	want := f
	want.HorizonDays, want.Mean, want.StdDev, want.Quantiles, want.Drivers = 7, 2, 1, week.Quantiles, week.Drivers
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := port.AtHorizon(f, 14); !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), "one of 7, 30, 60") {
		t.Errorf("days that are not planned: %v", err)
	}
}

func TestReorder(t *testing.T) {
	t.Parallel()
	row := func(part, depot string, order int, risk float64, minor int64) presage.PartForecast {
		return presage.PartForecast{
			Part: part, DepotID: depot, OrderNow: order,
			Advice: presage.ReorderAdvice{StockOutRisk: risk, Cost: presage.Money{Minor: minor, Currency: "CNY"}},
		}
	}
	move := row("gone", "d-south", 0, 0, 0)
	move.Advice.Transfers = []presage.Transfer{{From: "d-south", To: "d-east", Pieces: 2}}
	fs := []presage.PartForecast{
		row("BP-F-2041", "d-east", 0, .9, 0), move, row("BP-F-2041", "d-south", 8, .2, 100),
		row("BP-R-2042", "d-east", 8, .2, 300), row("LB-12-60AGM", "d-east", 1, .5, 100),
	}
	keys := func(rows []port.ReorderRow) (out []string) {
		for _, r := range rows {
			out = append(out, r.Part+" "+r.DepotID)
		}
		return out
	}
	depots := []presage.Depot{{ID: "d-east", Name: presage.Text{ZH: "东", EN: "East"}}}
	some, all := port.Reorder(apitest.Catalogue(), depots, fs, false), port.Reorder(apitest.Catalogue(), depots, fs, true)
	want := []string{"LB-12-60AGM d-east", "BP-R-2042 d-east", "BP-F-2041 d-south", "gone d-south"}
	if diff := cmp.Diff(want, keys(some)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(append([]string{"BP-F-2041 d-east"}, want...), keys(all)); diff != "" {
		t.Error(diff)
	}
	part, err := apitest.Catalogue().Part("BP-R-2042")
	if err != nil || some[1].Packs != (8+part.PackSize-1)/part.PackSize || some[1].Name != part.Name || some[1].Depot.EN != "East" {
		t.Errorf("%+v, %v", some[1], err)
	}
}

func TestReorderCSV(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	err := port.WriteReorderCSV(&out, []port.ReorderRow{{
		Part: "+P", Name: presage.Text{ZH: "片", EN: "\tpad"}, DepotID: "d1", Region: "north", Position: -1, OnHand: 3, Reserved: 6, OnOrder: 2,
		ReorderPoint: 5, OrderUpTo: 9, OrderNow: 12, Packs: 3, Cost: presage.Money{Minor: 12345, Currency: "CNY"}, LeadTimeDays: 12.5,
		LeadTimeP90: 20, StockOutRisk: .25, DaysOfSupply: -1, Excess: 1, ExcessValue: presage.Money{Minor: 5, Currency: "CNY"},
		Transfers: []presage.Transfer{{From: "d2", To: "d1", Pieces: 2}, {From: "d3", To: "d1", Pieces: 1}},
		Override:  &presage.DemandOverride{Mean: 60, Days: 30, Until: 20000, By: "=li()"}, Reason: presage.Text{ZH: "理由", EN: "reason, why"},
	}, {}})
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
	err := port.WriteOutlookCSV(&out, presage.PartOutlook{
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
