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
		"/customers/c-1", "/customers/nobody", "/workshop", "/workshop?id=w-2&day=2026-11-25", "/workshop?view=week&by=technicians", "/parts", "/parts?depot=d-east&order=1", "/outbox",
		"/parts?level=region&region=east&days=90", "/parts?level=all&q=brake", "/parts?q=none", "/parts/reorder", "/parts/month", "/parts/budget", "/parts/parameters", "/parts/budget?money=5000&depot=d-east", "/transfers", "/parts/month?depot=d-east",
		"/parts/reorder?depot=d-south", "/parts/BP-F-2041", "/parts/BP-F-2041?depot=d-east",
		"/parts/BP-F-2041?region=east", "/parts/SA-F-3310?depot=d-east", "/parts/CF-CAB-118", "/parts/none",
		"/outbox?state=failed", "/data", "/data?reason=foreign_vin", "/docs", "/nowhere", "/b/tok-0", "/b/tok-0?day=2026-12-01", "/b/tok-1", "/b/tok-3", "/b/tok-6", "/b/tok-1?change=1", "/b/tok-0?at=w-2",
		"/outreach/templates", "/outreach/templates?sample=1", "/outreach/policy", "/outreach/policy?version=0", "/outreach/policy?version=9",
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
		"another site": `(?i)(src|action|content)="(https?:)?//|<(?:link|a [^>]*href="/[^>]*)[^>]*href="(https?:)?//`,
		"a link out":   `<a [^>]*href="(?:https?:)?//(?:[^"]*)"(?:>| [^r])`, // but for the map, which learns of no address
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
	job := strings.Replace(booking, "/bookings/", "/job/", 1)
	want(t, r.form(t, job+"/result", url.Values{"odometer": {"many"}}), http.StatusUnprocessableEntity)
	want(t, r.form(t, job+"/result", filled(c.Components)), http.StatusSeeOther)
	if len(r.world.Results) != 1 || r.world.Results[0].OdometerKm != 99000 || !r.world.Results[0].Findings[0].Replaced {
		t.Errorf("recorded %+v", r.world.Results)
	}
	if page := r.get(t, "/cases/"+c.ID+"?lang=en").body; !strings.Contains(page, "left pad at the limit") {
		t.Error("the technician's note is not on the case's page")
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
