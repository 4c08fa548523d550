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

const policyPage = "/outreach/policy"

func (r *rig) putPolicyForm(t *testing.T, seen, document, by string) answer {
	t.Helper()
	return r.form(t, policyPage+"?lang=en", url.Values{"seen": {seen}, "document": {document}, "by": {by}, "note": {"winter"}})
}

// typed is what the editor of a page holds, whose first line end HTML drops.
func typed(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)<textarea[^>]*>\n(.*?)</textarea>`).FindStringSubmatch(page)
	if m == nil {
		t.Fatal("the page has no editor")
	}
	return html.UnescapeString(m[1])
}

func TestPolicyPageSaysThePolicyInWords(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for lang, words := range map[string][]string{
		"en": {
			"As configured (version 0)", "None was put yet", "Quiet hours and holidays", "21 o&#39;clock", "Caps", "30 days",
			"¥200", "15 minutes", "Times by which somebody acts", "50%", "Hold-out", "all workshops", "CN, DE",
		},
		"zh": {"按配置文件（第 0 版）", "免打扰时段与节假日", "21 点", "频率上限", "30 天", "15 分钟", "全部维修店", "CN、DE"},
	} {
		body := r.get(t, policyPage+"?lang="+lang).body
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: no %q", lang, word)
			}
		}
		if m := regexp.MustCompile(`<dt>[a-z_]+[._][a-z_.]+</dt>`).FindString(body); m != "" {
			t.Errorf("%s: a field without words: %s", lang, m)
		}
		if strings.Contains(body, `id="more"`) || strings.Contains(body, "<h3>More</h3>") {
			t.Errorf("%s: a field in no group", lang)
		}
	}
	if !strings.Contains(r.get(t, "/outbox?lang=en").body, `href="/outreach/policy"`) {
		t.Error("the messages' page does not lead to the policy")
	}
	// What the page shows to be edited is what is in force: nothing changes by it.
	want(t, r.putPolicyForm(t, "0", typed(t, r.get(t, policyPage).body), "Mia"), http.StatusSeeOther)
	if body := r.get(t, policyPage+"?lang=en").body; !strings.Contains(body, "Says the same") {
		t.Error("the document as it was shown says something else")
	}
}

// A document with faults is refused whole: all are named, and what was typed stays.
func TestPolicyPageKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const text = "format: 1 # mine <b>\ncap: {offers: 101}\nquiet_hours: {from: 24, holidays: {add: [CN, DE]}}\n" +
		"costs: {visit: {minor: 5, currency: EUR}, annoyance: {minor: 5, currency: EUR}}\npilot: {workshops: [w-none]}\nquiet: 3\n"
	a := r.putPolicyForm(t, "0", strings.ReplaceAll(text, "\n", "\r\n"), "Mia")
	want(t, a, http.StatusUnprocessableEntity)
	for _, place := range []string{
		"cap.offers", "quiet_hours.from", "quiet_hours.holidays.add[0]", "quiet_hours.holidays.add[1]", "quiet",
	} {
		if !strings.Contains(a.body, "<code>"+place+"</code>") {
			t.Errorf("the fault at %s is not named", place)
		}
	}
	if !strings.Contains(a.body, "Faults: 5.") || !strings.Contains(a.body, "<b>Offers to one customer, safety apart</b>") {
		t.Error("the faults are not counted, or not named in words")
	}
	if got := typed(t, a.body); got != text {
		t.Errorf("the editor holds %q, want what was typed", got)
	}
	for _, value := range []string{`name="by" value="Mia"`, `name="note" value="winter"`, `name="seen" value="0"`} {
		if !strings.Contains(a.body, value) {
			t.Errorf("the form lost %s", value)
		}
	}
	// What the document alone cannot tell is checked as the API does: currency and workshops.
	fits := "format: 1\ncosts: {visit: {minor: 5, currency: EUR}, annoyance: {minor: 5, currency: EUR}}\npilot: {workshops: [w-none]}\n"
	a = r.putPolicyForm(t, "0", fits, "Mia")
	want(t, a, http.StatusUnprocessableEntity)
	for _, place := range []string{"costs.visit.currency", "pilot.workshops[0]"} {
		if !strings.Contains(a.body, "<code>"+place+"</code>") {
			t.Errorf("the fault at %s is not named", place)
		}
	}
	want(t, r.putPolicyForm(t, "0", "format: 1\n", " "), http.StatusUnprocessableEntity)
	want(t, r.putPolicyForm(t, "x", "format: 1\n", "Mia"), http.StatusUnprocessableEntity)
	if p := decode[presage.Policy](t, r.get(t, "/v1/policy")); p.Version != 0 {
		t.Errorf("version %d is in force, want none stored", p.Version)
	}
}

func TestPolicyPagePutsAndGoesBack(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for i, document := range []string{"format: 1\ncap: {offers: 3}\n", `{"format":1,"cap":{"offers":3},"quiet_hours":{"from":22}}`} {
		a := r.putPolicyForm(t, string(rune('0'+i)), document, "Mia")
		want(t, a, http.StatusSeeOther)
		if body := r.get(t, a.Header.Get("Location")+"&lang=en").body; !strings.Contains(body, "It is in force") {
			t.Error("nothing is said of the policy that is in force")
		}
	}
	body := r.get(t, policyPage+"?lang=en").body
	for _, part := range []string{
		"Version 2", "Version 1", "Mia", "winter", "<del>21 o&#39;clock</del> → <ins>22 o&#39;clock</ins>", "<del>2</del> → <ins>3</ins>",
	} {
		if !strings.Contains(body, part) {
			t.Errorf("the versions lack %q", part)
		}
	}
	if n := strings.Count(body, "<del>"); n != 2 {
		t.Errorf("%d changes are shown, want one of each version", n)
	}
	old := r.get(t, policyPage+"?version=1&lang=en").body
	if !strings.Contains(old, "Put version 1 in force again") || !strings.Contains(old, "Not in force:") {
		t.Error("the page of an earlier version has no way back to it")
	}
	back := func(seen, version string) answer {
		return r.form(t, policyPage+"/back?lang=en", url.Values{"seen": {seen}, "version": {version}, "by": {"Li"}})
	}
	want(t, back("2", "9"), http.StatusNotFound)
	if a := back("1", "1"); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "Meanwhile somebody put version 2") {
		t.Errorf("status %d for who did not see version 2, want a conflict in words", a.StatusCode)
	}
	want(t, back("2", "1"), http.StatusSeeOther)
	now, first := decode[presage.Policy](t, r.get(t, "/v1/policy")), decode[presage.Policy](t, r.get(t, "/v1/policy?version=1"))
	if now.Version != 3 || now.By != "Li" || now.Note != "Back to version 1" || string(now.Document) != string(first.Document) {
		t.Errorf("in force: version %d by %s, %q, want version 1 as 3", now.Version, now.By, now.Note)
	}
	a := back("3", "1")
	want(t, a, http.StatusSeeOther)
	if !strings.Contains(a.Header.Get("Location"), "policy_same") {
		t.Errorf("the same once more leads to %s", a.Header.Get("Location"))
	}
	want(t, back("3", "0"), http.StatusSeeOther)
}

// Who was overtaken keeps what they typed, sees what the other one put, and may
// put theirs on top.
func TestPolicyPageAfterAnother(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	want(t, r.putPolicyForm(t, "0", "format: 1\ncap: {offers: 3}\n", "Li"), http.StatusSeeOther)
	const text = "format: 1\ncap: {offers: 4}\n"
	a := r.putPolicyForm(t, "0", text, "Mia")
	want(t, a, http.StatusConflict)
	if got := typed(t, a.body); got != text || !strings.Contains(a.body, `name="seen" value="1"`) {
		t.Errorf("the editor holds %q", got)
	}
	want(t, r.putPolicyForm(t, "1", typed(t, a.body), "Mia"), http.StatusSeeOther)
}

func TestPolicyPageIsForTheConsole(t *testing.T) {
	t.Parallel()
	form := url.Values{"seen": {"0"}, "document": {"format: 1\n"}, "by": {"Eve"}}
	out := startOutside(t, nil)
	for _, path := range []string{policyPage, policyPage + "/back"} {
		want(t, out.form(t, path, form), http.StatusForbidden)
		a := start(t, nil).form(t, path, form, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
		want(t, a, http.StatusForbidden)
	}
	want(t, out.get(t, policyPage), http.StatusUnauthorized)
	// The longest document passes the form, though escaping makes it longer; a longer one is refused.
	r := start(t, nil)
	long := "format: 1\n" + strings.Repeat("# 中文\n", 20_000)
	want(t, r.putPolicyForm(t, "0", long, "Mia"), http.StatusSeeOther)
	want(t, r.putPolicyForm(t, "1", strings.Repeat(long, 5), "Mia"), http.StatusUnprocessableEntity)
}

// The rules of coupons are a list of objects: each is said by what it takes off.
func TestPolicyPageSaysCoupons(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const text = "format: 1\ncoupons:\n- {name: spring, severity: [comfort], percent: 10, days: 30}\n" +
		"- {name: fluid, severity: [mobility], amount: {minor: 5000, currency: CNY}, days: 1}\n"
	want(t, r.putPolicyForm(t, "0", text, "Mia"), http.StatusSeeOther)
	if body := r.get(t, policyPage+"?lang=en").body; !strings.Contains(body, "spring (10% off, valid for 30 days), fluid (¥50 off, valid for 1 day)") {
		t.Error(regexp.MustCompile(`(?s)Coupons.{0,400}`).FindString(body))
	}
}
