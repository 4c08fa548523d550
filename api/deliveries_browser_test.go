//go:build integration

package api_test

import (
	"testing"

	"presage"
)

// What a dealer's system would not take is sent again by a button, one or all of them, or
// left out.
func TestDeliveriesInABrowser(t *testing.T) {
	t.Parallel()
	atTheDesk(t, func(t *testing.T, b *browser, lang string) {
		t.Helper()
		dead := func() int {
			return len(decode[list[presage.Delivery]](t, b.rig.get(t, "/v1/deliveries?state=dead")).Items)
		}
		given := dead()
		b.looks("deliveries", "/data/deliveries?lang="+lang, mostDesk, "dms.example", pick(lang, "重新发送", "Send again"))
		b.press(`main button[value="replay"]`, "main")
		b.clean("one that is sent again")
		b.shot("sent again")
		if n := dead(); n != given-1 {
			t.Errorf("%d of %d are given up yet", n, given)
		}
		if b.text(".notice.ok") == "" {
			t.Error("nothing says that it is sent again")
		}
		b.open("/data/deliveries?state=waiting&lang=" + lang)
		b.clean("those that wait")
	})
}
