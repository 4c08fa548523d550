// Package wear holds the laws of quantities that drift towards a limit: a
// Bayesian line with a fleet prior and heavy-tailed noise, renewal detection,
// and the distribution of the first passage through the limit when both the
// line and the usage ahead are uncertain. Floats in, floats out: no clock, no
// I/O, and no call changes its arguments.
//
//	y |            . limit ------------------------------------
//	  |                                     .  ' band: posterior lines
//	  |     o   renewal             . o '   x  future usage: lognormal,
//	  |  o   |                . o '            three Gauss-Hermite nodes
//	  | o    |  o    o   o '
//	  +------+--------------------|---------------------------- x (km or days)
//	                            newest reading
package wear
