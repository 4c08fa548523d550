// Package dealer takes in what the system of a dealer says, and gives out what it
// asks for.
//
// A file (JSON, or CSV of one kind) becomes rows of texts with their places, then
// records, then one transaction of the store: all of it or nothing. Every fault is
// named by its place, whichever step finds it, as far as the step before went well.
//
//	JSON, CSV --Read--> rows --records--> batch --Import--> report
//
// Records are known by (source, kind, the dealer's id): a table of its own says
// which record of ours that is. Columns in each table would touch every statement of
// the store, allow one dealer's system a record, and have no place for a revision.
//
// Who wins: the dealer's booking stands. Its customer is at the counter, and the
// dealer knows its bays; a booking of ours that it meets keeps its time if another
// bay and technician are free, else it is cancelled and a person calls: that is what
// the keeper of package visit does for every bay that is gone. A booking that was
// sold here and that the dealer moves or cancels moves or is cancelled here, and its
// customer is told once.
package dealer
