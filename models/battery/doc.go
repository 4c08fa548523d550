// Package battery holds what batteries tell of themselves: the capacity of a
// high-voltage pack from the charge moved over a change of the state of charge,
// the cell that stays below its pack, and 12 V readings brought to 20 degC.
// Floats in, floats out: no clock, no I/O.
package battery
