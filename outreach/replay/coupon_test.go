package replay_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/outreach/policy"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// due is a decision to ask a car in for its cabin filter, at 158 yuan, by SMS.
func due(t *testing.T, id, customer string, at time.Time, pays presage.Money) presage.DecisionRecord {
	t.Helper()
	yuan := func(fen int64) presage.Money { return presage.Money{Minor: fen, Currency: "CNY"} }
	doc, err := rules.DefaultDocument().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	known := replay.Known{
		Needs: []replay.Need{{Pays: pays, Need: policy.Need{
			Component: "cabin_filter", Status: presage.StatusDue, Severity: presage.Comfort,
			Price: yuan(15800), Breakdown: yuan(40000), LeftShare: 0.1, RemainingDays: 30,
			FailWithin: presage.FailWithin{D7: 0.1, D30: 0.5, D60: 0.8, D90: 0.9},
		}}},
		Ways: map[presage.Purpose]replay.Way{presage.PurposeService: {Channels: []presage.ChannelName{"sms"}}},
		Zone: "Asia/Shanghai", Rules: doc,
	}
	d := presage.DecisionRecord{
		ID: "d" + id, CaseID: "c" + id, At: at, VIN: presage.VIN("LPSAAAAA1AA00000" + id), CustomerID: customer,
		WorkshopID: "w1", Outcome: presage.DecisionTold,
	}
	if d.Known, err = known.Marshal(); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCouponsOfTwoPolicies: by hand, ten percent of 158 yuan are 15.80. One a month is
// the first of November and the first of December; one a customer within 60 days is not
// the third, whose customer had the first. What a warranty pays for brings none.
func TestCouponsOfTwoPolicies(t *testing.T) {
	t.Parallel()
	nov := func(day int) time.Time { return time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC) }
	records := []presage.DecisionRecord{
		due(t, "1", "k1", nov(20), presage.Money{}),
		due(t, "2", "k2", nov(21), presage.Money{Minor: 15800, Currency: "CNY"}),
		due(t, "3", "k1", nov(31), presage.Money{Minor: 10000, Currency: "CNY"}), // 1 December
		due(t, "4", "k4", nov(32), presage.Money{Currency: "CNY"}),
	}
	const head = "format: 1\ncoupons:\n- {name: spring, percent: 10, days: 30"
	early := []presage.Coupon{{Rule: "spring", CustomerID: "k9", CaseID: "c9", IssuedAt: nov(5)}}
	for name, tc := range map[string]struct {
		policy string
		before []presage.Coupon
		want   map[string]int64
	}{
		"none":                {"format: 1\n", nil, map[string]int64{}},
		"for all":             {head + "}\n", nil, map[string]int64{"d1": 1580, "d2": 1580, "d3": 1000}},
		"one a month":         {head + ", per_month: 1}\n", nil, map[string]int64{"d1": 1580, "d3": 1000}},
		"one of them before":  {head + ", per_month: 1}\n", early, map[string]int64{"d3": 1000}},
		"one a customer":      {head + ", again: 60d}\n", nil, map[string]int64{"d1": 1580, "d2": 1580}},
		"of another workshop": {head + ", workshops: [w2]}\n", nil, map[string]int64{}},
		"about mobility":      {head + ", severity: [mobility]}\n", nil, map[string]int64{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, errA := rules.Read([]byte("format: 1\n"))
			b, errB := rules.Read([]byte(tc.policy))
			c, err := replay.Compare(nov(1), nov(40), records, replay.Policies{A: a, B: b, Coupons: tc.before})
			if errA != nil || errB != nil || err != nil {
				t.Fatal(errA, errB, err)
			}
			var sum int64
			for _, r := range c.Rows {
				var off int64
				if r.B.Coupon != nil {
					off = r.B.Coupon.Discount.Minor
				}
				sum += off
				if off != tc.want[r.ID] || r.B.Cost-r.A.Cost != off || r.A.Coupon != nil {
					t.Errorf("%s brings %d, and costs %d more, want %d", r.ID, off, r.B.Cost-r.A.Cost, tc.want[r.ID])
				}
				if slices.Contains(r.Differ, "coupon") != (off > 0) {
					t.Errorf("%s differs in %v", r.ID, r.Differ)
				}
			}
			if c.B.Coupons != len(tc.want) || c.B.CouponCost != sum || c.A.Coupons != 0 {
				t.Errorf("B gives %d coupons of %d in all, want %d of %d", c.B.Coupons, c.B.CouponCost, len(tc.want), sum)
			}
		})
	}
}

func ExampleCouponsFrom() {
	d, _ := rules.Read([]byte("format: 1\ncoupons: [{name: a, percent: 10, days: 30, per_month: 5, again: 60d}]\n"))
	from, count := replay.CouponsFrom(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), d)
	fmt.Println(from.Format(time.DateOnly), count)
	// Output: 2026-09-21 true
}
