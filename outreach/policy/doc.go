// Package policy decides whether and when a vehicle should be asked in: the
// visit day of least expected cost, and which other components join the visit.
// It is pure: no clock, no store, no randomness of its own. The same Input
// gives the same Decision, bit for bit, and a stored Decision can be replayed.
//
// For a component i and a visit d days ahead,
//
//	F_i(d)  probability of failing before day d (the prognosis, constant hazard between its horizons)
//	B_i     cost of a breakdown on the road      P_i  price of the job
//	r_i(d)  share of the component's whole life that is still left on day d, if it lives to see it
//	c_i(d)  = B_i F_i(d) + P_i r_i(d) (1 - F_i(d))
//
// and a visit that bundles the components S costs
//
//	C(d) = sum over S of c_i(d) + V + A
//
// with the visit cost V (the customer's way and the reception) and the
// annoyance A paid once, however many components are bundled. The day is the
// first minimum of C among the days on which a slot and all parts can be had.
// Life is thrown away only by a component that survives to be replaced, hence
// the factor 1 - F: with it, and with B >= P, a higher hazard never moves the
// day of a component later (the difference C(b) - C(a) for a < b has the sign of
// B Q + P r(b) (1 - Q) - P r(a), with Q the probability of failing between a
// and b, which rises with Q).
//
// Every component that is due is in the visit. One that is on watch joins when
// the joint visit is cheaper than two visits apart, the second at the best
// time of that component's life.
package policy
