package wording_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/wording"
)

// filter is changed every 365 days or 20,000 km.
func filter(status presage.Status, terms ...presage.Term) wording.Line {
	return wording.Line{
		Component: presage.Component{
			Name: presage.Text{ZH: "空调滤芯", EN: "Cabin air filter"}, Model: "clock",
			Params: map[string]float64{"interval_days": 365, "interval_km": 20000},
		},
		Prognosis: presage.Prognosis{
			AsOf: time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC), Status: status, Basis: presage.BasisClock, Terms: terms,
			FailWithin:    presage.FailWithin{D30: 0.83},
			RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 4, P50: 18, P90: 40}}, // 9 December
		},
	}
}

func since(days, km, used float64) []presage.Term {
	return []presage.Term{
		{Name: "days_since_service", Value: days}, {Name: "km_since_service", Value: km}, {Name: "interval_used", Value: used},
	}
}

// A service interval is over by days or km; nobody claims to know how likely a failure is.
func TestByInterval(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		line                        wording.Line
		en, zh, sentence, sentence2 string
	}{
		"12 days over": {
			filter(presage.StatusDue, since(377.4, 14240, 103)...), "cabin air filter, due for 12 days", "空调滤芯保养已到期12天",
			"Cabin air filter: 377 days and 14,240 km since the last service, due every 365 days or 20,000 km, due for 12 days.",
			"空调滤芯：距上次保养377天、14240公里，保养周期365天或20000公里，保养已到期12天。",
		},
		"one day over": {
			filter(presage.StatusDue, since(366, 100, 100)...), "cabin air filter, due for 1 day", "空调滤芯保养已到期1天",
			"Cabin air filter: 366 days and 100 km since the last service, due every 365 days or 20,000 km, due for 1 day.",
			"空调滤芯：距上次保养366天、100公里，保养周期365天或20000公里，保养已到期1天。",
		},
		"240 km over": {
			filter(presage.StatusDue, since(200, 20240, 101)...), "cabin air filter, 240 km over its interval",
			"空调滤芯已超保养里程240公里",
			"Cabin air filter: 200 days and 20,240 km since the last service, due every 365 days or 20,000 km, 240 km over its interval.",
			"空调滤芯：距上次保养200天、20240公里，保养周期365天或20000公里，已超保养里程240公里。",
		},
		"the larger share speaks": { // 1 % of the days, 50 % of the km
			filter(presage.StatusDue, since(369, 30000, 150)...), "cabin air filter, 10,000 km over its interval",
			"空调滤芯已超保养里程10000公里",
			"Cabin air filter: 369 days and 30,000 km since the last service, due every 365 days or 20,000 km, 10,000 km over its interval.",
			"空调滤芯：距上次保养369天、30000公里，保养周期365天或20000公里，已超保养里程10000公里。",
		},
		"due by who drives much": {
			filter(presage.StatusDue, since(33, 12000, 60)...), "cabin air filter, due in about 18 days", "空调滤芯约18天后到期",
			"Cabin air filter: 33 days and 12,000 km since the last service, due every 365 days or 20,000 km, due about 9 Dec.",
			"空调滤芯：距上次保养33天、12000公里，保养周期365天或20000公里，预计12月9日前后到期。",
		},
		"due within weeks": {
			filter(presage.StatusWatch, since(347, 100, 95)...), "cabin air filter, due soon", "空调滤芯保养即将到期",
			"Cabin air filter: 347 days and 100 km since the last service, due every 365 days or 20,000 km, due about 9 Dec.",
			"空调滤芯：距上次保养347天、100公里，保养周期365天或20000公里，预计12月9日前后到期。",
		},
		"nobody recorded a service": {
			filter(presage.StatusWatch, append(since(380, 100, 104), presage.Term{Name: "service_assumed", Value: 1})...),
			"cabin air filter, due by its schedule", "空调滤芯按周期推算已到保养期",
			"Cabin air filter: no service on record, " +
				"due every 365 days or 20,000 km, due by its schedule.",
			"空调滤芯：无保养记录，保养周期365天或20000公里，按周期推算已到保养期。",
		},
		"nothing but the status": {
			filter(presage.StatusDue), "cabin air filter, due now", "空调滤芯保养已到期",
			"Cabin air filter: due every 365 days or 20,000 km, due now.", "空调滤芯：保养周期365天或20000公里，保养已到期。",
		},
	} {
		for _, got := range [][2]string{
			{wording.Short(presage.English, tc.line), tc.en},
			{wording.Short(presage.Chinese, tc.line), tc.zh},
			{wording.Sentence(presage.English, tc.line, time.UTC), tc.sentence},
			{wording.Sentence(presage.Chinese, tc.line, time.UTC), tc.sentence2},
		} {
			if got[0] != got[1] {
				t.Errorf("%s:\n got %q\nwant %q", name, got[0], got[1])
			}
			if strings.Contains(got[0], "83") {
				t.Errorf("%s tells a probability: %q", name, got[0])
			}
		}
	}
}
