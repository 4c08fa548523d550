package rest

import (
	"context"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/table"
)

func (h *handlers) budgetRoute(a huma.API) {
	op := get("get-stock-budget", "/v1/parts/budget", "Parts",
		"The best fill for so much money: stock levels of all parts at all depots, and value against fill")
	op.Description = "Piece by piece the money goes where it lowers the expected shortage over the lead times most for " +
		"its price. That is optimal at each step; between two steps the best may serve less than one piece more."
	route(a, h.Logger, tabular(a, op, exampleBudget(), exampleBudgetCSV), h.budget)
}

type budgetInput struct {
	TableWindow
	Money    int64  `query:"money" minimum:"-1" maximum:"1000000000000000" default:"-1" doc:"That may be bound in stock, in minor units; -1 for as much as the plan's levels bind" example:"50000000"` //nolint:lll // a tag cannot be broken
	Currency string `query:"currency" pattern:"^[A-Z]{3}$" default:"CNY" doc:"Parts with a price in another are left out"`
	Depot    string `query:"depot" maxLength:"64" example:"d-east"`
	Region   string `query:"region" maxLength:"64" example:"east"`
}

// budgetPage is the budget with a page of its levels.
type budgetPage struct {
	presage.StockBudget
	Next string `json:"next,omitempty" doc:"Cursor of the next page of levels"`
}

func (h *handlers) budget(ctx context.Context, in *budgetInput) (*written, error) {
	b, err := h.Parts.StockBudget(ctx, presage.ForecastFilter{DepotID: in.Depot, Region: in.Region},
		presage.Money{Minor: in.Money, Currency: in.Currency}, h.Catalogue.CostOf)
	if err != nil {
		return nil, err
	}
	p, err := pageOfTable(b.Items, in.TableWindow, func(l presage.BudgetLevel) string {
		return cursorOf(l.Part, l.Region, l.DepotID)
	})
	if err != nil {
		return nil, err
	}
	b.Items = p.Items
	return h.table(ctx, answered{in.Accept, budgetPage{b, p.Next}, in.link(p.Next)}, func(w io.Writer) error {
		return table.WriteBudget(w, h.Catalogue, b.Items)
	}), nil
}

func exampleBudget() budgetPage {
	return budgetPage{StockBudget: presage.StockBudget{
		Currency: "CNY", Money: 50_000_000,
		Best: presage.BudgetPoint{Value: 49_988_000, Fill: .974}, Planned: presage.BudgetPoint{Value: 50_120_000, Fill: .951},
		Curve:   []presage.BudgetPoint{{}, {Value: 20_000_000, Fill: .81}, {Value: 49_988_000, Fill: .974}},
		Shelves: 62, LeftOut: 1,
		Items: []presage.BudgetLevel{{
			Part: "BP-F-2041", DepotID: "d-east", Region: "east", Pieces: 21, Planned: 16,
			Price: presage.Money{Minor: 12000, Currency: "CNY"},
		}},
	}}
}

const exampleBudgetCSV = `part,name_zh,name_en,depot,region,planned,best,more,price,value_change,currency
BP-F-2041,前制动摩擦片套件,Front brake pads kit,d-east,east,16,21,5,120.00,600.00,CNY
`
