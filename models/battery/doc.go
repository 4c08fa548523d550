// Package battery holds what batteries tell of themselves: the capacity of a
// high-voltage pack from the charge moved over a change of the state of charge,
// how it will fade, the cells that stay below their pack, and 12 V readings
// brought to 20 degC. Floats in, floats out: no clock, no I/O.
//
// # Weak cells
//
// A cell is compared with the median of its pack, at little current and by the
// slope of its deviation against current, and named when it stays below
// every other one by a gap and far below the median in robust scales of the
// cells below it, on most of the newest days (Rule). A high cell is not a fault, nor is a module
// that differs as a whole. The rule counts on chance alone for 0.05
// suspicions and 0.01 warnings a pack and year. On synthetic sound packs with
// the mess of real ones (watch_test.go; 1,200 packs over 90 days and 300 over a
// year, 596 pack-years), whose cells' charges scatter
//
//	normally                               0.02 suspicions, 0.005 warnings a pack and year
//	as Student t, 8 degrees of freedom     0.03              0.005
//	as Student t, 5 degrees of freedom     0.06              0.04
//
// the last being cells that a workshop would call out of balance.
package battery
