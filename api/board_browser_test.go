//go:build integration

package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"presage"
)

// mostBoard is what the board may weigh with all it fetches, in bytes.
const mostBoard = 120_000

// An adviser's ways on the board, as wide as a desk and as a phone, in both languages,
// with scripts and without.
func TestBoardInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := start(t, nil)
		b := r.browse(t, w)
		b.asAdviser()
		b.open("/workshop?lang=" + lang)
		b.weighs("the board", mostBoard)
		b.shot("day")
		b.clean("the day")
		if w.script && w.width > 800 {
			b.moveByKeys()
			b.moveByDrag()
		} else {
			b.moveOnForm(w.width < 800)
		}
		b.blockAndSick()
		b.open("/workshop?view=week&by=technicians")
		b.shows(".weekboard")
		b.clean("the week")
		b.shot("week")
	})
}

// moveByKeys moves a visit one bay on and an hour later.
func (b *browser) moveByKeys() {
	t := b.t
	t.Helper()
	v := firstVisit(t, b.rig)
	b.open("/workshop?lang=en")
	grip := `[data-visit="` + v.ID + `"] .grip`
	b.do(chromedp.SetValue(`#mover [name=who]`, "Mia", chromedp.ByQuery), chromedp.Focus(grip, chromedp.ByQuery),
		chromedp.KeyEvent(kb.Enter))
	b.shows("#mover")
	b.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown),
		chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown))
	start := v.Start.Add(time.Hour).In(time.FixedZone("", 8*3600)).Format("15:04")
	if got := b.text("#mover b"); !strings.HasPrefix(got, start) {
		t.Errorf("four quarters down the visit would be at %q, want %s", got, start)
	}
	b.clean("in hand")
	b.shot("keys")
	b.do(chromedp.KeyEvent(kb.Escape), chromedp.WaitNotVisible("#mover", chromedp.ByQuery),
		chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	b.shows(".notice.ok")
	b.moved(v, v.Start.Add(15*time.Minute))
}

// moved checks the last move.
func (b *browser) moved(v presage.Booking, to time.Time) {
	t := b.t
	t.Helper()
	m := b.world.Moves[len(b.world.Moves)-1]
	if m.BookingID != v.ID || !m.Start.Equal(to) || m.Who != "Mia" || m.BayID == v.BayID {
		t.Errorf("moved %+v, want visit %s to %s and another bay than %s", m, v.ID, to, v.BayID)
	}
}

// moveByDrag drags a visit by its block to the free cell at the end of the day.
func (b *browser) moveByDrag() {
	t := b.t
	t.Helper()
	v := firstVisit(t, b.rig)
	b.open("/workshop?lang=en")
	var at struct{ X, Y, ToX, ToY float64 }
	// The block is grabbed in its first quarter.
	b.do(chromedp.SetValue(`#mover [name=who]`, "Mia", chromedp.ByQuery), chromedp.Evaluate(`(() => {
		const block = document.querySelector('[data-visit="`+v.ID+`"]'), to = document.querySelector('tr[data-time="14:00"] td[data-c="2"]');
		to.scrollIntoView({block: 'end'});
		const a = block.getBoundingClientRect(), b = to.getBoundingClientRect();
		return {X: a.left + a.width / 2, Y: a.top + 5, ToX: b.left + b.width / 2, ToY: b.top + b.height / 2};
	})()`, &at))
	mouse := func(kind input.MouseType, x, y float64) chromedp.Action {
		return input.DispatchMouseEvent(kind, x, y).WithButton(input.Left).WithClickCount(1)
	}
	b.do(mouse(input.MousePressed, at.X, at.Y), mouse(input.MouseMoved, at.X+9, at.Y+9), mouse(input.MouseMoved, at.ToX, at.ToY),
		mouse(input.MouseReleased, at.ToX, at.ToY))
	b.shows("#mover")
	if got := b.text("#mover b"); !strings.HasPrefix(got, "14:00") {
		t.Errorf("dropped at %q, want 14:00", got)
	}
	b.shot("dragged")
	b.press("#mover button", ".notice.ok")
	b.moved(v, time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))
}

// moveOnForm moves a visit as one does on a phone, or without scripts.
func (b *browser) moveOnForm(phone bool) {
	t := b.t
	t.Helper()
	v := firstVisit(t, b.rig)
	b.open("/workshop?lang=en")
	link := `.shift[href*="` + v.ID + `"]`
	if !phone {
		link = `[data-visit="` + v.ID + `"] .grip`
	}
	b.press(link, "#move")
	b.clean("the form of moves")
	b.do(chromedp.SetAttributeValue(`#move [name=time]`, "value", "17:00", chromedp.ByQuery),
		chromedp.SetAttributeValue(`#move [name=who]`, "value", "Mia", chromedp.ByQuery))
	b.press("#move button", ".notice.ok")
	if m := b.world.Moves[0]; !m.Start.Equal(time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("moved %+v, want 17:00 in Shanghai", m)
	}
}

// blockAndSick blocks a bay that a visit is in the way of, and calls in sick.
func (b *browser) blockAndSick() {
	t := b.t
	t.Helper()
	v := firstVisit(t, b.rig)
	b.open("/workshop?lang=en")
	block := `form[action="/workshop/block"]`
	b.do(chromedp.SetAttributeValue(block+` option[value="`+v.BayID+`"]`, "selected", "selected", chromedp.ByQuery),
		chromedp.SetAttributeValue(block+` [name=note]`, "value", "Lift", chromedp.ByQuery),
		chromedp.SetAttributeValue(block+` [name=who]`, "value", "Mia", chromedp.ByQuery))
	b.press(block+" button", ".button.danger")
	b.clean("visits in the way")
	b.shot("in the way")
	b.press(block+" button", "#fates")
	b.clean("blocked")
	b.shot("blocked")
	b.press(`form[action="/workshop/sick"] button`, "#fates")
	b.clean("a sick call")
	want(t, b.get(t, "/workshop"), http.StatusOK)
}
