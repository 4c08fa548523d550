package forecast

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// A figure given for the old number is the new part's, as in the plan; the
// newer of two counts.
func TestOverlayFollowsSupersession(t *testing.T) {
	t.Parallel()
	fs := []presage.PartForecast{
		{Part: "NEW", DepotID: "d1", Advice: presage.ReorderAdvice{Supersedes: []string{"OLD", "OLDER"}}},
		{Part: "OTHER", DepotID: "d1"},
		{Part: "NEW", Region: "north", Advice: presage.ReorderAdvice{Supersedes: []string{"OLD"}}},
	}
	for _, c := range []struct {
		name    string
		inForce []presage.DemandOverride
		want    int64
	}{
		{"the old one's", []presage.DemandOverride{{ID: 1, Part: "OLD", DepotID: "d1"}}, 1},
		{"both", []presage.DemandOverride{{ID: 2, Part: "NEW", DepotID: "d1"}, {ID: 1, Part: "OLD", DepotID: "d1"}}, 2},
		{"the old one's is newer", []presage.DemandOverride{{ID: 2, Part: "NEW", DepotID: "d1"}, {ID: 3, Part: "OLDER", DepotID: "d1"}}, 3},
	} {
		overlay(fs, byLocation(c.inForce))
		if o := fs[0].Override; o == nil || o.ID != c.want || fs[1].Override != nil || fs[2].Override != nil {
			t.Errorf("%s: %+v", c.name, fs)
		}
	}
}

// Five are advised from d1 to d2 and two to d3; those that are proposed are not proposed again.
func TestAdviceIsWithoutProposedTransfers(t *testing.T) {
	t.Parallel()
	advised := []presage.Transfer{{From: "d1", To: "d2", Pieces: 5}, {From: "d1", To: "d3", Pieces: 2}}
	proposed := func(part string, moves ...presage.Transfer) (out []presage.PartTransfer) {
		for _, m := range moves {
			out = append(out, presage.PartTransfer{Part: part, Transfer: m})
		}
		return out
	}
	for name, c := range map[string]struct {
		proposed []presage.PartTransfer
		want     []presage.Transfer
	}{
		"nothing":           {nil, advised},
		"three":             {proposed("NEW", presage.Transfer{From: "d1", To: "d2", Pieces: 3}), []presage.Transfer{{From: "d1", To: "d2", Pieces: 2}, advised[1]}},
		"by the old name":   {proposed("OLD", presage.Transfer{From: "d1", To: "d2", Pieces: 5}), advised[1:]},
		"more than all":     {proposed("NEW", presage.Transfer{From: "d1", To: "d2", Pieces: 9}, advised[1]), nil},
		"the other way":     {proposed("NEW", presage.Transfer{From: "d2", To: "d1", Pieces: 3}), advised},
		"of another part":   {proposed("OTHER", advised...), advised},
		"of both its names": {append(proposed("NEW", presage.Transfer{From: "d1", To: "d2", Pieces: 1}), proposed("OLD", presage.Transfer{From: "d1", To: "d2", Pieces: 4})...), advised[1:]},
	} {
		given := presage.ReorderAdvice{Transfers: advised, Supersedes: []string{"OLD"}}
		fs := []presage.PartForecast{{Part: "NEW", DepotID: "d1", Advice: given}, {Part: "NEW", DepotID: "d2", Advice: given}}
		sincePlan{moves: byDepots(c.proposed)}.on(fs)
		for _, f := range fs {
			if diff := cmp.Diff(c.want, f.Advice.Transfers); diff != "" {
				t.Errorf("%s, at %s: %s", name, f.DepotID, diff)
			}
		}
	}
	if advised[0].Pieces != 5 {
		t.Errorf("the plan's own advice has changed: %v", advised)
	}
}

// Twelve pieces are advised for 120; four were ordered since the plan and five are proposed.
func TestAdviceIsWithoutWhatIsOrderedOrProposed(t *testing.T) {
	t.Parallel()
	plan := func() []presage.PartForecast {
		return []presage.PartForecast{{
			Part: "NEW", DepotID: "d1", OrderNow: 12, Stock: presage.Stock{OnOrder: 2},
			Advice: presage.ReorderAdvice{Position: 3, Cost: presage.Money{Minor: 12000, Currency: "CNY"}, Supersedes: []string{"OLD"}},
		}, {Part: "NEW", Region: "north", OrderNow: 12}}
	}
	shelves := []presage.Stock{{Part: "NEW", DepotID: "d1", OnOrder: 3}, {Part: "OLD", DepotID: "d1", OnOrder: 3}}
	proposed := []presage.PartQuantityAt{{Part: "OLD", DepotID: "d1", Quantity: 2}, {Part: "NEW", DepotID: "d1", Quantity: 3}}
	for name, c := range map[string]struct {
		shelves           []presage.Stock
		proposed          []presage.PartQuantityAt
		order, asked, pos int
		cost              int64
	}{
		"neither":  {nil, nil, 12, 0, 3, 12000},
		"ordered":  {shelves, nil, 8, 0, 7, 8000},
		"proposed": {nil, proposed, 7, 5, 3, 7000},
		"both":     {shelves, proposed, 3, 5, 7, 3000},
		"too many": {shelves, append(proposed, presage.PartQuantityAt{Part: "NEW", DepotID: "d1", Quantity: 30}), 0, 32, 7, 0},
	} {
		fs := plan()
		newSincePlan(nil, c.shelves, c.proposed).takeOff(fs)
		f := fs[0]
		if f.OrderNow != c.order || f.Advice.Proposed != c.asked || f.Advice.Position != c.pos || f.Advice.Cost.Minor != c.cost {
			t.Errorf("%s: %+v", name, f)
		}
		if fs[1].OrderNow != 12 {
			t.Errorf("%s: a region is the plan's: %+v", name, fs[1])
		}
	}
}
