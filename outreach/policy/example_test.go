package policy_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/outreach/policy"
)

// Front pads that are nearly worn out, with parts that take four days: the
// cheapest visit is on the first day they can be fitted.
func ExampleDecide() {
	d, err := policy.Decide(policy.Input{
		VIN: "LPSAAAAA1AA000001", At: time.Date(2026, 11, 21, 2, 0, 0, 0, time.UTC),
		Parameters: policy.DefaultParameters(), EarliestDay: 1,
		Needs: []policy.Need{{
			Component: presage.BrakePadsFront, Status: presage.StatusDue, Severity: presage.Safety,
			FailWithin: presage.FailWithin{D7: 0.05, D30: 0.4, D60: 0.9, D90: 0.99}, RemainingDays: 33, LeftShare: 0.08,
			Price: yuan(69_800), Breakdown: yuan(320_000), LeadDays: 4,
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("visit on day", d.Day, "for", d.Components)
	// Output: visit on day 4 for [brake_pads_front]
}

func BenchmarkDecide(b *testing.B) {
	watched := pads()
	watched.Component, watched.Status = presage.Battery12V, presage.StatusWatch
	in := input(pads(), watched)
	for b.Loop() {
		if _, err := policy.Decide(in); err != nil {
			b.Fatal(err)
		}
	}
}
