package api_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"presage"
)

// links are the addresses of a page that hold a text.
func links(body, part string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if to := html.UnescapeString(m[1]); strings.Contains(to, part) {
			list = append(list, to)
		}
	}
	return list
}

// confirmation is the form of a page on which a time is chosen.
func confirmation(t *testing.T, body string) url.Values {
	t.Helper()
	value := func(name string) []string {
		m := regexp.MustCompile(`<form method="post" action="/b/[^"]+/book" class="wishes".*?name="` + name + `" value="([^"]*)"`).
			FindStringSubmatch(strings.ReplaceAll(body, "\n", " "))
		if m == nil {
			t.Fatalf("no %s to confirm: %.300s", name, body)
		}
		return m[1:2]
	}
	return url.Values{"slot": value("slot"), "visit": value("visit")}
}

func (r *rig) follow(t *testing.T, a answer) string {
	t.Helper()
	want(t, a, http.StatusSeeOther)
	return r.get(t, a.Header.Get("Location")).body
}

func holds(t *testing.T, what, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(html.UnescapeString(body), w) {
			t.Errorf("%s: the page lacks %q", what, w)
		}
	}
}

func TestCustomerChoosesAnyDay(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil) // the console is shut, the customer's page is not
	page := r.get(t, "/b/tok-0?lang=en").body
	if strings.Contains(page, `id="confirm"`) || !strings.Contains(page, "Choose a time") {
		t.Error("a time is chosen before anybody chose one")
	}
	if n := len(links(page, "slot=")); n != 3 {
		t.Errorf("%d times are suggested, want 3", n)
	}
	next := links(page, "month=2026-12")
	if len(next) != 1 {
		t.Fatalf("links to December: %v", next)
	}
	days := links(r.get(t, next[0]).body, "day=2026-12-")
	if len(days) != 27 { // 31 days without four Sundays; the 31st is within the 41 days that are planned
		t.Errorf("%d days of December can be chosen, want 27", len(days))
	}
	times := links(r.get(t, days[len(days)-1]).body, "slot=")
	chosen := r.get(t, times[len(times)-1]).body
	holds(t, "chosen", chosen, "Thu 31 Dec 15:30", "Confirm", "What will you do meanwhile?", "A note to the workshop")
	form := confirmation(t, chosen)
	form.Set("stay", "loaner")
	form.Set("note", " the key is\nin the box ")
	booked := r.follow(t, r.form(t, "/b/tok-0/book", form))
	holds(t, "booked", booked, "You're booked", "this time is yours", "Thu 31 Dec", "I need another car meanwhile", "the key is in the box")
	moved := r.get(t, "/b/tok-0?change=1").body
	move := confirmation(t, r.get(t, links(moved, "slot=")[0]).body)
	after := r.follow(t, r.form(t, "/b/tok-0/book", move))
	holds(t, "moved", after, "your visit has moved", "Before, it was Thu 31 Dec 15:30", "Undo")
	restored := r.follow(t, r.form(t, "/b/tok-0/book", undo(t, after)))
	holds(t, "restored", restored, "your visit is as it was", "Thu 31 Dec")
	visit := regexp.MustCompile(`/cancel".*?name="visit" value="([^"]+)"`).FindStringSubmatch(restored)[1]
	cancelled := r.follow(t, r.form(t, "/b/tok-0/cancel", url.Values{"visit": {visit}}))
	holds(t, "cancelled", cancelled, "Your visit on Thu 31 Dec 15:30 is cancelled", "Undo")
	holds(t, "undone", r.follow(t, r.form(t, "/b/tok-0/book", undo(t, cancelled))), "your visit is as it was")
}

