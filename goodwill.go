package presage

import "time"

// Goodwill is a share of a visit's price that an adviser lets a customer off. What a
// warranty or a recall pays is free already.
type Goodwill struct {
	Percent int       `json:"percent"` // 1-100
	Why     string    `json:"why"`     // in the adviser's words
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// Left is what the customer still pays of a price; the rounding is in their favour.
func (g *Goodwill) Left(price Money) Money {
	if g != nil && g.Percent > 0 {
		price.Minor = price.Minor * int64(100-min(g.Percent, 100)) / 100
	}
	return price
}
