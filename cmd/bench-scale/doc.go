// Command bench-scale measures what a fleet costs: a pass over what is new, the
// pass of a night, memory, bytes in the relational store and a restart.
//
//	bench-scale --vehicles 100000 --days 25
//
// It makes a database of its own in a folder that it removes, gives every
// vehicle roll-ups of a car that wears, and works on them as the service does:
// the same store, the same stage. Only the samples of one day are in memory: how
// they get into and out of the telemetry store is what bench-ingest measures.
// The fleet is made by a process of its own, so that its memory does not count.
//
// With --share 1,2,3 it lets so many processes judge a night each of a fleet on one
// PostgreSQL, which it starts, and says what the night cost both, how often connections waited
// for locks, and whether a vehicle was judged twice or not at all.
package main
