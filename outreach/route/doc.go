// Package route chooses how a case is repaired: over the air, by a van, at the
// workshop, or by a rescue. It is pure: the same question gives the same answer, with
// its reason as data.
//
// Two rules come first. A car that stands still is fetched, and what is a danger is
// looked at by people. Of the other ways that the catalogue allows and that can be had
// now, the cheapest is chosen: the catalogue says what each costs beside the repair.
//
//	stands still                          -> rescue
//	a matter of safety                    -> workshop
//	over the air: a roll-out for the
//	  version that the car runs           |
//	mobile: a van is free, and the car    |-> the cheapest of them
//	  stands within its radius            |
//	workshop                              |
package route
