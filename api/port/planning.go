package port

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// AtHorizon turns a forecast to another of its planned numbers of days: Mean,
// StdDev, Quantiles, Drivers and HorizonDays are that horizon's; stock and
// advice stay. 0 days leave the forecast as it is; days that are not planned
// are an ErrInvalid that lists those that are.
func AtHorizon(f presage.PartForecast, days int) (presage.PartForecast, error) {
	if days == 0 || days == f.HorizonDays {
		return f, nil
	}
	planned := []int{f.HorizonDays}
	for _, s := range f.Horizons {
		if s.Days == days && s.FromDay == 0 {
			f.HorizonDays, f.Mean, f.StdDev, f.Quantiles, f.Drivers = days, s.Mean, s.StdDev, s.Quantiles, s.Drivers
			return f, nil
		}
		planned = append(planned, s.Days)
	}
	slices.Sort(planned)
	var list []string
	for _, d := range slices.Compact(planned) {
		list = append(list, strconv.Itoa(d))
	}
	return f, fmt.Errorf("horizon: %w: %d days are not planned: want one of %s",
		presage.ErrInvalid, days, strings.Join(list, ", "))
}

// ReorderRow is what to do about one part at one depot. Pieces throughout.
type ReorderRow struct {
	Part         string             `json:"part"`
	Name         presage.Text       `json:"name" doc:"Empty for a part that left the catalogue"`
	DepotID      string             `json:"depot_id"`
	Depot        presage.Text       `json:"depot"`
	Region       string             `json:"region"`
	Position     int                `json:"position" doc:"On hand + on order - reserved"`
	OnHand       int                `json:"on_hand"`
	Reserved     int                `json:"reserved"`
	OnOrder      int                `json:"on_order"`
	ReorderPoint int                `json:"reorder_point" doc:"Order at a position below it"`
	OrderUpTo    int                `json:"order_up_to"`
	OrderNow     int                `json:"order_now"`
	Packs        int                `json:"packs" doc:"OrderNow in packs"`
	Cost         presage.Money      `json:"cost" doc:"Of order_now"`
	LeadTimeDays float64            `json:"lead_time_days" doc:"Mean"`
	LeadTimeP90  float64            `json:"lead_time_p90" doc:"Days; 9 of 10 orders arrive sooner"`
	StockOutRisk float64            `json:"stock_out_risk" doc:"Probability that the shelf is empty before an order of today could arrive"` //nolint:lll // a tag cannot be broken
	DaysOfSupply float64            `json:"days_of_supply" doc:"At the mean demand; -1 without demand"`
	Excess       int                `json:"excess" doc:"On hand beyond what a year will take, at 95 %"`
	ExcessValue  presage.Money      `json:"excess_value"`
	Transfers    []presage.Transfer `json:"transfers,omitempty"`
	// Override is the planner's figure that the advice follows.
	Override *presage.DemandOverride `json:"override,omitempty"`
	Reason   presage.Text            `json:"reason"`
}

// Reorder makes the rows of a reorder list from depots' forecasts: those with
// something to order or to move, or every one; the highest risk of a stock-out
// first, then the highest cost. Reason is left to the caller.
func Reorder(
	cat *presage.Catalogue, depots []presage.Depot, forecasts []presage.PartForecast, all bool,
) []ReorderRow {
	names := make(map[string]presage.Text, len(depots))
	for _, d := range depots {
		names[d.ID] = d.Name
	}
	rows := make([]ReorderRow, 0, len(forecasts))
	for _, f := range forecasts {
		if !all && f.OrderNow <= 0 && len(f.Advice.Transfers) == 0 {
			continue
		}
		a, s := f.Advice, f.Stock
		row := ReorderRow{
			Part: f.Part, DepotID: f.DepotID, Depot: names[f.DepotID], Region: f.Region,
			Position: s.OnHand + s.OnOrder - s.Reserved, OnHand: s.OnHand, Reserved: s.Reserved, OnOrder: s.OnOrder,
			ReorderPoint: f.ReorderPoint, OrderUpTo: a.OrderUpTo, OrderNow: f.OrderNow, Cost: a.Cost,
			LeadTimeDays: a.LeadTimeDays, LeadTimeP90: a.LeadTimeP90, StockOutRisk: a.StockOutRisk,
			DaysOfSupply: a.DaysOfSupply, Excess: a.Excess, ExcessValue: a.ExcessValue,
			Transfers: a.Transfers, Override: f.Override,
		}
		if part, err := cat.Part(f.Part); err == nil {
			pack := max(1, part.PackSize)
			row.Name, row.Packs = part.Name, (f.OrderNow+pack-1)/pack
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b ReorderRow) int {
		return cmp.Or(cmp.Compare(b.StockOutRisk, a.StockOutRisk), cmp.Compare(b.Cost.Minor, a.Cost.Minor),
			cmp.Compare(a.Part, b.Part), cmp.Compare(a.DepotID, b.DepotID))
	})
	return rows
}
