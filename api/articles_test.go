package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

type article struct {
	ID        string
	Text      string
	Score     float64
	Suggested int
	Used      int
	Edited    int
}

func TestArticles(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/articles"
	for query, id := range map[string]string{
		"?q=brake": "brake-wear", "?lang=zh&q=" + url.QueryEscape("刹车"): "brake-wear", "?q=loan+car": "loaner",
	} {
		got := decode[list[article]](t, r.get(t, path+query))
		if len(got.Items) == 0 || got.Items[0].ID != id || got.Items[0].Score <= 0 {
			t.Errorf("%s finds %+v, want %s first", query, got.Items, id)
		}
	}
	first := decode[list[article]](t, r.get(t, path+"?limit=3"))
	if len(first.Items) != 3 || first.Next == "" {
		t.Errorf("the first page is %+v", first)
	}
	want(t, r.get(t, path+"?limit=3&after="+first.Next), http.StatusOK)
	want(t, r.get(t, path+"?after=none"), http.StatusUnprocessableEntity)
	want(t, r.do(t, http.MethodPut, path+"/tyres/en", `{"title":"Winter tyres","text":"We store yours.","keywords":"snow"}`),
		http.StatusOK)
	if got := decode[list[article]](t, r.get(t, path+"?q=snow")); len(got.Items) != 1 || got.Items[0].Text != "We store yours." {
		t.Errorf("what was put is not found: %+v", got.Items)
	}
	bad := r.do(t, http.MethodPut, path+"/x/en", `{"title":"","text":""}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"body.title", "body.text"} {
		if !strings.Contains(bad.body, field) {
			t.Errorf("%s is not named in %s", field, bad.body)
		}
	}
	for _, gone := range []string{"/tyres/en", "/loaner/en"} { // of the API, and of a file
		want(t, r.do(t, http.MethodDelete, path+gone, ""), http.StatusNoContent)
		want(t, r.do(t, http.MethodDelete, path+gone, ""), http.StatusNotFound)
		want(t, r.get(t, path+gone), http.StatusNotFound)
	}
}

// A suggestion is inserted by a link, sent as it stands or edited, and counted once.
func TestSuggestedAnswer(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/outreach/conversations"
	queue := r.get(t, path+"?lang=en").body
	for _, one := range regexp.MustCompile(path+`/c-[\w-]+`).FindAllString(queue, 2) {
		page := r.get(t, one).body
		insert := regexp.MustCompile(`\?insert=(loaner/\w+)`).FindStringSubmatch(page)
		if insert == nil {
			t.Fatalf("no answer is suggested about a loan car: %s", page)
		}
		page = r.get(t, one+"?insert="+insert[1]).body
		if !strings.Contains(page, `name="article" value="`+insert[1]) || !regexp.MustCompile(`required>[^<]{40,}</textarea>`).MatchString(page) {
			t.Fatalf("the answer is not inserted: %s", page)
		}
		r.get(t, one) // shown again it is the same suggestion
		form := url.Values{"who": {"Mia"}, "text": {"Yes."}, "key": {one}, "channel": {"sms"}, "article": {insert[1]}}
		want(t, r.form(t, one+"/messages", form), http.StatusSeeOther)
		got := decode[article](t, r.get(t, "/v1/articles/"+insert[1]))
		if got.Suggested < 1 || got.Used != 0 || got.Edited < 1 {
			t.Errorf("counted %+v, want it suggested and sent edited", got)
		}
	}
	page := r.get(t, "/outreach/articles?lang=en&q="+url.QueryEscape("代步车"))
	want(t, page, http.StatusOK)
	if !strings.Contains(page.body, "代步车") || strings.Contains(page.body, "Opening hours") {
		t.Error("the search of the page finds something else")
	}
	want(t, r.get(t, "/outreach/articles?lang=zh"), http.StatusOK)
}
