//go:build integration

package api_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A planner's Monday, as wide as a desk and as a phone, in both languages, with scripts and
// without: the page holds, and a decision is taken on it.
func TestMonthInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		b.open("/parts/month?lang=" + lang)
		b.clean("the month")
		b.shot("month")
		b.do(chromedp.Click(`[name=pick]`, chromedp.ByQuery), chromedp.SetValue(`input[type=number]`, "3", chromedp.ByQuery),
			chromedp.SetValue(`[name=why]`, "A campaign", chromedp.ByQuery), chromedp.SetValue(`[name=who]`, "Mia", chromedp.ByQuery),
			chromedp.Click(`button[value=place]`, chromedp.ByQuery))
		b.shows(".notice.ok")
		b.clean("decided")
	})
}
