// Package stock turns distributions of demand into what to order, what to move and
// what lies there for nothing. It is arithmetic on its arguments: no I/O, no
// clock, no randomness.
//
//	position = on hand + on order - reserved
//	s  the reorder point: order when the position is below it
//	S  order-up-to: s + Q - 1, where Q pieces are the least order worth placing
//	   (demand of the cover days, the supplier's minimum, whole packs)
//
// Reserved pieces are promised to booked visits and already taken out of the
// position, so the demand handed in must not hold booked visits again.
//
// # The protection interval
//
// What is not ordered today can be ordered at the next review, R days on, and
// arrives a lead time L later: the position must protect L + R days. L is
// random, so the demand D of the interval is a mixture over L of the distributions of so
// many days (never a sum of quantiles): exact when lead times do not depend on
// demand and orders do not overtake (Zipkin 2000, Foundations of Inventory
// Management, section 7.4). During evaluates it on at most seven strata of L,
// finer in the late tail, each at its mean.
//
// # Policies
//
// With whole pieces ordered Q at a time the position is, in the long run, as
// often at each of s ... S (Hadley and Whitin 1963; exact for unit demand and
// for orders of whole packs of Q), so that a criterion is its mean over them:
//
//	service_level  the smallest s with P(D <= s) >= target               (P1)
//	fill_rate      the smallest s with mean of P(D < y), y = s...S >= target  (P2)
//	               = 1 - [E(D-s+1)+ - E(D-S)+] / Q
//	newsvendor     the smallest s with mean of P(D <= y) >= p / (p + h):
//	               the least cost of p a piece-day short and h a piece-day held
//
// P1 and P2 are those of Silver, Pyke and Thomas, Inventory and Production
// Management in Supply Chains (4th ed., chapter 6); the discrete forms are
// Hopp and Spearman, Factory Physics (3rd ed., section 2.4). The whole review
// interval is counted as unprotected, which errs on the side of service.
//
// # Lead times
//
// A lead time is gamma distributed. Its mean starts at the catalogue's, worth
// a few orders, and follows what was received (inverse-gamma conjugacy);
// orders still open count as later than their age (EM); late outliers are
// pulled in to four times the centre. See LeadPrior.
//
// # The rest
//
// Transfers moves surplus to depots in need by marginal analysis (Sherbrooke
// 2004, Optimal Inventory Modeling of Systems, chapter 2). Chains follows parts
// that replace parts. Simulate lives through a history under a
// policy, for curves of service against stock value.
package stock
