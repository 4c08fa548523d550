package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// TestPreferredChannels: a person changes the order in which a customer wants to be
// told; their name stays in the history, and a page from before another change changes
// nothing.
func TestPreferredChannels(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const page = "/customers/c-1"
	seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(r.get(t, page).body)
	if len(seen) == 0 {
		t.Fatal("the form does not say which consent it shows")
	}
	form := func(who string, channels ...string) url.Values {
		return url.Values{"seen": {seen[1]}, "who": {who}, "note": {"on the phone"}, "channel": channels}
	}
	for name, bad := range map[string]url.Values{
		"twice":       form("Mia", "sms", "sms", ""),
		"a call":      form("Mia", "call", "", ""),
		"nobody":      form(" ", "sms"),
		"no time":     {"who": {"Mia"}, "channel": {"sms"}},
		"two lines":   form("Mia\nLi", "sms"),
		"a long name": form(strings.Repeat("M", 101), "sms"),
	} {
		if a := r.form(t, page+"/preferred", bad); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
	}
	saved := r.follow(t, r.form(t, page+"/preferred?lang=en", form("Mia", "sms", "", "push")))
	holds(t, "saved", saved, "The order is saved", "Mia: on the phone", `<option value="sms" selected>`)
	late := r.follow(t, r.form(t, page+"/preferred?lang=en", form("Li", "push", "", "")))
	holds(t, "late", late, "Nothing has been saved", "Mia: on the phone")
	if strings.Contains(late, "Li: on the phone") {
		t.Error("a page from before the change has changed it")
	}
	want(t, r.form(t, "/customers/nobody/preferred", form("Mia", "sms")), http.StatusNotFound)
}

// TestMarkedAsRead: only the button says that a conversation was read.
func TestMarkedAsRead(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const one = "/outreach/conversations/c-1"
	want(t, r.get(t, one), http.StatusOK)
	if saw := r.world.Saw(); len(saw) != 0 {
		t.Errorf("the page alone counts: %v", saw)
	}
	holds(t, "read", r.follow(t, r.form(t, one+"/read?lang=en", url.Values{})), "Marked as read")
	if saw := r.world.Saw(); len(saw) != 1 || saw[0] != "c-1" {
		t.Errorf("read: %v", saw)
	}
}
