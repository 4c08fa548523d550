//go:build integration

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"presage"
	"presage/api/apitest"
)

// What pages may weigh with all they fetch, in bytes: a page of the console (its scripts
// draw charts), and one of a customer.
const (
	mostDesk     = 200_000
	mostCustomer = 60_000
)

// bearer shows a key with all that the browser asks for.
func (b *browser) bearer(key string) {
	b.t.Helper()
	b.do(network.SetExtraHTTPHeaders(network.Headers{"Authorization": "Bearer " + key}))
}

// looks opens a page, and looks at its weight, its faults and its words.
func (b *browser) looks(what, path string, most int64, words ...string) {
	b.t.Helper()
	b.open(path)
	b.weighs(what, most)
	b.clean(what)
	b.shot(what)
	b.says(what, words...)
}

// says tells that the page holds words.
func (b *browser) says(what string, words ...string) {
	b.t.Helper()
	var page string
	b.do(chromedp.OuterHTML("main", &page, chromedp.ByQuery))
	for _, w := range words {
		if !strings.Contains(page, w) {
			b.t.Errorf("%s: the page does not say %q", what, w)
		}
	}
}

// fills types into the first field of a name.
func (b *browser) fills(name, text string) {
	b.t.Helper()
	b.do(chromedp.SetAttributeValue(`main [name="`+name+`"]`, "value", "", chromedp.ByQuery),
		chromedp.SendKeys(`main [name="`+name+`"]`, text, chromedp.ByQuery))
}

// pick is what a test says in each language.
func pick(lang, zh, en string) string {
	if lang == "zh" {
		return zh
	}
	return en
}

// Whoever answers for rescues takes one, and the customer sees how far it is.
func TestRescuesInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := start(t, nil)
		want(t, r.json(t, "/v1/cases/"+openCase(t, r)+"/rescue", `{"who": "Li Na"}`), http.StatusOK)
		b := r.browse(t, w)
		b.looks("a rescue, customer", "/r/"+apitest.RescueToken+"?lang="+lang, mostCustomer, pick(lang, "双闪", "hazard lights"))
		b.asAdviser()
		b.looks("rescues", "/rescue?lang="+lang, mostDesk, pick(lang, "道路救援", "Roadside rescue"))
		b.fills("who", "Chen Wei")
		b.fills("minutes", "20")
		b.press(`main button[value="on_the_way"]`, `main button[value="arrived"]`)
		b.clean("a rescue that was taken")
		b.says("a rescue that was taken", "Chen Wei", pick(lang, "在途", "On the way"))
		b.open("/r/" + apitest.RescueToken)
		b.says("help is on the way", pick(lang, "救援网点", "Partner"))
		b.do(chromedp.SendKeys("main details summary", " ", chromedp.ByQuery))
		b.press("main details button.danger", "main .timeline")
		b.clean("a rescue that its customer called off")
		b.says("a rescue that its customer called off", pick(lang, "已取消", "called off"))
	})
}

// A planner receives some pieces of an order and counts a shelf.
func TestOrdersInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		r := b.rig
		b.looks("orders", "/orders?lang="+lang, mostDesk, "po-1", pick(lang, "采购订单", "Purchase orders"))
		b.looks("reorder", "/parts/reorder", mostDesk)
		b.looks("an order", "/orders/po-1", mostDesk)
		b.fills("who", "Li Na")
		b.fills("pieces-1", "999")
		b.press(`main button[value="receive"]`, ".notice.due")
		b.clean("more than is left")
		b.open("/orders/po-1")
		b.fills("who", "Li Na")
		b.fills("pieces-1", "3")
		b.press(`main button[value="receive"]`, "#acts")
		b.clean("three received")
		b.says("three received", "Li Na", pick(lang, "部分到货", "Partly received"))
		b.looks("the ledger", "/stock", mostDesk, pick(lang, "库存台账", "Stock ledger"))
		if o := decode[presage.Order](t, r.get(t, "/v1/orders/po-1")); o.Lines[0].Received != 3 {
			t.Errorf("received %d, want 3", o.Lines[0].Received)
		}
	})
}

