package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"presage"
	"presage/api"
	"presage/api/apitest"
)

// consolePages is every kind of page with and without content.
func consolePages() []string {
	return []string{
		"/", "/vehicles", "/vehicles?status=due&q=lumen", "/vehicles?q=nothing", "/vehicles/" + vin(),
		"/vehicles/" + vin() + "?component=brake_pads_rear", "/cases", "/cases?state=done", "/cases?state=withheld",
		"/customers/c-1", "/customers/nobody", "/workshop", "/workshop?id=w-2&day=2026-11-25", "/parts", "/parts?depot=d-east&order=1", "/outbox",
		"/parts?level=region&region=east&days=90", "/parts?level=all&q=brake", "/parts?q=none", "/parts/reorder",
		"/parts/reorder?depot=d-south", "/parts/BP-F-2041", "/parts/BP-F-2041?depot=d-east",
		"/parts/BP-F-2041?region=east", "/parts/SA-F-3310?depot=d-east", "/parts/CF-CAB-118", "/parts/none",
		"/outbox?state=failed", "/data", "/data?reason=foreign_vin", "/docs", "/nowhere", "/b/tok-0", "/b/tok-0?more=1",
		"/outreach/templates", "/outreach/templates?sample=1",
		"/outreach/conversations", "/outreach/conversations?state=closed", "/outreach/conversations/c-1",
		"/b/old", "/b/forged", "/u/mail", "/u/old", "/u/forged",
	}
}

func TestPagesAreWholeAndOurOwn(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	pages := consolePages()
	for _, state := range []string{"open", "offered", "booked", "arrived", "escalated", "done"} {
		a := r.get(t, "/cases?state="+state)
		if m := regexp.MustCompile(`/cases/K\d+`).FindString(a.body); m != "" {
			pages = append(pages, m)
		}
	}
	for _, lang := range []string{"zh", "en"} {
		for _, path := range pages {
			glue := "?"
			if strings.Contains(path, "?") {
				glue = "&"
			}
			checkPage(t, r.get(t, path+glue+"lang="+lang), lang)
		}
	}
}

func checkPage(t *testing.T, a answer, lang string) {
	t.Helper()
	path := a.Request.URL.RequestURI()
	if !strings.HasSuffix(strings.TrimSpace(a.body), "</html>") {
		t.Errorf("%s: status %d, the page ends early", path, a.StatusCode)
	}
	if !strings.Contains(a.body, `<html lang="`+lang) {
		t.Errorf("%s is not in %s", path, lang)
	}
	for what, pattern := range map[string]string{
		"another site": `(?i)(src|href|action|content)="(https?:)?//`,
		"inline style": `(?i)\sstyle="|<style`,
		"inline code":  `(?i)<script(?:>|\s+[^>]*>)[^<]|\son[a-z]+="`,
		"a failed fmt": `%!`,
		"nothing":      `<no value>|ZgotmplZ`,
	} {
		if found := regexp.MustCompile(pattern).FindString(a.body); found != "" {
			t.Errorf("%s holds %s: %q", path, what, found)
		}
	}
}

func TestPagesEscape(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const evil = `"><script>alert(1)</script>`
	for _, path := range []string{"/vehicles?q=" + url.QueryEscape(evil), "/data", "/workshop?id=" + url.QueryEscape(evil)} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		if strings.Contains(a.body, "<script>alert") {
			t.Errorf("%s does not escape", path)
		}
	}
}

func TestLanguageIsChosenAndKept(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for accept, word := range map[string]string{
		"zh-CN,zh;q=0.9": "车队概览", "zh-TW": "车队概览", "en-GB": "Fleet overview", "fr": "Fleet overview", "": "Fleet overview",
	} {
		if a := r.get(t, "/", "Accept-Language", accept); !strings.Contains(a.body, word) {
			t.Errorf("Accept-Language %q does not show %q", accept, word)
		}
	}
	r.get(t, "/?lang=zh")
	if a := r.get(t, "/parts", "Accept-Language", "en"); !strings.Contains(a.body, "备件需求") {
		t.Error("the chosen language is forgotten")
	}
}

