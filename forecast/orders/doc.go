// Package orders is the planners' book of purchase orders and of what moves on the shelves.
//
//	reorder list --advice--> proposed --place--> placed --confirm--> confirmed
//	       draft ----------^                        |                   |
//	                                                +----- receive -----+--> partly_received --> received
//	                                                +----- cancel ------+--> cancelled
//
// What it guarantees:
//
//   - What is placed stays on order until it is received or cancelled, piece by piece:
//     receiving 3 of 10 leaves 7. No day that passes makes it arrive.
//   - Every act has a key of the caller's. The same act again, by the same process or
//     another, changes nothing and answers as the first did; a key used for something
//     else is an ErrConflict. Without a key an act is done each time.
//   - An order with an external ID exists once.
//   - What is on hand is the sum of the movements of a part at a depot. Movements are
//     numbered from 1 without a gap and never changed: a mistake is mended by another
//     one. Visits and receipts write theirs in the transaction that does the rest.
//   - All lines of an act are done, or none; an error names every line that is wrong.
//
// The days that orders took are what forecast.LearnLeads learns lead times from.
package orders
