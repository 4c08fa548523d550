// Package physics holds the laws by which the virtual fleet wears out, and the
// weather it does so in. They are the simulator's own: plausible in size and
// deliberately not the laws that the service's models assume (pads glaze and
// wear faster near the end, lead-acid batteries sulphate ever faster, a pack
// fades with the root of time). Floats in, floats out; randomness is passed in.
package physics
