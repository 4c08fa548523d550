package presage_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
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
		if got, err := f.AtHorizon(days); err != nil || !cmp.Equal(got, f) {
			t.Errorf("%d days: %+v, %v", days, got, err)
		}
	}
	got, err := f.AtHorizon(7)
	want := f
	want.HorizonDays, want.Mean, want.StdDev, want.Quantiles, want.Drivers = 7, 2, 1, week.Quantiles, week.Drivers
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	if _, err := f.AtHorizon(14); !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), "one of 7, 30, 60") {
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
	keys := func(rows []presage.PartForecast) (out []string) {
		for _, r := range rows {
			out = append(out, r.Part+" "+r.DepotID)
		}
		return out
	}
	depots := []presage.Depot{{ID: "d-east", Name: presage.Text{ZH: "东", EN: "East"}}}
	pads := presage.Part{Number: "BP-R-2042", Name: presage.Text{ZH: "后制动摩擦片", EN: "Rear brake pads"}, PackSize: 5}
	cat := &presage.Catalogue{Parts: []presage.Part{pads}}
	some, all := presage.ReorderLines(fs, false), presage.ReorderLines(fs, true)
	want := []string{"LB-12-60AGM d-east", "BP-R-2042 d-east", "BP-F-2041 d-south", "gone d-south"}
	if diff := cmp.Diff(want, keys(some)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(append([]string{"BP-F-2041 d-east"}, want...), keys(all)); diff != "" {
		t.Error(diff)
	}
	reason := presage.Text{ZH: "因", EN: "why"}
	got := cat.ReorderRows(depots)(some[1], reason)
	if got.Packs != 2 || got.Name != pads.Name || got.Depot.EN != "East" || got.Reason != reason { // 8 pieces in packs of 5
		t.Errorf("%+v", got)
	}
}

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
		if got := presage.WorstStatus(ps); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
}
