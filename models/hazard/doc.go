// Package hazard learns from a user's own history which units fail within the
// next period: a discrete-time hazard by gradient-boosted trees with a logistic
// link (Friedman 2001; second-order steps and regularised leaves as Chen and
// Guestrin 2016), calibrated by isotonic regression.
//
//	rows in the order of time
//	|---------- fit ----------|- stop -|- calibrate -|- hold out -|
//	   trees grow on these     ends      isotonic      scores, told
//	                           growth    regression    but not used
//
// The stop part tells how many trees there are to be. As many are then grown on
// fit and stop together, whose scores of the calibrate part give the isotonic
// regression, and last on all three, which is the model.
//
// A row is a unit in a period with its features and whether it failed in it, or
// within a horizon after it (Label). A row's label may look no further than the
// end of its part: rows whose horizon reaches into the next part are left out,
// so that nothing later than a part is known in it.
//
// Monotone constraints hold by construction: at a split on a constrained feature
// the children's values stay on their sides of the middle for all that grows
// below, and isotonic regression never falls. A missing value (NaN) goes the
// way at each split that the fit found better. Everything is deterministic by
// the random source.
package hazard
