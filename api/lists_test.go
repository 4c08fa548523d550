package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Every list, read page by page, holds what it holds in one page, each row
// once, and the last page says that it is the last.
func TestListsPageByPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for range 3 { // overrides, the last of which stands
		want(t, r.json(t, "/v1/parts/overrides", fmt.Sprintf(
			`{"part":"BP-F-2041","depot_id":"d-east","mean":9,"days":30,"until":%q,"by":"Zhao","why":"campaign"}`,
			now().AddDate(0, 0, 20).Format("2006-01-02"))), http.StatusCreated)
	}
	for path, cursor := range map[string]string{
		"/v1/vehicles?": "after", "/v1/vehicles?status=due": "after", "/v1/cases?": "before", "/v1/messages?": "before", "/v1/notices?": "before",
		"/v1/bookings?": "after", "/v1/alerts?firing=false": "after", "/v1/dead-letters?": "after",
		"/v1/vehicles/held?": "after", "/v1/parts/overrides?": "after", "/v1/parts/forecast?": "after",
		"/v1/parts/reorder?all=true": "after", "/v1/parts/budget?money=500000": "after", "/v1/conversations?": "after", "/v1/vehicles/" + vin() + "/labels?": "after",
		"/v1/slots?workshop=w-1&jobs=brake_pads_front_replace": "after",
	} {
		whole := decode[list[json.RawMessage]](t, r.get(t, path+"&limit=200"))
		if len(whole.Items) == 0 && !strings.Contains(path, "labels") {
			t.Errorf("%s is empty", path)
		}
		for _, size := range []int{1, 2, max(1, len(whole.Items))} {
			var got []string
			next := ""
			for range 300 {
				p := decode[list[json.RawMessage]](t, r.get(t, fmt.Sprintf("%s&limit=%d&%s=%s", path, size, cursor, next)))
				for _, row := range p.Items {
					got = append(got, string(row))
				}
				if next = p.Next; next == "" {
					break
				}
			}
			if next != "" || len(got) != len(whole.Items) {
				t.Fatalf("%s by %d: %d rows, want %d; next %q", path, size, len(got), len(whole.Items), next)
			}
			for i, row := range whole.Items {
				if got[i] != string(row) {
					t.Fatalf("%s by %d: row %d differs", path, size, i)
				}
			}
		}
	}
}

func TestWrongCursors(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, query := range []string{
		"cases?before=none", "messages?before=none", "bookings?after=none", "alerts?after=none", "alerts?after=WyJhIl0",
		"vehicles/held?after=none", "parts/overrides?after=none", "parts/forecast?after=none", "parts/reorder?after=none",
		"vehicles/" + vin() + "/labels?after=none", "dead-letters?after=none",
		"slots?workshop=w-1&jobs=brake_pads_front_replace&after=w-2@1", "slots?workshop=w-1&jobs=brake_pads_front_replace&after=x",
		// A filter that is misspelt must not select everything.
		"vehicles?limt=1", "cases?State=open", "parts/forecast?limits=3", "overview?x=", "slots?workshop=w-1&jobs=x&y=1",
	} {
		want(t, r.get(t, "/v1/"+query), http.StatusUnprocessableEntity)
	}
}

// A table as CSV is whole, or says in a header where it goes on.
func TestTableTellsThatItIsCut(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	link, lines := "?limit=5", 0
	for link != "" {
		a := r.get(t, "/v1/parts/forecast"+link, "Accept", "text/csv")
		want(t, a, http.StatusOK)
		rows, err := csv.NewReader(strings.NewReader(a.body)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		lines += len(rows) - 1
		link, _ = strings.CutSuffix(a.Header.Get("Link"), `>; rel="next"`)
		link = strings.TrimPrefix(link, "<")
	}
	if lines != 7*3 { // 7 parts at 3 depots
		t.Errorf("%d lines over all pages, want 21", lines)
	}
}