// undo is the form that takes back what was done.
func undo(t *testing.T, body string) url.Values {
	t.Helper()
	m := regexp.MustCompile(`class="undo".*?name="visit" value="([^"]*)".*?name="slot" value="([^"]+)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("nothing can be taken back")
	}
	return url.Values{"undo": {"1"}, "visit": {m[1]}, "slot": {m[2]}}
}

func TestTimeIsGone(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.get(t, "/b/tok-0?lang=zh")
	for path, form := range map[string]url.Values{
		"sold in between": {"slot": {"w-1@1796004001"}, "note": {"the key is in the box"}}, // 30 Nov 2026 at a second past ten, which nobody sells
		"no time at all":  {"slot": {"sold"}},
	} {
		a := r.form(t, "/b/tok-0/book", form)
		want(t, a, http.StatusConflict)
		if !strings.Contains(a.body, "刚刚被约走") {
			t.Errorf("%s: the page does not say that the time was taken", path)
		}
		if near := strings.Contains(a.body, "最接近的可约时间"); near != (path == "sold in between") {
			t.Errorf("%s: the nearest time is offered: %v", path, near)
		}
	}
	for _, slot := range []string{"", "nonsense"} {
		a := r.form(t, "/b/tok-0/book", url.Values{"slot": {slot}})
		want(t, a, http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, "请选择一个时间") || !strings.Contains(a.body, `href="/b/tok-0?lang=en"`) {
			t.Errorf("slot %q: the page does not ask for a time, or its language switch leads nowhere", slot)
		}
	}
	holds(t, "an address that is old", r.get(t, "/b/tok-0?lang=en&slot=w-1@1796004001").body, "has just been taken", "Nearest free time")
	for _, query := range []string{"month=13", "day=x", "slot=x", "at=none", "at=w-2&month=2031-01", "day=2026-12-06"} {
		want(t, r.get(t, "/b/tok-0?"+query), http.StatusOK)
	}
}

// Two tabs of one customer: the older one shows what is not so any more.
func TestAFormShownEarlierChangesNothing(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	choose := func(path string) url.Values {
		return confirmation(t, r.get(t, links(r.get(t, path).body, "slot=")[0]).body)
	}
	before := choose("/b/tok-0?lang=en")
	want(t, r.form(t, "/b/tok-0/book", before), http.StatusSeeOther)
	stands := r.get(t, "/b/tok-0?lang=en").body
	other := links(r.get(t, "/b/tok-0?change=1&lang=en").body, "slot=")[2]
	slot := regexp.MustCompile(`slot=([^&#]+)`).FindStringSubmatch(other)[1]
	slot, _ = url.QueryUnescape(slot)
	for _, lang := range []string{"en", "zh"} {
		want(t, r.get(t, "/b/tok-0?lang="+lang), http.StatusOK)
		for path, form := range map[string]url.Values{
			"book":    {"visit": before["visit"], "slot": {slot}},
			"cancel":  {"visit": {"b-of-yesterday"}},
			"decline": {"visit": before["visit"], "why": {"price"}},
		} {
			a := r.form(t, "/b/tok-0/"+path, form)
			want(t, a, http.StatusConflict)
			holds(t, lang+" "+path, a.body, map[string][]string{
				"en": {"You already have ", ". Move it?"}, "zh": {"您已有 ", "要改到其他时间吗？"},
			}[lang]...)
			if path == "book" {
				confirmation(t, a.body)
			}
		}
	}
	if r.get(t, "/b/tok-0?lang=en").body != stands {
		t.Error("the visit is not as it was")
	}
	moving := choose("/b/tok-0?change=1")
	late := url.Values{"visit": moving["visit"], "slot": {"late"}}
	want(t, r.form(t, "/b/tok-0/book", late), http.StatusUnprocessableEntity)
	want(t, r.form(t, "/b/tok-0/cancel", url.Values{"visit": moving["visit"]}), http.StatusSeeOther)
	a := r.form(t, "/b/tok-0/book", moving)
	want(t, a, http.StatusConflict)
	holds(t, "cancelled elsewhere", a.body, "was cancelled meanwhile")
}

func TestCustomerGoesElsewhere(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/b/tok-0?lang=en").body
	there := links(page, "at=w-")
	if len(there) != 1 {
		t.Fatalf("other centres: %v", there)
	}
	holds(t, "nearby", page, "6.7 km from your own centre", "tel:+86", "openstreetmap.org/?mlat=31.2")
	holds(t, "nearby, zh", r.get(t, "/b/tok-0?lang=zh").body, "uri.amap.com/marker?")
	away := r.get(t, strings.Replace(there[0], "?", "?lang=en&", 1)).body
	form := confirmation(t, r.get(t, links(away, "slot=")[0]).body)
	booked := r.follow(t, r.form(t, "/b/tok-0/book", form))
	shop := regexp.MustCompile(`at=(w-\d)`).FindStringSubmatch(there[0])[1]
	if !strings.HasPrefix(form.Get("slot"), shop+"@") {
		t.Errorf("slot %v is not of %s", form["slot"], shop)
	}
	holds(t, "booked elsewhere", booked, "You're booked")
	ics := r.get(t, "/b/tok-0/calendar.ics")
	want(t, ics, http.StatusOK)
	if !strings.HasPrefix(ics.Header.Get("Content-Type"), "text/calendar") {
		t.Errorf("calendar is %s", ics.Header.Get("Content-Type"))
	}
}

func TestCustomerChangesConsent(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	saved := r.follow(t, r.form(t, "/b/tok-0/agree?lang=en", url.Values{"call": {"1"}}))
	holds(t, "consent", saved, `name="call" value="1" checked`, "in the ways you chose")
	if strings.Contains(saved, `name="sms" value="1" checked`) {
		t.Error("SMS is still agreed to")
	}
}

func TestOfferAsData(t *testing.T) {
	t.Parallel()
	r := startOutside(t, nil)
	m := decode[presage.FreeMonth](t, r.get(t, "/b/tok-0/days.json?month=2026-12"))
	times := decode[list[presage.Slot]](t, r.get(t, "/b/tok-0/times.json?day="+m.Days[0].Day)).Items
	if len(m.Days) != 31 || len(times) != 4 || !times[0].Start.Equal(m.Days[0].First) {
		t.Errorf("days %v, times %v", m.Days, times)
	}
	want(t, r.get(t, "/b/tok-0/days.json?month=x"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/b/forged/days.json?month=2026-12"), http.StatusForbidden)
	want(t, r.get(t, "/b/old/times.json?day=2026-12-01"), http.StatusGone)
}
