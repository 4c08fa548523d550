// Package visit is outreach's appointment desk: it looks for slots, sells, moves
// and frees them, shows the customer's page, and takes what the workshop found.
//
//	slots --Book--> booked --Arrive--> arrived --RecordResult--> done
//	                  |  ^
//	        Cancel <--+  +-- Book again: moved
//
// The store sells a slot under its constraints; what is found free here may be
// gone by then, which is an ErrConflict.
package visit
