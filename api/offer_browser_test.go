//go:build integration

package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"presage"
)

// mostPage is what the customer's page may weigh with all it fetches, in bytes.
const mostPage = 60_000

// The customer's ways, each in a browser as wide as a desk and as a phone, in both
// languages, with scripts and without.
func TestCustomerInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := startOutside(t, nil)
		b := r.browse(t, w)
		b.chooseMoveCancel(lang)
		b.staleTab()
		b.soldOut()
		b.gone()
	})
}

// chooseMoveCancel takes any day, moves the visit, cancels it, and takes that back.
func (b *browser) chooseMoveCancel(lang string) {
	t := b.t
	t.Helper()
	b.open("/b/tok-0?lang=" + lang)
	b.weighs("the page", mostPage)
	b.shot("choose")
	b.clean("choose")
	b.press(`a[href*="month=2026-12"]`, `a[href*="day=2026-12-15"]`)
	b.press(`a[href*="day=2026-12-15"]`, `#times a.time`)
	b.press(`#times li:nth-child(2) a`, `#confirm`)
	b.shot("chosen")
	b.clean("chosen")
	when := b.text("#bar b")
	if want := map[string]string{"en": "Tue 15 Dec 10:30", "zh": "12月15日 周二 10:30"}[lang]; when != want {
		t.Errorf("the bar says %q, want %q", when, want)
	}
	b.do(chromedp.SendKeys(`#confirm input[value=wait]`, " ", chromedp.ByQuery))
	b.press(`#bar button`, `a[href$="calendar.ics"]`)
	b.shot("booked")
	b.clean("booked")
	b.press(`a[href*="change=1"]`, `#booker`)
	b.press(`#booker a.pick`, `#confirm`)
	b.press(`#bar button`, `.sheet-card.ok .undo button`)
	b.clean("moved")
	b.shot("moved")
	b.press(`.undo button`, `.sheet-card.ok:not(:has(.undo)) .when`)
	if day := b.text(".when b"); !strings.HasPrefix(when, day) {
		t.Errorf("taken back: the visit is on %q, want that of %q", day, when)
	}
	b.do(chromedp.SendKeys(`summary:not(#ways summary)`, kb.Enter, chromedp.ByQuery))
	b.press(`.button.danger`, `.outcome .undo button`)
	b.shot("cancelled")
	b.clean("cancelled")
	b.press(`.undo button`, `a[href$="calendar.ics"]`)
	b.clean("cancelled and taken back")
}

// staleTab confirms on a page that was opened before the visit was moved elsewhere.
func (b *browser) staleTab() {
	t := b.t
	t.Helper()
	b.open("/b/tok-0?change=1")
	b.press(`#booker a.pick`, `#confirm`)
	other := b.free(3)
	want(t, b.form(t, "/b/tok-0/book", url.Values{"slot": {other}}), http.StatusSeeOther)
	b.press(`#bar button`, `.notice.watch`)
	b.clean("a stale tab")
	b.shot("stale")
	var visits []presage.Booking
	visits, err := b.world.Bookings(t.Context(), presage.BookingFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visits {
		if id := fmt.Sprintf("%s@%d", v.WorkshopID, v.Start.Unix()); v.ID[:2] == "b-" && id == other && v.State != presage.BookingConfirmed {
			t.Errorf("the stale tab changed the visit at %s: it is %s", other, v.State)
		}
	}
}

// free is a time of a later day.
func (b *browser) free(days int) string {
	b.t.Helper()
	slots, err := b.world.Slots(b.t.Context(), "w-1", nil, now().AddDate(0, 0, days), now().AddDate(0, 0, days+3), 9)
	if err != nil || len(slots) == 0 {
		b.t.Fatalf("no slots: %v", err)
	}
	return slots[0].ID
}

// soldOut chooses a time that somebody else takes meanwhile.
func (b *browser) soldOut() {
	t := b.t
	t.Helper()
	b.open("/b/tok-2")
	b.press(`#booker a.pick`, `#confirm`)
	b.world.Take(now().AddDate(0, 0, 1), now().AddDate(0, 0, 4))
	b.press(`#bar button`, `a.pick.near`)
	b.clean("sold while it was looked at")
	b.shot("sold")
	b.world.Take(now(), now().AddDate(0, 3, 0))
	b.open("/b/tok-2")
	b.shows(`#booker .notice.watch`)
	b.clean("sold out")
	b.shot("soldout")
	b.world.Take(now(), now())
}

// gone opens links that have ended.
func (b *browser) gone() {
	b.t.Helper()
	b.open("/b/old")
	b.shows("h1")
	b.clean("an old link")
	b.world.Expire("tok-4")
	b.open("/b/tok-4")
	b.shows(`.shop a[href^="tel:"]`)
	b.clean("an offer that ran out")
	b.shot("expired")
}
