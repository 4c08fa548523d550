// Package fleet computes the exact distribution of how many pieces a fleet
// will ask for, when each vehicle asks by itself with its own probability.
//
// The number of failures among independent vehicles with unequal
// probabilities is Poisson-binomial. Its mass function is the convolution of
// the vehicles' two-point masses; Sum builds it by divide and conquer:
//
//	vehicles   p1 p2 ... p128 | p129 ... p256 | ...   blocks: direct convolution
//	                 \          /
//	                  window * window                 short windows direct, long ones by FFT
//	                        \                         (gonum dsp/fourier)
//	                       the fleet
//
// After each step the masses below 1e-18 at both ends are cut off, so that a
// block of n vehicles keeps a window of about 17 standard deviations instead
// of n + 1 cells: the work grows about linearly with the fleet. What was cut
// below is put on the first cell kept, what was cut above is kept as Tail, so
// that cells and tail sum to one; the total cut is below 1e-12 for a million
// vehicles.
//
// Independence is a lie that gets worse as the fleet grows: all vehicles
// share the error of the model that gave them their probabilities. Shared
// mixes that in as a common frailty, so that the relative width of the band
// has a floor however large the fleet is.
//
// Where each draw of the uncertain parameters has its own convolution, Mixture
// takes their mean instead; SumOf adds vehicles that may need a part more than
// once, because what was renewed fails again.
//
// Everything here is a pure function of its arguments and leaves them alone.
package fleet
