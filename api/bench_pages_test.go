package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"presage"
)

// The card says who pays: what an adviser let off, and what is left of the full price.
func TestJobCardTellsWhoPays(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	r.world.Grant(c.ID, presage.Goodwill{Percent: 25, Why: "long wait <b>", By: "Mia", At: now()})
	for lang, words := range map[string][]string{
		"en": {"523.50", "of ¥698 in full", "Goodwill of 25 %, granted by Mia", "long wait &lt;b&gt;"},
		"zh": {"523.50", "全价", "善意减免 25%，由 Mia 批准"},
	} {
		page := r.get(t, "/job/"+id+"?lang="+lang).body
		for _, w := range words {
			if !strings.Contains(page, w) {
				_, at, _ := strings.Cut(page, "job-facts")
				t.Errorf("%s: the card lacks %q: %.900s", lang, w, at)
			}
		}
	}
	card := decode[presage.JobCard](t, r.get(t, "/v1/bookings/"+id+"/job"))
	if card.Full.Minor != 69800 || card.Price.Minor != 52350 || card.Goodwill == nil || card.Goodwill.By != "Mia" {
		t.Errorf("the card says %+v of %+v, %+v", card.Price, card.Full, card.Goodwill)
	}
}

// What a dealer's system holds stands on the board with its name, and nobody can take it back here.
func TestDealersVisitOnTheBoard(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	from := time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC)
	r.world.Held = []presage.Stretch{{
		ID: "dms-1/A-3001.w-1-b3", Resource: "w-1-b3", From: from, To: from.Add(time.Hour), Note: "A-3001 · tyre change", Source: "dms-1",
	}}
	page := r.get(t, "/workshop?lang=en&id=w-1&day=2026-11-21").body
	for _, w := range []string{`class="shut dealer" rowspan="4"`, "14:00–15:00 dms-1", "A-3001 · tyre change", "not to be moved here"} {
		if !strings.Contains(page, w) {
			t.Errorf("the board lacks %q", w)
		}
	}
	if strings.Contains(page, `name="block"`) {
		t.Error("the dealer's visit can be taken back here")
	}
	if a := r.get(t, "/v1/workshops/w-1/board?day=2026-11-21").body; !strings.Contains(a, `"source":"dms-1"`) {
		t.Errorf("the board by API lacks it: %.600s", a)
	}
}

// A car that is here can be given another bay on the board, at the same time.
func TestArrivedCarChangesItsBay(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	_, id := atWork(t, r)
	b := decode[presage.Booking](t, r.get(t, "/v1/bookings/"+id))
	day := b.Start.Format("2006-01-02")
	page := r.get(t, "/workshop?lang=en&id="+b.WorkshopID+"&day="+day+"&visit="+id).body
	_, form, _ := strings.Cut(page, `id="move"`)
	form, _, _ = strings.Cut(form, "</form>")
	for _, w := range []string{"The car is here", `name="on" value="` + day + `"`, `<select name="bay">`} {
		if !strings.Contains(form, w) {
			t.Errorf("the form lacks %q: %s", w, form)
		}
	}
	if strings.Contains(form, `type="time"`) {
		t.Error("the time of a car that is here can be changed")
	}
	want(t, r.form(t, "/workshop/move", url.Values{
		"id": {b.WorkshopID}, "visit": {id}, "on": {day}, "time": {b.Start.Add(8 * 3600e9).Format("15:04")}, "bay": {"w-1-b3"}, "technician": {"w-1-t2"}, "who": {"Mia"},
	}), http.StatusSeeOther)
}