func TestEmptyServiceHasPages(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) {
		w := apitest.New(0, now())
		d.Web.Fleet, d.Web.Vehicles, d.Web.Cases, d.Web.Places, d.Web.Messages, d.Web.Parts, d.Web.DeadLetters = w, w, w, w, w, w, w
	})
	for _, path := range []string{"/", "/vehicles", "/cases", "/workshop", "/parts", "/outbox", "/data"} {
		want(t, r.get(t, path), http.StatusOK)
	}
	if a := r.get(t, "/?lang=en"); !strings.Contains(a.body, "No vehicles yet") {
		t.Error("the overview does not say that nothing is there")
	} else if !strings.Contains(a.body, "<code>presage simulate</code>") {
		t.Error("the overview does not say how to see a first vehicle")
	}
}

func TestSilentVehicleIsNotHealthy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/vehicles?status=stale&lang=en").body
	path := regexp.MustCompile(`/vehicles/L\w{16}`).FindString(page)
	a := r.get(t, path)
	if !strings.Contains(a.body, "Silence is not health") || strings.Contains(a.body, `class="pill ok"`) {
		t.Errorf("%s shows a silent vehicle as healthy", path)
	}
}

func TestAdviserBooksAndWorkshopReports(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=escalated")).Items[0]
	page := r.get(t, "/cases/"+c.ID).body
	slot := regexp.MustCompile(`name="slot" value="([^"]+)"`).FindStringSubmatch(page)[1]
	want(t, r.form(t, "/cases/"+c.ID+"/book", url.Values{"slot": {"sold"}}), http.StatusConflict)
	want(t, r.form(t, "/cases/"+c.ID+"/book", url.Values{"slot": {slot}}), http.StatusSeeOther)
	booking := regexp.MustCompile(`/bookings/[^/]+`).FindString(r.get(t, "/cases/"+c.ID).body)
	want(t, r.form(t, booking+"/arrive", nil), http.StatusSeeOther)
	form := url.Values{"odometer": {"41200"}, "note": {"ok"}}
	for _, id := range c.Components {
		form.Set("outcome_"+string(id), "confirmed")
		form.Set("replaced_"+string(id), "1")
		form.Set("measured_"+string(id), "96.5")
	}
	bad := url.Values{"odometer": {"many"}}
	want(t, r.form(t, booking+"/result", bad), http.StatusUnprocessableEntity)
	want(t, r.form(t, booking+"/result", form), http.StatusSeeOther)
	if len(r.world.Results) != 1 || r.world.Results[0].OdometerKm != 41200 || !r.world.Results[0].Findings[0].Replaced {
		t.Errorf("recorded %+v", r.world.Results)
	}
}

func TestCustomerBooksMovesAndCancels(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil) // the console is shut, the customer's page is not
	slots := func(path string) [][]string {
		return regexp.MustCompile(`name="slot" value="([^"]+)"`).FindAllStringSubmatch(r.get(t, path).body, -1)
	}
	offered := slots("/b/tok-0?lang=zh")
	if len(offered) != 3 {
		t.Fatalf("%d big buttons, want 3", len(offered))
	}
	a := r.form(t, "/b/tok-0/book", url.Values{"slot": {"sold"}})
	want(t, a, http.StatusConflict)
	if !strings.Contains(a.body, "刚刚被约走") {
		t.Error("the page does not say that the time was taken")
	}
	for _, slot := range []string{"", "nonsense"} {
		a := r.form(t, "/b/tok-0/book", url.Values{"slot": {slot}})
		want(t, a, http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, "请选择一个时间") || !strings.Contains(a.body, `href="/b/tok-0?lang=en"`) {
			t.Errorf("slot %q: the page does not ask for a time, or its language switch leads nowhere", slot)
		}
	}
	want(t, r.form(t, "/b/tok-0/book", url.Values{"slot": {offered[1][1]}}), http.StatusSeeOther)
	if body := r.get(t, "/b/tok-0?lang=en").body; !strings.Contains(body, "You&#39;re booked") {
		t.Errorf("not shown as booked: %.400s", body)
	}
	ics := r.get(t, "/b/tok-0/calendar.ics")
	want(t, ics, http.StatusOK)
	if !strings.HasPrefix(ics.Header.Get("Content-Type"), "text/calendar") {
		t.Errorf("calendar is %s", ics.Header.Get("Content-Type"))
	}
	more := slots("/b/tok-0?change=1&more=1")
	want(t, r.form(t, "/b/tok-0/book", url.Values{"slot": {more[len(more)-1][1]}}), http.StatusSeeOther)
	want(t, r.form(t, "/b/tok-0/cancel", nil), http.StatusSeeOther)
	if len(slots("/b/tok-0")) != 3 {
		t.Error("after the cancellation no times are shown")
	}
}

