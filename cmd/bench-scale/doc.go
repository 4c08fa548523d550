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
package main
