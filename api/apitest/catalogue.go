package apitest

import "presage"

// Catalogue is a small catalogue with invented prices.
func Catalogue() *presage.Catalogue {
	c := &presage.Catalogue{Version: "test"}
	for _, row := range []struct {
		id, zh, en, unit, part string
		limit                  float64
		severity               presage.Severity
		price                  int64
		minutes                int
		whyZH, whyEN           string
	}{
		{
			"brake_pads_front", "前制动摩擦片", "Front brake pads", "%", "BP-F-2041", 100, presage.Safety, 69800, 60,
			"前制动片负责大部分制动力，磨损到极限后制动距离变长。",
			"The front pads do most of the braking; once worn out, stopping takes longer.",
		},
		{
			"brake_pads_rear", "后制动摩擦片", "Rear brake pads", "%", "BP-R-2042", 100, presage.Safety, 59800, 60,
			"后制动片保证制动时车身稳定。", "The rear pads keep the car stable while braking.",
		},
		{
			"battery_12v", "12 伏蓄电池", "12 V battery", "V", "LB-12-60AGM", 11.9, presage.Mobility, 89800, 30,
			"12 伏蓄电池耗尽后车辆将无法启动。", "When the 12 V battery fails, the car does not start.",
		},
		{
			"hv_battery", "动力电池", "High-voltage battery", "%", "HV-MOD-08S", 70, presage.Safety, 980000, 240,
			"动力电池决定续航里程。", "The high-voltage battery sets the range.",
		},
		{
			"tyre_leak", "轮胎慢漏气", "Slow tyre leak", "%", "TY-PATCH-06", 20, presage.Safety, 12800, 30,
			"气压过低会使轮胎过热甚至爆胎。", "Driven too soft, a tyre overheats and can burst.",
		},
		{
			"shock_absorbers", "减振器", "Shock absorbers", "", "SA-F-3310", 1, presage.Comfort, 268000, 150,
			"减振器老化后抓地力下降。", "Worn shock absorbers lose grip on rough roads.",
		},
	} {
		job := row.id + "_replace"
		name := presage.Text{ZH: row.zh, EN: row.en}
		c.Components = append(c.Components, presage.Component{
			ID: presage.ComponentID(row.id), Name: name, Unit: row.unit, Limit: row.limit, JobCode: job,
			Severity: row.severity, Why: presage.Text{ZH: row.whyZH, EN: row.whyEN}, StaleAfterDays: 14,
		})
		c.Jobs = append(c.Jobs, presage.Job{
			Code: job, Name: presage.Text{ZH: "更换" + row.zh, EN: "Replace " + lower(row.en)}, Minutes: row.minutes,
			Price: presage.Money{Minor: row.price, Currency: "CNY"},
			Parts: []presage.PartQuantity{{Part: row.part, Quantity: 1}},
		})
		c.Parts = append(c.Parts, presage.Part{
			Number: row.part, Name: presage.Text{ZH: row.zh + "套件", EN: row.en + " kit"}, LeadTimeDays: 5, PackSize: 4,
			Cost: presage.Money{Minor: row.price * 2 / 5, Currency: "CNY"},
		})
	}
	for i := range c.Components { // new software for its control unit comes over the air
		if c.Components[i].ID == presage.HVBattery {
			c.Components[i].Routes = []presage.Route{presage.RouteOTA, presage.RouteWorkshop}
		}
	}
	// No component's job asks for it: its demand is known from its use alone.
	c.Parts = append(c.Parts, presage.Part{
		Number: "CF-CAB-118", Name: presage.Text{ZH: "空调滤芯", EN: "Cabin air filter"}, LeadTimeDays: 9, PackSize: 10,
		Cost: presage.Money{Minor: 4650, Currency: "CNY"},
	})
	c.Watch = []presage.WatchRule{{
		ID: insulationLost, Component: presage.HVBattery, Severity: presage.Safety,
		Name: presage.Text{ZH: "高压绝缘失效", EN: "High-voltage insulation lost"},
	}}
	return c
}

func lower(s string) string {
	if s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'a' {
		return string(s[0]+'a'-'A') + s[1:]
	}
	return s
}
