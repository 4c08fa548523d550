package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"presage/api/apitest"
)

// A person reads the queue, opens what waits first, answers it, and finds it closed.
func TestConversationPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/outreach/conversations"
	queue := r.get(t, path+"?lang=en")
	want(t, queue, http.StatusOK)
	one := regexp.MustCompile(path + `/[\w-]+`).FindString(queue.body)
	if one == "" || !strings.Contains(queue.body, "overdue") || !strings.Contains(queue.body, `class="badge"`) {
		t.Fatalf("the queue shows nothing that waits: %s", queue.body)
	}
	page := r.get(t, one)
	for _, part := range []string{"bubble in", "bubble out", "Not understood", `name="text"`, "/cases/K"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the conversation lacks %q", part)
		}
	}
	form := url.Values{"who": {"Mia"}, "text": {"Yes, we keep a car for you."}, "key": {"k1"}, "channel": {"sms"}}
	want(t, r.form(t, one+"/messages", form), http.StatusSeeOther)
	page = r.get(t, one+"?notice=said")
	for _, part := range []string{"Yes, we keep a car for you.", "The answer is on its way.", "Open again"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the answered conversation lacks %q", part)
		}
	}
	want(t, r.form(t, one+"/actions", url.Values{"who": {"Mia"}, "action": {"reopen"}}), http.StatusSeeOther)
	want(t, r.form(t, one+"/actions", url.Values{"who": {"Mia"}, "action": {"snooze"}, "for": {"4h"}}), http.StatusSeeOther)
	want(t, r.form(t, one+"/actions", url.Values{"who": {"Mia"}, "action": {"snooze"}}), http.StatusUnprocessableEntity)
	stopped := path + "/" + apitest.StoppedCustomer
	if page := r.get(t, stopped); strings.Contains(page.body, `name="text"`) || !strings.Contains(page.body, "may not be written to") {
		t.Error("who said STOP can be written to")
	}
	form.Set("key", "k2")
	want(t, r.form(t, stopped+"/messages", form), http.StatusConflict)
	want(t, r.get(t, path+"/nobody"), http.StatusNotFound)
}
