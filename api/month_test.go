package api_test

import (
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"presage"
)

// What is most at stake comes first, page by page, and what changed adds up.
func TestMonthByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	all := decode[presage.PlanMonth](t, r.get(t, "/v1/parts/month"))
	if len(all.Items) < 3 || len(all.Weeks) != 2 || presage.DayOf(all.Since) != all.Weeks[1] {
		t.Fatalf("%+v", all)
	}
	sum := 0.0
	for i, e := range all.Items {
		if i > 0 && e.AtStake.Minor > all.Items[i-1].AtStake.Minor {
			t.Errorf("row %d has more at stake than the one before", i)
		}
		parts := 0.0
		for _, d := range e.Drivers {
			parts += d.Pieces
		}
		if math.Abs(parts-e.Change) > 1e-6 {
			t.Errorf("%s: causes add up to %v of %v", e.Part, parts, e.Change)
		}
	}
	for _, d := range all.Drivers {
		sum += float64(d.Value.Minor)
	}
	if sum != float64(all.Change.Minor) || all.Change.Minor == 0 {
		t.Errorf("causes add up to %v of %v", sum, all.Change)
	}
	type monthPage struct {
		presage.PlanMonth
		Next string
	}
	first := decode[monthPage](t, r.get(t, "/v1/parts/month?limit=2"))
	second := decode[monthPage](t, r.get(t, "/v1/parts/month?limit=1&after="+url.QueryEscape(first.Next)))
	if len(first.Items) != 2 || len(second.Items) != 1 || second.Items[0].Part != all.Items[2].Part {
		t.Errorf("pages %+v, %+v", first, second)
	}
	older := decode[presage.PlanMonth](t, r.get(t, "/v1/parts/month?since="+all.Weeks[0].String()))
	if presage.DayOf(older.Since) != all.Weeks[0] {
		t.Errorf("compared with %v", older.Since)
	}
	want(t, r.get(t, "/v1/parts/month?since=2020-01-01"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/parts/month?since=x"), http.StatusUnprocessableEntity)
	rows := table(t, r.get(t, "/v1/parts/month", "Accept", "text/csv"))
	if len(rows) != len(all.Items)+1 || rows[1][0] != all.Items[0].Part || rows[0][len(rows[0])-1] != "decision_why" {
		t.Errorf("table %v", rows[:2])
	}
	review := decode[presage.PlanReview](t, r.get(t, "/v1/parts/review"))
	if len(review.ByClass) != 4 || len(review.ByHorizon) != 3 || review.Added[0].Cases != 1 || review.Added[1].Cases != 0 {
		t.Errorf("%+v", review)
	}
}

// An advice is accepted, another overridden with its reason; each is kept once.
func TestAdviceIsDecided(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	items := decode[presage.PlanMonth](t, r.get(t, "/v1/parts/month")).Items
	advised := slices.DeleteFunc(slices.Clone(items), func(e presage.PlanException) bool { return e.OrderNow == 0 })
	a, b := advised[0], advised[1]
	line := func(e presage.PlanException, more string) string {
		return `{"depot_id": "` + e.DepotID + `", "part": "` + e.Part + `"` + more + `}`
	}
	wish := `{"key": "monday", "by": "Li Na", "why": "WHY", "place": true, "lines": [` + line(a, "") + ", " + line(b, `, "pieces": 0`) + `]}`
	_, fields := problemOf(t, r.json(t, "/v1/parts/decisions", strings.Replace(wish, "WHY", " ", 1)), 422)
	if !slices.Equal(fields, []string{"body.why"}) {
		t.Errorf("%v", fields)
	}
	wish = strings.Replace(wish, "WHY", "=a campaign", 1)
	for range 2 {
		os := decode[list[presage.Order]](t, created(t, r.json(t, "/v1/parts/decisions", wish))).Items
		if len(os) != 1 || os[0].Open() != a.OrderNow {
			t.Errorf("ordered %+v", os)
		}
	}
	kept := decode[list[presage.AdviceDecision]](t, r.get(t, "/v1/parts/decisions?limit=1"))
	rest := decode[list[presage.AdviceDecision]](t, r.get(t, "/v1/parts/decisions?after="+kept.Next))
	if len(kept.Items) != 1 || len(rest.Items) != 1 {
		t.Fatalf("%+v, %+v", kept, rest)
	}
	for _, d := range append(kept.Items, rest.Items...) {
		verdict, chosen := presage.VerdictAccept, a.OrderNow
		if d.Part == b.Part && d.DepotID == b.DepotID {
			verdict, chosen = presage.VerdictOverride, 0
		}
		if d.Verdict != verdict || d.Chosen != chosen || d.By != "Li Na" || d.SpanDays < 2 {
			t.Errorf("%+v", d)
		}
	}
	want(t, r.json(t, "/v1/parts/decisions", `{"by": "Li Na", "lines": []}`), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/parts/decisions?after=x"), http.StatusUnprocessableEntity)
	rows := table(t, r.get(t, "/v1/parts/month", "Accept", "text/csv"))
	if !slices.ContainsFunc(rows, func(row []string) bool { return row[len(row)-1] == "'=a campaign" }) {
		t.Error("the reason is not in the table, or is a formula")
	}
}

// The page says the same in both languages, and takes several decisions at once.
func TestMonthPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/parts/month?lang=en").body
	reads(t, page, "The planner&#39;s month", "May run out", "Lead time", "Class of demand", "What planners&#39; figures added", "intermittent")
	reads(t, page, "&#43;8%", "−17%", "133%") // 0.5/6 too much, 1/6 too little, 8/6 off
	reads(t, r.get(t, "/parts/month?lang=zh").body, "本月计划", "可能缺货", "到货周期", "需求类型")
	reads(t, r.get(t, "/parts?lang=en").body, `href="/parts/month`)
	picks := regexp.MustCompile(`name="pick" value="([^"]+)"`).FindAllStringSubmatch(page, 2)
	form := url.Values{
		"key": {"k"}, "who": {"Li Na"}, "do": {"place"}, "pick": {picks[0][1], picks[1][1]},
		"pieces " + picks[0][1]: {"17"}, "pieces " + picks[1][1]: {"0"},
	}
	bad := r.post(t, "/parts/month/decisions", form)
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "A number that is not the advised one needs a reason", "notice")
	form.Set("why", "A campaign")
	want(t, r.post(t, "/parts/month/decisions", form), http.StatusSeeOther)
	reads(t, r.get(t, "/parts/month?lang=en&notice=decided").body, "Latest decisions", "A campaign", "Overridden", "The decisions are kept.")
	made := decode[list[presage.Order]](t, r.get(t, "/v1/orders")).Items
	if len(made) != 3 || made[0].Open() != 17 {
		t.Errorf("%d orders, the newest %+v", len(made), made[0])
	}
	want(t, r.post(t, "/parts/month/decisions", url.Values{"who": {"Li Na"}}), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/parts/month?since=2020-01-01"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/parts/month/exceptions.csv"), http.StatusOK)
}
