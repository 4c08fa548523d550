package wording_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/internal/wording"
)

func pads() wording.Line {
	return wording.Line{
		Component: presage.Component{
			ID: presage.BrakePadsFront, Name: presage.Text{ZH: "前制动摩擦片", EN: "Front brake pads"}, Model: "wear",
		},
		Prognosis: presage.Prognosis{
			AsOf:          time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC),
			FailWithin:    presage.FailWithin{D30: 0.35},
			RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 21, P50: 32, P90: 43}},
			Measured:      &presage.Measured{Value: 87.2, Limit: 100, Unit: "%"},
			Terms:         []presage.Term{{Name: "wear_per_1000km", Value: 1.9}},
		},
	}
}

func TestSentence(t *testing.T) {
	t.Parallel()
	soon, unmeasured, distant := pads(), pads(), pads()
	soon.Prognosis.RemainingLife.Days = presage.Quantiles{P10: 0.2, P50: 3, P90: 9}
	unmeasured.Prognosis.Measured, unmeasured.Prognosis.Terms = nil, nil
	learned := unmeasured
	learned.Prognosis.Basis = presage.BasisLearned
	distant.Prognosis.RemainingLife.Days = presage.Quantiles{P10: 300, P50: 900, P90: 1500}
	battery := pads()
	battery.Component.Name, battery.Component.Model = presage.Text{ZH: "12 伏蓄电池", EN: "12 V battery"}, "lead_acid"
	battery.Prognosis.Measured, battery.Prognosis.Terms = &presage.Measured{Value: 12.043, Limit: 11.9, Unit: "V"}, nil
	filter := pads()
	filter.Component.Name, filter.Component.Model = presage.Text{ZH: "空调滤芯", EN: "Cabin air filter"}, "clock"
	filter.Prognosis.Measured, filter.Prognosis.Basis = nil, presage.BasisClock
	filter.Prognosis.Terms = []presage.Term{{Name: "interval_used", Value: 110}}
	filter.Prognosis.RemainingLife.Days = presage.Quantiles{P10: 0, P50: 2, P90: 600}
	shanghai := time.FixedZone("CST", 8*3600)
	// 21 November 12:00 in Shanghai and 21 days is 12 December, 43 days is 3 January.
	for name, tc := range map[string]struct {
		line   wording.Line
		en, zh string
	}{
		"wear": {
			pads(), "Front brake pads: measured 87 % worn, 1.9 % per 1,000 km, likely at the limit between 12 Dec and 3 Jan.",
			"前制动摩擦片：实测已磨损87%，每千公里1.9%，预计12月12日至1月3日到限。",
		},
		"any day": {
			soon, "Front brake pads: measured 87 % worn, 1.9 % per 1,000 km, likely to reach its limit any day until 30 Nov.",
			"前制动摩擦片：实测已磨损87%，每千公里1.9%，11月30日前随时可能到限。",
		},
		"without a sensor": {
			unmeasured, "Front brake pads: judged by age and distance, likely at the limit between 12 Dec and 3 Jan.",
			"前制动摩擦片：按使用时间和里程估算，预计12月12日至1月3日到限。",
		},
		"by the fleet's history": {
			learned, "Front brake pads: judged by what became of vehicles like it, likely at the limit between 12 Dec and 3 Jan.",
			"前制动摩擦片：按同类车辆的历史数据估算，预计12月12日至1月3日到限。",
		},
		"no date that nobody knows": {
			distant, "Front brake pads: measured 87 % worn, 1.9 % per 1,000 km, the risk of failing within 30 days is 35 %.",
			"前制动摩擦片：实测已磨损87%，每千公里1.9%，30天内失效风险35%。",
		},
		"interval used up: no date to wait for": {
			filter, "Cabin air filter: due now.", "空调滤芯：保养已到期。",
		},
		"volts": {
			battery, "12 V battery: measured 12.04 V (limit 11.9 V), likely at the limit between 12 Dec and 3 Jan.",
			"12 伏蓄电池：实测12.04 V（限值11.9 V），预计12月12日至1月3日到限。",
		},
	} {
		if diff := cmp.Diff(tc.en, wording.Sentence(presage.English, tc.line, shanghai)); diff != "" {
			t.Errorf("%s, en (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(tc.zh, wording.Sentence(presage.Chinese, tc.line, shanghai)); diff != "" {
			t.Errorf("%s, zh (-want +got):\n%s", name, diff)
		}
	}
}

func offer(l presage.Lang) wording.Facts {
	at := time.Date(2026, 12, 8, 1, 0, 0, 0, time.UTC) // Tuesday 09:00 in Shanghai
	f := wording.Facts{
		Sender:   presage.Text{ZH: "普瑞服务", EN: "Presage"},
		Customer: presage.Customer{ID: "k1", Name: "Li Wei", Lang: l, Zone: "Asia/Shanghai"},
		Vehicle:  presage.Vehicle{Make: "BYD", Model: "Han"}, Lines: []wording.Line{pads()},
		Jobs:     []presage.Job{{Name: presage.Text{ZH: "更换前制动片", EN: "Replace front brake pads"}}},
		Workshop: presage.Workshop{Name: presage.Text{ZH: "浦东店", EN: "Pudong"}, Address: presage.Text{ZH: "世纪大道1号", EN: "1 Century Ave"}},
		Price:    presage.Money{Minor: 69_800, Currency: "CNY"}, Duration: time.Hour, Start: at,
		Link: "https://service.example/b/" + strings.Repeat("x", 50),
	}
	for i := range 3 {
		f.Slots = append(f.Slots, presage.Slot{Start: at.AddDate(0, 0, i).Add(time.Duration(i) * 3 * time.Hour)})
	}
	return f
}

// 01:00 UTC is 09:00 in Shanghai, 07:00 in Urumqi's own zone and 09:00 in Singapore.
func TestVisitsAreToldInTheWorkshopsTime(t *testing.T) {
	t.Parallel()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		lang           presage.Lang
		customer, want string
	}{
		{presage.English, "Asia/Shanghai", "Reminder: Tue 8 Dec 09:00"},
		{presage.English, "Asia/Singapore", "Reminder: Tue 8 Dec 09:00"},
		{presage.English, "Asia/Urumqi", "Reminder: Tue 8 Dec 09:00 (Shanghai time)"},
		{presage.Chinese, "Asia/Urumqi", "到店提醒：12月8日周二09:00（门店当地时间）"},
	} {
		f := offer(tc.lang)
		f.Customer.Zone, f.Workshop.Zone = tc.customer, "Asia/Shanghai"
		got, err := book.Write(wording.Reminder, f)
		if err != nil {
			t.Fatal(err)
		}
		if got.Title != tc.want {
			t.Errorf("%s in %s: %q, want %q", tc.lang, tc.customer, got.Title, tc.want)
		}
	}
}

