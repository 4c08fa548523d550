// Package watch judges telemetry as it arrives, for what cannot wait for the
// nightly scoring: insulation lost, a tyre going flat, a cell running away.
//
// A rule is data (presage.WatchRule). On each of its signals, or on its events,
// it has one state a vehicle:
//
//	      condition holds        held For, Samples times
//	idle ----------------> pending ----------------> firing
//	 ^ <------------------    |                      |    ^
//	 |     no longer          |      clear condition |    | not clear any more
//	 |                        +                      v    |
//	 +------------------------------------------- clearing
//	               clear for Clear.For
//
// # Time
//
// Everything is measured in event time, the vehicle's own clock, and moves
// forwards only: a reading that is not newer than the newest judged one of its
// signal changes nothing. A repeat is thus harmless, and so is a backlog that
// arrives behind fresh data: what the vehicle says now outranks what it said
// then.
//
// A backlog that arrives in order is judged like everything else, but an alert
// that fires on data older than StaleAfter is stale: it is kept and shown,
// metrics count it, and nobody is called. The first fresh reading that still
// meets the condition confirms it, and then it is told like any other; when the
// condition is over by then, it ends without having troubled anybody. Repeat
// counts from alerts that were not stale.
//
// Readings outside the signal table's range and the protocols' "invalid" codes
// are not judged at all: they neither fire a rule nor clear it. A silence
// changes nothing either, except that one longer than Gap begins the count
// towards firing anew; an alert stands until the vehicle itself shows better.
//
// # Crashes
//
// Observe is called after the durable write and before the acknowledgement. It
// stores what changed phase, in one statement, and returns; a batch without a
// change of phase stores nothing. After a crash the same batch comes again and
// leads to the same states. An alert is told to whoever opens cases by Deliver,
// from the stored states: what was not told before a crash is told after it,
// what may have been told twice carries the same id, and the receiver holds to
// that. The windows of fall and rise are not stored: after a start they fill
// again, which takes their length.
//
// # Several processes
//
// Where messages of one vehicle may come to several processes (Deps.Shared), a
// reading that changes a state changes the stored one, in a transaction that no
// other process gets between; readings of vehicles that are well, nearly all, cost
// nothing. What others have changed is learnt once a second. An alert is told by the
// process that found it; when it has not within 30 seconds, by the others. The windows
// of fall and rise hold the readings that came to the process itself: of three, each
// sees a fall by a third of the readings, a few samples later than one alone would.
package watch
