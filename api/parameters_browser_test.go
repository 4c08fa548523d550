//go:build integration

package api_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// A rule is set on the page, as wide as a desk and as a phone, with scripts and without.
func TestParametersInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		b.open("/parts/parameters?lang=" + lang)
		b.clean("no parameters")
		b.do(chromedp.SetValue(`[name=part]`, "BP-F-2041", chromedp.ByQuery), chromedp.SetValue(`[name=min]`, "3", chromedp.ByQuery),
			chromedp.SetValue(`[name=service_level]`, "97.5", chromedp.ByQuery), chromedp.SetValue(`[name=who]`, "Mia", chromedp.ByQuery),
			chromedp.Click(`button.primary`, chromedp.ByQuery))
		b.shows(".notice.ok")
		b.clean("a rule")
		b.do(chromedp.SetValue(`[name=supplier_id]`, "nord", chromedp.ByQuery), chromedp.SetValue(`[name=name]`, "Nordbrake", chromedp.ByQuery),
			chromedp.SetValue(`[name=closures]`, "2026-12-24 2027-01-01 Christmas", chromedp.ByQuery),
			chromedp.SetValue(`#supplier [name=who]`, "Mia", chromedp.ByQuery), chromedp.Click(`button[value=supplier]`, chromedp.ByQuery))
		b.shows("#sources")
		b.clean("a supplier")
		b.shot("parameters")
	})
}
