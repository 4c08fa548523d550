package api_test

import (
	"html"
	"net/http"
	"strings"
	"testing"

	"presage"
)

// toldCase is a case with its reasons in words.
type toldCase struct {
	Events []struct {
		Why    string         `json:"why"`
		Reason presage.Reason `json:"reason"`
		To     string         `json:"to"`
	} `json:"events"`
	Messages []toldMessage `json:"messages"`
}

type toldMessage struct {
	ID     string         `json:"id"`
	Body   string         `json:"body"`
	Why    string         `json:"why"`
	Reason presage.Reason `json:"reason"`
}

// Pages and API tell an alert in the reader's language and the workshop's
// time: 01:30 UTC is 09:30 in Shanghai.
func TestAlertIsToldInTheLanguageOfItsReader(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	id := decode[list[presage.Case]](t, r.get(t, "/v1/cases?state=escalated")).Items[0].ID
	zh := "高压绝缘失效（42 ohm/V），11月21日周六09:30开始；请致电客户"
	en := "High-voltage insulation lost (42 ohm/V), since Sat 21 Nov 09:30. Call the customer"
	for lang, tc := range map[string]struct{ want, foreign string }{"zh": {zh, en}, "en": {en, zh}} {
		page := html.UnescapeString(r.get(t, "/cases/"+id+"?lang="+lang).body)
		if !strings.Contains(page, tc.want) || strings.Contains(page, tc.foreign) {
			t.Errorf("the page in %s does not say %q", lang, tc.want)
		}
	}
	for accept, want := range map[string]string{"zh-CN,zh;q=0.9": zh, "en-GB": en, "fr": en, "": en} {
		got := decode[toldCase](t, r.get(t, "/v1/cases/"+id, "Accept-Language", accept)).Events[0]
		if got.Why != want || got.To != "open" || got.Reason.Code != presage.WhyAlert || got.Reason.Args["value"] != "42" {
			t.Errorf("Accept-Language %q: %+v, want %q", accept, got, want)
		}
	}
}

// A message that was held back says why; one that went out says nothing.
func TestHeldMessageSaysWhy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for accept, want := range map[string]string{
		"zh": "已达邀约频次上限", "en": "The customer has had as many offers as the limit allows",
	} {
		held := decode[list[toldMessage]](t, r.get(t, "/v1/messages?state=suppressed", "Accept-Language", accept)).Items
		if len(held) == 0 {
			t.Fatal("the world has no message that was held back")
		}
		if m := held[0]; m.Why != want || m.Reason.Code != presage.WhyCapped || m.ID == "" || m.Body == "" {
			t.Errorf("Accept-Language %q: %+v, want %q", accept, m, want)
		}
	}
	a := r.get(t, "/v1/messages?state=delivered")
	want(t, a, http.StatusOK)
	if strings.Contains(a.body, `"why"`) {
		t.Error("a message that went out has a reason")
	}
}
