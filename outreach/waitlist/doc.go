// Package waitlist offers freed times to customers who wish an earlier one than that
// of their visit.
//
//	AskEarlier, PutOnList --> waits --a time before the visit is free--> offered, four hours
//	                            ^                                          |        |
//	                            +------- not taken in time ----------------+        +--> taken by link: the visit moves
//
// Who waits for a repair that safety asks for is first, then who waits longest. One
// time is offered to one customer after the other, and to nobody twice.
package waitlist
