package web

import (
	"context"
	"slices"

	"presage"
	"presage/api/explain"
)

// atRisk is the stock-out risk from which a shelf counts as at risk.
const atRisk = 0.1

// partRow is a forecast with its quantiles laid out on a line of 100 units.
type partRow struct {
	presage.PartForecast
	action
	URL           string
	Depot         presage.Text
	P10, P50, P90 float64
	Free          int // on hand and not promised
	Fan           fan
	Drivers       []segment
}

// Foremost is the driver of the largest share; nil without any.
func (r partRow) Foremost() *segment {
	var most *segment
	for i, d := range r.Drivers {
		if most == nil || d.Count > most.Count {
			most = &r.Drivers[i]
		}
	}
	return most
}

// fan holds positions on the line.
type fan struct{ P10, P50, P90, Mean, Free float64 }

// action is what to do on the shelves of a level.
type action struct {
	Planned     bool // the plan gives advice
	Pieces      int  // to order
	Cost        moneys
	Risk        float64 // the highest of the shelves
	Moves       []presage.Transfer
	Excess      int
	ExcessValue moneys
	ReplacedBy  string // the new part's number
}

// planTotals sums a plan up.
type planTotals struct {
	Mean        float64
	Orders      int // shelves to order for
	Pieces      int
	Cost        moneys
	AtRisk      int // shelves
	Shelves     int
	Excess      int
	ExcessValue moneys
	Moves       int
	Accuracy    *presage.ForecastAccuracy // of the model; nil before a forecast's days are over
}

// moneys are sums by currency.
type moneys []presage.Money

func (m *moneys) add(x presage.Money) {
	if x.Minor == 0 {
		return
	}
	for i := range *m {
		if (*m)[i].Currency == x.Currency {
			(*m)[i].Minor += x.Minor
			return
		}
	}
	*m = append(*m, x)
}

func (t *planTotals) count(shelves []presage.PartForecast) {
	for _, f := range shelves {
		t.Shelves++
		if f.OrderNow > 0 {
			t.Orders++
		}
		if f.Advice.StockOutRisk >= atRisk {
			t.AtRisk++
		}
		t.Pieces += f.OrderNow
		t.Cost.add(f.Advice.Cost)
		t.Excess += f.Advice.Excess
		t.ExcessValue.add(f.Advice.ExcessValue)
	}
	t.Moves = len(transfers(shelves))
}

// transfers collects what is to be moved; the advice of both depots may name it.
func transfers(shelves []presage.PartForecast) []move {
	var out []move
	for _, f := range shelves {
		for _, x := range f.Advice.Transfers {
			if m := (move{f.Part, x}); !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

// move is a transfer of a part.
type move struct {
	Part string
	presage.Transfer
}

// group names the line of a list that a shelf counts to.
type group struct{ part, depot, region string }

func groupOf(f presage.PartForecast, level string) group {
	switch level {
	case presage.LevelRegion:
		return group{part: f.Part, region: f.Region}
	case presage.LevelAll:
		return group{part: f.Part}
	}
	return group{part: f.Part, depot: f.DepotID}
}

// actionsOf sums the shelves' advice up by the lines of a level.
func actionsOf(shelves []presage.PartForecast, level string) map[group]action {
	out := map[group]action{}
	for _, f := range shelves {
		key := groupOf(f, level)
		a := out[key]
		a.Planned = a.Planned || f.Advice.Policy != ""
		a.Pieces += f.OrderNow
		a.Cost.add(f.Advice.Cost)
		a.Risk = max(a.Risk, f.Advice.StockOutRisk)
		a.Excess += f.Advice.Excess
		a.ExcessValue.add(f.Advice.ExcessValue)
		a.ReplacedBy = f.Advice.ReplacedBy
		for _, x := range f.Advice.Transfers {
			if !slices.Contains(a.Moves, x) {
				a.Moves = append(a.Moves, x)
			}
		}
		out[key] = a
	}
	return out
}

func layOut(f presage.PartForecast, depots []presage.Depot) partRow {
	row := partRow{
		PartForecast: f, Free: f.Stock.OnHand - f.Stock.Reserved,
		P10: f.Quantiles["0.1"], P50: f.Quantiles["0.5"], P90: f.Quantiles["0.9"],
		Depot: depotName(f.DepotID, depots),
	}
	most := max(row.P90, f.Mean, 1)
	most = max(most, min(float64(row.Free), 3*most)) * 1.08 // much too much stock must not hide the band
	row.Fan = fan{
		P10: bar(row.P10, most, 100), P50: bar(row.P50, most, 100), P90: bar(row.P90, most, 100),
		Mean: bar(f.Mean, most, 100), Free: bar(float64(row.Free), most, 100),
	}
	at, shares := 0.0, explain.Shares(f)
	for _, d := range f.Drivers {
		w, count := bar(d.Mean, f.Mean, 100), shares[d.Name]
		if count == 0 {
			continue // it would read 0.0
		}
		row.Drivers = append(row.Drivers, segment{Class: d.Name, From: at, Width: min(w, 100-at), Count: count})
		at += w
	}
	return row
}

// depotName is the name of a depot, its key when it is not known.
func depotName(id string, depots []presage.Depot) presage.Text {
	if i := slices.IndexFunc(depots, func(d presage.Depot) bool { return d.ID == id }); i >= 0 {
		return depots[i].Name
	}
	return presage.Text{ZH: id, EN: id}
}

// planAccuracy is how the model's past forecasts did; nil where nothing is known yet.
func (s *Site) planAccuracy(ctx context.Context, f partsFilter) (*presage.ForecastAccuracy, error) {
	rows, err := s.Parts.PlanAccuracy(ctx, presage.ForecastFilter{DepotID: f.Depot, Region: f.Region})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(a presage.ForecastAccuracy) bool { return a.Of == "model" })
	if i < 0 || rows[i].Forecasts == 0 {
		return nil, nil //nolint:nilnil // absence is an answer here
	}
	return &rows[i], nil
}