func TestOfferText(t *testing.T) {
	t.Parallel()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	link := "https://service.example/b/" + strings.Repeat("x", 50)
	for l, want := range map[presage.Lang]wording.Text{
		presage.English: {
			Title: "BYD Han: Front brake pads",
			Body: "Presage: Hello Li, your BYD Han needs attention: front brake pads 87% worn. " +
				"At Pudong: replace front brake pads, CNY 698, about 60 min. " +
				"To book, reply 1=Tue 8 Dec 09:00 2=Wed 9 Dec 12:00 3=Thu 10 Dec 15:00 or choose here: " + link +
				" Reply STOP to opt out",
			Email: "Hello Li,\n\nYour BYD Han needs attention: front brake pads 87% worn.\n\n" +
				"What we suggest, at Pudong: replace front brake pads. It costs CNY 698 with parts and labour and takes about 60 min.\n\n" +
				"Free times:\n- Tue 8 Dec 09:00\n- Wed 9 Dec 12:00\n- Thu 10 Dec 15:00\n\nChoose one of them, or another:\n" +
				link + "\n\nPresage",
			Push: "Hello Li, your car needs attention: front brake pads 87% worn. At Pudong: replace front brake pads, CNY 698, " +
				"about 60 min. Tap to choose a time, from Tue 8 Dec 09:00.",
			Encoding: wording.GSM7, Segments: 3, // 320 characters by an independent count
		},
		presage.Chinese: {
			Title: "BYD Han：前制动摩擦片",
			Body: "【普瑞服务】您的BYD Han：前制动摩擦片已磨损87%，建议近期检修。浦东店：更换前制动片，698元，约60分钟。" +
				"回复1约12月8日周二09:00，2约12月9日周三12:00，3约12月10日周四15:00，或点击 " + link + " 拒收请回复R",
			Email: "Li Wei您好，\n\n您的BYD Han：前制动摩擦片已磨损87%，建议近期检修。\n\n" +
				"建议在浦东店进行：更换前制动片。费用698元（含备件和工时），约需60分钟。\n\n" +
				"可约时间：\n· 12月8日周二09:00\n· 12月9日周三12:00\n· 12月10日周四15:00\n\n请选择其中之一，或其他时间：\n" +
				link + "\n\n普瑞服务",
			Push: "Li Wei您好，前制动摩擦片已磨损87%，建议近期检修。浦东店：更换前制动片，698元，约60分钟。" +
				"点击选择时间，最早12月8日周二09:00。",
			Encoding: wording.UCS2, Segments: 3, // 202 code units with the name, 193 without it, by an independent count
		},
	} {
		want.SMS = want.Body // nothing in it to write otherwise
		got, err := book.Write(wording.Offer, offer(l))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", l, diff)
		}
	}
}

