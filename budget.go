package presage

import (
	"cmp"
	"slices"
)

// StockBudget is the best that a sum of money can do for an assortment: the stock levels with the
// fewest pieces short over each shelf's lead time. Money is in minor units of the currency.
type StockBudget struct {
	Currency string        `json:"currency"`
	Money    int64         `json:"money" doc:"That may be bound, in minor units"`
	Best     BudgetPoint   `json:"best" doc:"What the money does at the best"`
	Planned  BudgetPoint   `json:"planned" doc:"What the plan's order-up-to levels do"`
	Curve    []BudgetPoint `json:"curve" doc:"The best fill for each value, ascending, a few hundred points at most"`
	Shelves  int           `json:"shelves" doc:"Parts at depots that are asked for and have a price"`
	LeftOut  int           `json:"left_out" doc:"Parts at depots without a price in the currency"`
	Items    []BudgetLevel `json:"items" doc:"By part, region and depot"`
}

// BudgetPoint is a value of stock and the share of demand that it serves.
type BudgetPoint struct {
	Value int64   `json:"value" doc:"Of the levels at purchase prices, in minor units"`
	Fill  float64 `json:"fill" doc:"Share of the pieces asked for over the lead times that the levels cover, 0 to 1"`
}

// BudgetLevel is the best level of one part at one depot, in pieces.
type BudgetLevel struct {
	Part    string `json:"part"`
	DepotID string `json:"depot_id"`
	Region  string `json:"region"`
	Pieces  int    `json:"pieces" doc:"Level that the money pays"`
	Planned int    `json:"planned" doc:"The plan's order-up-to level"`
	Price   Money  `json:"price" doc:"Of a piece"`
}

// Change is what the best level costs more than the planned one; less when below 0.
func (l BudgetLevel) Change() Money {
	return Money{Minor: int64(l.Pieces-l.Planned) * l.Price.Minor, Currency: l.Price.Currency}
}

// CostOf is what a piece of a part is bought for; none of a part that left the catalogue.
func (c *Catalogue) CostOf(part string) Money {
	p, err := c.Part(part)
	if err != nil {
		return Money{}
	}
	return p.Cost
}

// PriceCurrencies are those that parts are bought in, the commonest first.
func (c *Catalogue) PriceCurrencies() []string {
	count := map[string]int{}
	var out []string
	for _, p := range c.Master().All() {
		if p.Cost.Minor <= 0 {
			continue
		}
		if count[p.Cost.Currency] == 0 {
			out = append(out, p.Cost.Currency)
		}
		count[p.Cost.Currency]++
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(count[b]-count[a], cmp.Compare(a, b)) })
	return out
}
