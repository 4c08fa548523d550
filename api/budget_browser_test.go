//go:build integration

package api_test

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The curve of value against fill, as wide as a desk and as a phone, with scripts and without:
// another sum is asked for on it.
func TestBudgetInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		b.open("/parts/budget?lang=" + lang)
		b.clean("the budget")
		b.shot("budget")
		b.do(chromedp.SetValue(`[name=money]`, "900", chromedp.ByQuery), chromedp.Click(`form.inline button`, chromedp.ByQuery))
		b.shows(`[name=money][value="900"]`)
		b.clean("less money")
	})
}
