package web

import (
	"log/slog"
	"testing"
	"time"

	"presage"
	"presage/api/access"
	"presage/api/apitest"
)

// speak gives the speaker of a language at 2026-11-21 02:30 UTC. The wanted
// texts below are written by hand from the style of each language.
func speak(t *testing.T, lang presage.Lang) speaker {
	t.Helper()
	now := time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC)
	log, clock := slog.New(slog.DiscardHandler), func() time.Time { return now }
	d := Deps{Catalogue: apitest.Catalogue(), Now: clock, Logger: log}
	s, err := New(Config{}, d, access.New(access.Config{
		Key: "k", Logins: apitest.NewLogins(), Accounts: apitest.NewAccounts(), Log: log, Now: clock,
	}))
	if err != nil {
		t.Fatal(err)
	}
	return s.speakers[lang]
}

func TestNumbersAsReadersWriteThem(t *testing.T) {
	t.Parallel()
	en, zh := speak(t, presage.English), speak(t, presage.Chinese)
	cny := func(minor int64) presage.Money { return presage.Money{Minor: minor, Currency: "CNY"} }
	for _, x := range []struct{ got, want string }{
		{en.pct(0), "<1%"},
		{en.pct(0.004), "<1%"},
		{en.pct(0.42), "42%"},
		{en.pct(0.9999), ">99%"},
		{en.pct(0.995), ">99%"},
		{en.share(199.0 / 200), "99%"},
		{en.share(1), "100%"},
		{en.share(0.29), "29%"},
		{en.number(1234567), "1,234,567"},
		{en.number(12.345), "12.3"},
		{en.number(3.14159), "3.14"},
		{en.number(-40), "-40"},
		{en.money(cny(69800)), "¥698"},
		{en.money(cny(1234550)), "¥12,345.50"},
		{en.money(presage.Money{Minor: 100, Currency: "EUR"}), "EUR 1"},
		{en.lifeDays(17.4), "17 days"},
		{en.lifeDays(200), "7 months"}, // 200 / 30.44 = 6.57
		{en.lifeDays(1060), "2.9 years"},
		{en.lifeDays(3650), "10+ years"},
		{zh.lifeDays(17.4), "17 天"},
		{en.lifeDays(0.2), "overdue"},
		{en.lifeRange(presage.Quantiles{P10: 11, P90: 26}), "11–26 days"},
		{en.lifeRange(presage.Quantiles{P10: 0, P90: 26}), "up to 26 days"},
		{en.lifeRange(presage.Quantiles{}), "overdue"},
		{en.lifeRange(presage.Quantiles{P10: 122, P90: 244}), "4–8 months"},
		{en.lifeRange(presage.Quantiles{P10: 300, P90: 3650}), "10 months or more"},
		{en.lifeKm(704), "700 km"},
		{en.lifeKm(18762), "19,000 km"},
		{en.lifeKm(500000), "500,000+ km"},
		{zh.kmRange(presage.Quantiles{P10: 460, P90: 1104}), "460–1,100 公里"},
		{en.odometer(38251), "38,251 km"},
		{en.minutes(45 * time.Minute), "45 minutes"},
		{en.minutes(150 * time.Minute), "2 h 30 min"},
		{zh.minutes(time.Hour), "60 分钟"},
		{zh.minutes(2 * time.Hour), "2 小时"},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
}

func TestTimesAsReadersWriteThem(t *testing.T) {
	t.Parallel()
	en, zh := speak(t, presage.English), speak(t, presage.Chinese)
	at := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // a Monday, 09:00 in Shanghai
	now := en.site.Now()
	for _, x := range []struct{ got, want string }{
		{en.dayIn(at, "Asia/Shanghai") + " " + en.timeIn(at, "Asia/Shanghai"), "Mon 23 Nov 09:00"},
		{zh.dayIn(at, "Asia/Shanghai"), "11月23日 周一"},
		{en.dayIn(at, "America/Los_Angeles"), "Sun 22 Nov"},
		{en.date(at), "23 Nov 2026"},
		{zh.date(at), "2026年11月23日"},
		{en.date(time.Time{}), "–"},
		{en.ago(now.Add(-90 * time.Minute)), "1 h ago"},
		{en.ago(now.Add(-50 * time.Hour)), "2 days ago"},
		{en.ago(now), "just now"},
		{en.ago(time.Time{}), "never"},
		{zh.ago(now.Add(-5 * time.Hour)), "5 小时前"},
		{en.left(now.Add(26 * time.Hour)), "26 h left"},
		{en.left(now.Add(-2 * time.Hour)), "2 h overdue"},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	en, zh := speak(t, presage.English), speak(t, presage.Chinese)
	p := presage.Prognosis{Basis: presage.BasisMeasured, Terms: []presage.Term{
		{Name: "wheel", Value: 3},
		{Name: "wear_now", Value: 87.2, Unit: "%"},
		{Name: "service_assumed", Value: 1},
		{Name: "new_thing", Value: 2.5, Unit: "mm"},
		{Name: "not_shown", Value: 1},
	}}
	if got, want := en.explain(p), "Rear left wheel; 87% worn; no service record, so the schedule is assumed kept; new thing 2.50 mm."; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := zh.explain(presage.Prognosis{Basis: presage.BasisClock}), "根据保养周期。"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"/cases?state=done": "/cases?state=done", "": "/", "cases": "/", "//evil.example": "/",
		"https://evil.example": "/", "/\\evil.example": "/", "/a\r\nSet-Cookie: x": "/",
	} {
		if got := localPath(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestEveryIconInUseIsDrawn(t *testing.T) {
	t.Parallel()
	icons := parseIcons()
	for _, name := range []string{
		"ok", "watch", "due", "stale", "unknown", "fleet", "overview", "cases", "workshop", "parts", "outbox", "data",
		"docs", "menu", "search", "chevron", "calendar", "clock", "pin", "price", "shield", "download", "phone",
		"redo", "logout", "globe", "cancelled",
	} {
		if icons[name] == "" {
			t.Errorf("icon %s is missing", name)
		}
	}
}
