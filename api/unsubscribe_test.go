package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// RFC 8058: opening the link changes nothing, one POST ends e-mails, from whatever
// site it comes and without a cookie.
func TestUnsubscribe(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for range 2 {
		body := r.get(t, "/u/mail").body
		if !strings.Contains(body, "No more e-mails?") || !strings.Contains(body, `<form method="post">`) {
			t.Errorf("the page is %s", body)
		}
	}
	want(t, r.do(t, http.MethodHead, "/u/mail", ""), http.StatusOK)
	if len(r.world.Unsubscribed) != 0 {
		t.Fatalf("a look at the page ended e-mails: %v", r.world.Unsubscribed)
	}
	one, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.URL+"/u/mail",
		strings.NewReader(url.Values{"List-Unsubscribe": {"One-Click"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	one.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	one.Header.Set("Origin", "https://webmail.example")
	one.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(one)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || len(r.world.Unsubscribed) != 1 {
		t.Errorf("one click: %d, %v", answer.StatusCode, r.world.Unsubscribed)
	}
	a := r.form(t, "/u/mail?lang=zh", nil)
	if want(t, a, http.StatusOK); !strings.Contains(a.body, "已退订") {
		t.Errorf("the page is %s", a.body)
	}
	want(t, r.form(t, "/u/old", nil), http.StatusGone)
	want(t, r.form(t, "/u/forged", nil), http.StatusForbidden)
}