// A manager makes an account with a key, and the person finds what is theirs.
func TestAccountsInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		b.looks("accounts", "/accounts?lang="+lang, mostDesk)
		b.fills("id", "admin")
		b.fills("name", "Zhao Min")
		b.press("main form .button.primary", "main .notice.due")
		b.clean("an account that cannot be")
		b.do(chromedp.SendKeys(`main [name="id"]`, kb.End+strings.Repeat(kb.Backspace, 5)+"zhao", chromedp.ByQuery))
		b.do(chromedp.SendKeys(`main [name="role"][value="adviser"]`, " ", chromedp.ByQuery))
		b.press("main form .button.primary", `form[action="/accounts/zhao/key"]`)
		b.clean("an account")
		b.press(`form[action="/accounts/zhao/key"] button`, "code.made")
		b.clean("a key")
		b.shot("a key")
		b.bearer(b.text("code.made"))
		b.looks("mine", "/mine", mostDesk)
		b.asTechnician()
		b.looks("mine, technician", "/mine", mostDesk)
		b.open("/accounts")
		b.quiet403("accounts, technician")
	})
}

// asTechnician shows the key of somebody who may not do much.
func (b *browser) asTechnician() {
	b.t.Helper()
	b.bearer(hire(b.t, b.rig, "li", `{"name":"Li Na","roles":["technician"],"workshops":["w-2"],"lang":"zh"}`))
}

// quiet403 tells that a page is refused, with words and nothing else.
func (b *browser) quiet403(what string) {
	b.t.Helper()
	b.shows("main h1")
	b.mu.Lock()
	faults := b.faults
	b.faults = nil
	b.mu.Unlock()
	for _, f := range faults {
		if !strings.Contains(f, "status of 403") {
			b.t.Errorf("%s: %s", what, f)
		}
	}
}

// An adviser reads, looks an answer up and sends it.
func TestConversationsInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		b.looks("conversations", "/outreach/conversations?lang="+lang, mostDesk)
		b.looks("articles", "/outreach/articles", mostDesk)
		b.fills("q", pick(lang, "价格", "price"))
		b.press("main form .button", "main table, main .empty-line")
		b.clean("articles that were found")
		b.open("/outreach/conversations")
		var rows []*cdp.Node
		b.do(chromedp.Nodes("main a.rowlink", &rows, chromedp.ByQuery))
		b.looks("a conversation", rows[0].AttributeValue("href"), mostDesk)
		b.fills("text", "<b>Thank you</b>, we call you at nine.")
		b.fills("who", "Zhao Min")
		b.press("#answer .button.primary", ".talk")
		b.clean("an answer")
		b.says("an answer", "&lt;b&gt;Thank you&lt;/b&gt;")
	})
}

// A customer has a van come, who forgets the address first.
func TestVanInABrowser(t *testing.T) {
	t.Parallel()
	inEveryWindow(t, func(t *testing.T, w window, lang string) {
		t.Helper()
		r := vanAt(t, inside)
		b := r.browse(t, w)
		b.open("/b/tok-0?lang=" + lang)
		b.looks("a van", links(r.get(t, "/b/tok-0?lang="+lang).body, "%2Fvan")[0], mostCustomer+20_000,
			pick(lang, "上门", "We come to you"))
		var times []*cdp.Node
		b.do(chromedp.Nodes(`main a[href*="%2Fvan%40"], main a[href*="/van@"]`, &times, chromedp.ByQueryAll))
		b.looks("a van's time", times[0].AttributeValue("href"), mostCustomer+20_000, pick(lang, "上门", "van"))
		b.fills("address", "5 Elm Street")
		b.press("#bar button", ".sheet-card.ok")
		b.clean("a van that is booked")
		b.says("a van that is booked", "5 Elm Street")
		b.asAdviser()
		b.looks("the board with a van", "/workshop", mostDesk+100_000)
	})
}
