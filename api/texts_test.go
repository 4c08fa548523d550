package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"presage/internal/wording"
)

func TestTextsPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for lang, words := range map[string][]string{
		"en": {"Message texts", "Norvik Service: Hello", "【诺维克服务】", "GSM-7 · SMS parts: ", "characters left", "Check the files again"},
		"zh": {"消息文案", "【诺维克服务】", "UCS-2 · ", "重新检查"},
	} {
		body := r.get(t, "/outreach/templates?lang="+lang).body
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s: no %q", lang, word)
			}
		}
		if got, want := strings.Count(body, `class="bubble sent"`), 6*len(wording.Kinds()); got != want {
			t.Errorf("%s: %d texts, want %d: SMS, push and e-mail of each kind in two languages", lang, got, want)
		}
	}
	if !strings.Contains(r.get(t, "/outbox?lang=en").body, `href="/outreach/templates"`) {
		t.Error("the messages' page does not lead to their texts")
	}
}

// Faults are shown by their place; without one the texts count.
func TestTextsAreCheckedAgain(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	r.world.TextFaults = []wording.Fault{{File: "a.yaml", Line: 7, Key: "message.text.offer", Lang: "en", What: "must say <how> to stop"}}
	a := r.form(t, "/outreach/templates?lang=en", nil)
	want(t, a, http.StatusUnprocessableEntity)
	for _, word := range []string{"1 fault: nothing was changed", "message.text.offer en", "a.yaml:7", "must say &lt;how&gt; to stop"} {
		if !strings.Contains(a.body, word) {
			t.Errorf("no %q", word)
		}
	}
	r.world.TextFaults = nil
	a = r.form(t, "/outreach/templates", nil)
	want(t, a, http.StatusSeeOther)
	if got := r.get(t, a.Header.Get("Location")+"&lang=en").body; !strings.Contains(got, "their texts count from now on") {
		t.Error("nothing is said of the texts that count now")
	}
}

func TestListTexts(t *testing.T) {
	t.Parallel()
	var got struct{ Items []wording.Preview }
	a := start(t, nil).get(t, "/v1/outreach/templates", "X-API-Key", adminKey)
	if err := json.Unmarshal([]byte(a.body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Items) != 2*len(wording.Kinds()) {
		t.Fatalf("%d texts", len(got.Items))
	}
	for _, p := range got.Items {
		if p.SMS == "" || p.Push == "" || p.Segments < 1 || p.Segments > 3 || p.Left < 0 {
			t.Errorf("%+v", p)
		}
	}
}