// Two tabs of one customer: the older one shows what is not so any more.
func TestAFormShownEarlierChangesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	shown := func(path string) url.Values {
		body := r.get(t, path).body
		return url.Values{
			"visit": {regexp.MustCompile(`name="visit" value="([^"]*)"`).FindStringSubmatch(body)[1]},
			"slot":  {regexp.MustCompile(`name="slot" value="([^"]+)"`).FindAllStringSubmatch(body+`name="slot" value="-"`, -1)[0][1]},
		}
	}
	before := shown("/b/tok-0?lang=en")
	want(t, r.form(t, "/b/tok-0/book", before), http.StatusSeeOther)
	stands := r.get(t, "/b/tok-0?lang=en").body
	other := shown("/b/tok-0?change=1&more=1&lang=en")["slot"]
	for _, lang := range []string{"en", "zh"} {
		want(t, r.get(t, "/b/tok-0?lang="+lang), http.StatusOK)
		for path, form := range map[string]url.Values{
			"book":    {"visit": before["visit"], "slot": other},
			"cancel":  {"visit": {"b-of-yesterday"}},
			"decline": {"visit": before["visit"], "why": {"price"}},
		} {
			a := r.form(t, "/b/tok-0/"+path, form)
			want(t, a, http.StatusConflict)
			for _, words := range map[string][]string{
				"en": {"You already have ", ". Move it?", `name="visit" value="b-`}, "zh": {"您已有 ", "要改到其他时间吗？"},
			}[lang] {
				if !strings.Contains(a.body, words) {
					t.Errorf("%s, %s: the page lacks %q", path, lang, words)
				}
			}
		}
	}
	if r.get(t, "/b/tok-0?lang=en").body != stands {
		t.Error("the visit is not as it was")
	}
	moving := shown("/b/tok-0?change=1&more=1")
	moving["slot"] = []string{"late"}
	a := r.form(t, "/b/tok-0/book", moving)
	want(t, a, http.StatusUnprocessableEntity)
	want(t, r.form(t, "/b/tok-0/cancel", shown("/b/tok-0")), http.StatusSeeOther)
	moving["slot"] = other
	a = r.form(t, "/b/tok-0/book", moving)
	want(t, a, http.StatusConflict)
	if !strings.Contains(a.body, "此预约已取消") && !strings.Contains(a.body, "was cancelled meanwhile") {
		t.Error("the page does not say that the visit was cancelled")
	}
}

func TestCustomerDeclinesAndStops(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	want(t, r.form(t, "/b/tok-2/decline", url.Values{"why": {"sold"}}), http.StatusSeeOther)
	if body := r.get(t, "/b/tok-2?lang=en").body; !strings.Contains(body, "We have noted your answer") {
		t.Error("the answer is not shown")
	}
	want(t, r.form(t, "/b/tok-2/stop", nil), http.StatusOK)
	if len(r.world.Stopped) != 1 {
		t.Errorf("stopped: %v", r.world.Stopped)
	}
}

func TestCustomerErrorPagesAreFriendly(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for path, x := range map[string]struct {
		status int
		word   string
	}{
		"/b/old?lang=en":                {http.StatusGone, "This link has expired"},
		"/b/forged?lang=en":             {http.StatusForbidden, "This link is not valid"},
		"/b/tok-0/calendar.ics?lang=en": {http.StatusNotFound, "This link is not valid"},
	} {
		a := r.get(t, path)
		want(t, a, x.status)
		if !strings.Contains(a.body, x.word) || strings.Contains(a.body, "not signed by us") {
			t.Errorf("%s: %.300s", path, a.body)
		}
	}
	r.world.Err = presage.ErrUnavailable
	want(t, r.get(t, "/b/tok-0"), http.StatusServiceUnavailable)
}

func TestDemoClockIsSaid(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	if !strings.Contains(r.get(t, "/?lang=en").body, "Demo clock ×1440") {
		t.Error("the demo's clock is not shown")
	}
	r = start(t, func(_ *api.Config, d *api.Deps) { d.Web.ClockLabel = nil })
	if strings.Contains(r.get(t, "/?lang=en").body, "Demo clock") {
		t.Error("wall time is shown as a demo's clock")
	}
}
