// Package floor is a workshop's day as its advisers run it: the board of visits,
// who and what is missing, and cars that stand in front.
//
// What is missing is a closure or an absence in the workshop's record. A visit
// that cannot be kept for it is planned anew at once, as the sweep would do later:
//
//	Block --visits in the way?--> ErrConflict with VisitsInWayError, unless they were seen
//	  |
//	  +--> record and cases' histories --> visit.Keeper --> what became of each visit
//
// The store sells a walk-in's time like any other.
package floor
