package forecast_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

// By hand, beside .95 booked: 2.2 more within 30 days is twice the model's
// 1.1, whose distribution has no excess variance: Poisson of 2.2, P(<= 4) = .9275 and
// P(<= 5) = .9751. Half of it, .55, keeps each piece with 1/2: trials of .15 and
// .4, P(0) = .51, P(<= 1) = .94.
func TestOverrideScalesTheAdvice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		mean    float64
		days    int
		until   presage.Day
		reorder int
	}{
		{"twice", .95 + 2.2, 30, today(), 5},
		{"half", .95 + .55, 30, today() + 9, 2},
		{"nothing but the bookings", .5, 30, today(), 0},
		{"no longer in force", 50, 30, today() - 1, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			in := small()
			in.Overrides = []presage.DemandOverride{
				{ID: 7, Part: "P-PAD", DepotID: "D1", Mean: tt.mean, Days: tt.days, Until: tt.until},
			}
			f := pads(t, in)
			if f.ReorderPoint != tt.reorder || !close12(f.Mean, 2.05) {
				t.Errorf("reorder at %d, want %d; mean %v stays the model's", f.ReorderPoint, tt.reorder, f.Mean)
			}
			if inForce := tt.until >= today(); (f.Override != nil) != inForce {
				t.Errorf("override shown: %+v", f.Override)
			}
		})
	}
}

// The override that was given last counts, for the old number or the new: the
// numbers tell, for a clock may have been set back between the two.
func TestTheNewestOverrideIsTheOneWithTheHighestNumber(t *testing.T) {
	t.Parallel()
	later, earlier := midnight(), midnight().Add(-time.Hour)
	first := presage.DemandOverride{ID: 1, Part: "P-PAD", DepotID: "D1", Mean: 8, Days: 30, Until: today(), CreatedAt: later}
	last := presage.DemandOverride{ID: 2, Part: "P-PAD", DepotID: "D1", Mean: 4, Days: 30, Until: today(), CreatedAt: earlier}
	for _, given := range [][]presage.DemandOverride{{first, last}, {last, first}} {
		in := small()
		in.Overrides = given
		if f := pads(t, in); f.Override == nil || f.Override.ID != 2 {
			t.Errorf("the plan follows %+v, want number 2", f.Override)
		}
		shown := forecast.Outlook(pads(t, in), nil, []string{"D1"}, forecast.Past{Overrides: given}).Overrides
		if len(shown) != 2 || shown[0].ID != 2 {
			t.Errorf("the page lists %+v, want number 2 first", shown)
		}
	}
}

// Orders that took twice the catalogue's lead time ask for more stock.
func TestLateOrdersRaiseTheReorderPoint(t *testing.T) {
	t.Parallel()
	in := small()
	before := pads(t, in)
	for i := range 20 {
		at := midnight().AddDate(0, 0, -70-i)
		in.Leads = forecast.LearnLeads([]presage.PurchaseOrder{
			{Part: "P-PAD", OrderedAt: at, ReceivedAt: at.AddDate(0, 0, 58)},
			{Part: "P-PAD", OrderedAt: at},
			{Part: "P-PAD", OrderedAt: at, ReceivedAt: at.Add(-time.Hour)},
		}, presage.Sourcing{}, midnight())
	}
	after := pads(t, in)
	if before.Advice.LeadTimeDays != 29 || before.Advice.LeadTimeP90 != 29 {
		t.Errorf("without an order the lead time is the catalogue's: %+v", before.Advice)
	}
	if after.Advice.LeadTimeDays <= 29 || after.Advice.LeadTimeP90 <= after.Advice.LeadTimeDays ||
		after.ReorderPoint < before.ReorderPoint {
		t.Errorf("after: %+v, reorder at %d", after.Advice, after.ReorderPoint)
	}
}

// A depot of the same region has more than it needs: pieces move, none is
// ordered; what is said of the shelf is said of it as it stands. In another
// region they stay.
func TestTransfersComeBeforeOrders(t *testing.T) {
	t.Parallel()
	in := small()
	in.Stock = append(in.Stock, presage.Stock{DepotID: "D2", Part: "P-PAD", OnHand: 30})
	in.Regions = map[string]string{"D1": "north", "D2": "north"}
	p := planned(t, in)
	f, donor := at(t, p, "P-PAD", "D1", ""), at(t, p, "P-PAD", "D2", "")
	want := []presage.Transfer{{From: "D2", To: "D1", Pieces: 4}} // from a position of 1 up to 2 + 4 - 1
	if diff := cmp.Diff(want, f.Advice.Transfers); diff != "" || f.OrderNow != 0 || f.Advice.Position != 1 {
		t.Errorf("order %d at position %d %s", f.OrderNow, f.Advice.Position, diff)
	}
	if diff := cmp.Diff(want, donor.Advice.Transfers); diff != "" || donor.Advice.Excess == 0 {
		t.Errorf("donor: %+v %s", donor.Advice, diff)
	}
	in.Config.AutoOrder = true // nobody is there to move a piece
	if f := at(t, planned(t, in), "P-PAD", "D1", ""); f.OrderNow != 4 || f.Advice.Transfers != nil {
		t.Errorf("ordering by itself: order %d, %+v", f.OrderNow, f.Advice.Transfers)
	}
	in.Config.AutoOrder = false
	risk := f.Advice.StockOutRisk
	in.Regions["D2"] = "south"
	if alone := at(t, planned(t, in), "P-PAD", "D1", "").Advice.StockOutRisk; risk != alone || risk < .1 {
		t.Errorf("nobody has moved a piece yet: risk %v, without the transfer %v", risk, alone)
	}
	if f := at(t, planned(t, in), "P-PAD", "D1", ""); f.OrderNow != 4 || f.Advice.Transfers != nil {
		t.Errorf("across regions: order %d, %+v", f.OrderNow, f.Advice.Transfers)
	}
}

func TestPoliciesAreTheConfigured(t *testing.T) {
	t.Parallel()
	for policy, target := range map[string]float64{
		"service_level": .95, "fill_rate": .98, "newsvendor": .02 / (.02 + .25/365),
	} {
		in := small()
		in.Config.Policy = policy
		if a := pads(t, in).Advice; a.Policy != policy || !close12(a.Target, target) {
			t.Errorf("%s: %+v", policy, a)
		}
	}
}

// The level of everything sums what its depots are advised.
func TestUpperLevelsSumTheAdvice(t *testing.T) {
	t.Parallel()
	p := planned(t, remembering(t, 60, 3, 3, 20))
	all := at(t, p, "P-01", "", "")
	order, onHand := 0, 0
	for _, depot := range []string{"D0", "D1", "D2"} {
		f := at(t, p, "P-01", depot, "")
		order, onHand = order+f.OrderNow, onHand+f.Stock.OnHand
	}
	if all.OrderNow != order || all.Stock.OnHand != onHand {
		t.Errorf("order %d of %d on hand, depots %d of %d", all.OrderNow, all.Stock.OnHand, order, onHand)
	}
}
