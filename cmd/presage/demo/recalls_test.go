package demo_test

import (
	"testing"

	"presage"
)

// The demo shows what no customer pays for: a recall by its maker, and a traction battery
// within its warranty.
func TestNobodyPaysForRecallsAndWarranty(t *testing.T) {
	t.Parallel()
	out := newScreen()
	a := lived(t, options(t, 40, 30, out), out)
	recalls, err := a.SQL.Recalls(t.Context(), "", 10)
	if err != nil || len(recalls) != 2 {
		t.Fatalf("%d recalls, %v, want a safety recall and a campaign", len(recalls), err)
	}
	for _, r := range recalls {
		t.Logf("%s: %d cars, %d open, %d told, %d booked, %d done", r.ID, r.Cars, r.Open, r.Told, r.Booked, r.Done)
		if r.Cars == 0 || r.Safety && r.Open == r.Cars {
			t.Errorf("recall %s: %d of %d cars open", r.ID, r.Open, r.Cars)
		}
	}
	cases, err := a.SQL.Cases(t.Context(), presage.CaseFilter{})
	if err != nil {
		t.Fatal(err)
	}
	free := map[bool]int{} // offers, of recalls and of batteries
	for _, c := range cases {
		view, err := a.Outreach.OfferOfCase(t.Context(), c.ID)
		if err != nil {
			continue // it was not offered
		}
		for _, x := range view.Components {
			_, recall := x.ID.Recall()
			if !recall && x.ID != presage.HVBattery {
				continue
			}
			free[recall]++
			if x.Price.Minor != 0 || x.Warranty == "" {
				t.Errorf("%s costs the customer %d, paid by %q", x.ID, x.Price.Minor, x.Warranty)
			}
		}
	}
	if free[true] == 0 || free[false] == 0 {
		t.Errorf("%d offers of recalls, %d of batteries, want both", free[true], free[false])
	}
}
