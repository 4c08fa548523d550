package presage

import (
	"cmp"
	"slices"
)

// ReorderRow is what to do about one part at one depot. Pieces throughout.
type ReorderRow struct {
	Part         string     `json:"part"`
	Name         Text       `json:"name" doc:"Empty for a part that left the catalogue"`
	DepotID      string     `json:"depot_id"`
	Depot        Text       `json:"depot"`
	Region       string     `json:"region"`
	Position     int        `json:"position" doc:"On hand + on order - reserved"`
	OnHand       int        `json:"on_hand"`
	Reserved     int        `json:"reserved"`
	OnOrder      int        `json:"on_order"`
	ReorderPoint int        `json:"reorder_point" doc:"Order at a position below it"`
	OrderUpTo    int        `json:"order_up_to"`
	OrderNow     int        `json:"order_now"`
	Packs        int        `json:"packs" doc:"OrderNow in packs"`
	Cost         Money      `json:"cost" doc:"Of order_now"`
	LeadTimeDays float64    `json:"lead_time_days" doc:"Mean"`
	LeadTimeP90  float64    `json:"lead_time_p90" doc:"Days; 9 of 10 orders arrive sooner"`
	StockOutRisk float64    `json:"stock_out_risk" doc:"Probability that the shelf is empty before an order of today could arrive"` //nolint:lll // a tag cannot be broken
	DaysOfSupply float64    `json:"days_of_supply" doc:"At the mean demand; -1 without demand"`
	Excess       int        `json:"excess" doc:"On hand beyond what a year will take, at 95 %"`
	ExcessValue  Money      `json:"excess_value"`
	Transfers    []Transfer `json:"transfers,omitempty"`
	// Override is the planner's figure that the advice follows.
	Override *DemandOverride `json:"override,omitempty"`
	Reason   Text            `json:"reason"`
}

// ReorderLines are the lines of a reorder list among depots' forecasts: those with
// something to order or to move, or every one; the highest risk of a stock-out
// first, then the highest cost.
func ReorderLines(forecasts []PartForecast, all bool) []PartForecast {
	lines := make([]PartForecast, 0, len(forecasts))
	for _, f := range forecasts {
		if all || f.OrderNow > 0 || len(f.Advice.Transfers) > 0 {
			lines = append(lines, f)
		}
	}
	slices.SortStableFunc(lines, func(a, b PartForecast) int {
		return cmp.Or(cmp.Compare(b.Advice.StockOutRisk, a.Advice.StockOutRisk),
			cmp.Compare(b.Advice.Cost.Minor, a.Advice.Cost.Minor),
			cmp.Compare(a.Part, b.Part), cmp.Compare(a.DepotID, b.DepotID))
	})
	return lines
}

// ReorderRows makes rows of a reorder list from depots' forecasts.
func (c *Catalogue) ReorderRows(depots []Depot) func(f PartForecast, reason Text) ReorderRow {
	names := make(map[string]Text, len(depots))
	for _, d := range depots {
		names[d.ID] = d.Name
	}
	return func(f PartForecast, reason Text) ReorderRow {
		a, s := f.Advice, f.Stock
		row := ReorderRow{
			Part: f.Part, DepotID: f.DepotID, Depot: names[f.DepotID], Region: f.Region,
			Position: s.OnHand + s.OnOrder - s.Reserved, OnHand: s.OnHand, Reserved: s.Reserved, OnOrder: s.OnOrder,
			ReorderPoint: f.ReorderPoint, OrderUpTo: a.OrderUpTo, OrderNow: f.OrderNow, Cost: a.Cost,
			LeadTimeDays: a.LeadTimeDays, LeadTimeP90: a.LeadTimeP90, StockOutRisk: a.StockOutRisk,
			DaysOfSupply: a.DaysOfSupply, Excess: a.Excess, ExcessValue: a.ExcessValue,
			Transfers: a.Transfers, Override: f.Override, Reason: reason,
		}
		if part, err := c.Part(f.Part); err == nil {
			pack := max(1, part.PackSize)
			row.Name, row.Packs = part.Name, (f.OrderNow+pack-1)/pack
		}
		return row
	}
}
