package web

import (
	"testing"

	"presage"
)

// TestStory takes every shape of reason that outreach writes (outreach/open.go,
// offer.go, book.go, decline.go, sweep.go, result.go); the texts are by hand.
func TestStory(t *testing.T) {
	t.Parallel()
	en, zh := speak(t, presage.English), speak(t, presage.Chinese)
	for why, want := range map[string][2]string{
		"brake_pads_front due, cheapest visit in 1 days": {
			"Front brake pads due; a visit is cheapest tomorrow", "前制动摩擦片到期，明天到店成本最低",
		},
		"battery_12v due, cheapest visit in 20 days": {
			"12 V battery due; a visit is cheapest in 20 days", "12 伏蓄电池到期，20 天后到店成本最低",
		},
		"3 slots offered by sms":                   {"3 appointment times offered (SMS)", "提供了 3 个时段（短信）"},
		"booked for 2026-11-24T01:00:00Z via link": {"For Tue 24 Nov 09:00", "约定 11月24日 周二 09:00"},
		"moved to 2026-11-24T01:00:00Z":            {"Moved to Tue 24 Nov 09:00", "改约至 11月24日 周二 09:00"},
		"declined by the customer: sold":           {"The customer declined: I sold the car", "客户谢绝：车已转让"},
		"declined by the customer: too far; safety: an adviser calls": {
			"The customer declined: too far; safety, so an adviser calls", "客户谢绝：too far；涉及安全，由服务顾问致电",
		},
		"sms STOP; safety: an adviser calls": {
			"The customer asked us to stop; safety, so an adviser calls", "客户要求停止接收消息；涉及安全，由服务顾问致电",
		},
		"brake_pads_front confirmed, battery_12v no_fault_found": {
			"Front brake pads: As predicted; 12 V battery: No fault found", "前制动摩擦片：与预测一致；12 伏蓄电池：未见异常",
		},
		"hold-out: draw 0.0312 below 0.0500": {"Held out at random to measure the effect", "随机对照组，不联系"},
		"now also due: battery_12v":          {"12 V battery is due now as well", "12 伏蓄电池也到期，合并为新的个案"},
		"no consent for sms":                 {"There is no channel with the customer's consent", "没有获得客户同意的联系渠道"},
		"called twice, will ring back":       {"called twice, will ring back", "called twice, will ring back"},
		"booked for tomorrow":                {"booked for tomorrow", "booked for tomorrow"},
		"":                                   {"", ""},
	} {
		if got := [2]string{en.story(why, "Asia/Shanghai"), zh.story(why, "Asia/Shanghai")}; got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", why, got, want)
		}
	}
	for why, key := range reasonKeys() {
		if !en.site.wording.Has(key) {
			t.Errorf("%q has no text %s", why, key)
		}
	}
}

func TestShortLinkAndBay(t *testing.T) {
	t.Parallel()
	const link = "https://presage.example/b/a345oG83M3E1bG0yajY3"
	if got, want := shortLink("See "+link+" STOP", link), "See presage.example/b/a345oG83M3… STOP"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := shortLink("no link", ""); got != "no link" {
		t.Errorf("got %q", got)
	}
	for id, want := range map[string]string{"sh1-bay-2": "2", "A3": "A3", "bay-": "bay-"} {
		if got := bay(id); got != want {
			t.Errorf("bay %q: %q, want %q", id, got, want)
		}
	}
}
