//go:build integration

package api_test

import (
	"testing"

	"presage"
)

// A planner has what is advised proposed; one depot picks and ships it, the other receives
// less than was picked, and what is missing later.
func TestTransfersInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		r := b.rig
		b.looks("transfers", "/transfers?lang="+lang, mostDesk, pick(lang, "没有符合条件的调拨单", "No such transfers"))
		b.fills("who", "Li Na")
		b.press("main form .button.primary", "main table")
		b.clean("transfers that were proposed")
		x := decode[presage.Shipment](t, created(t, r.json(t, "/v1/transfers", `{"from": "d-east", "to": "d-south",
			"by": "Zhao Min", "note": "for <the> spring", "lines": [{"part": "`+pads+`", "pieces": 6}]}`)))
		b.looks("a transfer", "/transfers/"+x.ID, mostDesk, "for &lt;the&gt; spring", pick(lang, "待拣", "Proposed"))
		act := func(kind, pieces, then string) {
			t.Helper()
			b.fills("who", "Li Na")
			b.fills("pieces-1", pieces)
			b.press(`main button[value="`+kind+`"]`, then)
			b.clean("after " + kind)
		}
		act("pick", "", `main button[value="ship"]`)
		act("ship", "", `main button[value="receive"].primary`)
		act("receive", "5", "#missing")
		b.looks("one is missing", "/transfers/"+x.ID, mostDesk, pick(lang, "缺少 1 件", "1 missing"), "Li Na")
		act("receive", "", "main:not(:has(#missing)) .tag")
		b.says("all are there", "Li Na", pick(lang, "已收货", "Received"))
		if got := decode[presage.Shipment](t, r.get(t, "/v1/transfers/"+x.ID)); got.Missing() != 0 || got.Lines[0].Received != 6 {
			t.Errorf("%+v", got)
		}
		b.open("/transfers/" + x.ID)
		b.clean("a transfer that is over")
	})
}
