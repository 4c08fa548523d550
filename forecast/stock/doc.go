// Package stock turns a distribution of demand into what to order: a
// continuous (s, S) policy reviewed once a day (Silver, Pyke and Thomas,
// Inventory and Production Management in Supply Chains, 4th ed., chapter 6).
//
//	position = on hand + on order - reserved
//	s  the reorder point: covers the demand of lead time + one day of review
//	S  order-up-to: covers the demand of lead time + review + cover
//	order when position < s, up to S, in whole packs
//
// Reserved pieces are promised to booked visits and already taken out of the
// position, so the demand handed in must not hold booked visits again.
package stock
