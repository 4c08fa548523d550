package stock

import "presage"

// free is what lies on the shelf and is not promised; negative when more is
// promised than lies there.
func free(s presage.Stock) int { return s.OnHand - s.Reserved }

// Excess is how many pieces on hand, not promised, are above keep: the order-up-to
// level or a high quantile of a long horizon's demand, whichever is higher.
func Excess(s presage.Stock, keep int) int { return max(0, free(s)-keep) }

// Value is so many pieces at their purchase price.
func Value(pieces int, cost presage.Money) presage.Money {
	return presage.Money{Minor: int64(pieces) * cost.Minor, Currency: cost.Currency}
}

// DaysOfSupply is how long the pieces last at the mean demand; 0 for none or
// fewer, -1 where nothing is asked for.
func DaysOfSupply(pieces int, perDay float64) float64 {
	if !(perDay > 0) {
		return -1
	}
	return float64(max(pieces, 0)) / perDay
}