func TestEveryTextExistsInBothLanguages(t *testing.T) {
	t.Parallel()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []presage.Lang{presage.English, presage.Chinese} {
		for _, k := range wording.Kinds() {
			text, err := book.Write(k, offer(l))
			if err != nil {
				t.Fatalf("%s %s: %v", l, k, err)
			}
			if text.Title == "" || text.Body == "" || text.Push == "" || strings.Contains(text.Body+text.Push+text.Email, "<no value>") ||
				!strings.HasSuffix(text.Email, "\n\n"+offer(l).Sender.In(l)) {
				t.Errorf("%s %s: %d segments: %q %q", l, k, text.Segments, text.Title, text.Body)
			}
		}
	}
}

// The boundaries are those of 3GPP TS 23.038 and 23.040: 160 and 153 septets, 70 and 67 code units.
func TestSegments(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		enc  wording.Encoding
		want int
	}{
		"empty": {"", wording.GSM7, 1}, "160": {strings.Repeat("a", 160), wording.GSM7, 1},
		"161": {strings.Repeat("a", 161), wording.GSM7, 2}, "306": {strings.Repeat("a", 306), wording.GSM7, 2},
		"307": {strings.Repeat("a", 307), wording.GSM7, 3}, "80 euros": {strings.Repeat("€", 80), wording.GSM7, 1},
		"81 euros": {strings.Repeat("€", 81), wording.GSM7, 2},
		// 76 pairs fit into 153 septets, never 76 and a half.
		"153 euros": {strings.Repeat("€", 153), wording.GSM7, 3},
		"70 zh":     {strings.Repeat("车", 70), wording.UCS2, 1}, "71 zh": {strings.Repeat("车", 71), wording.UCS2, 2},
		"35 emoji": {strings.Repeat("🚗", 35), wording.UCS2, 1}, "67 emoji": {strings.Repeat("🚗", 67), wording.UCS2, 3},
	} {
		if enc, got := wording.Segments(tc.text); enc != tc.enc || got != tc.want {
			t.Errorf("%s: %s, %d parts; want %s, %d", name, enc, got, tc.enc, tc.want)
		}
	}
}
