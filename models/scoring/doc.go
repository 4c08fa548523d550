// Package scoring is the stage between stored telemetry and prognoses.
//
//	dirty days --> roll-ups --> outdated vehicles --> prognoses --> store, and both as series beside the telemetry
//
// A day is dirty when it gained rows, punctual or late; its roll-up is
// recomputed from everything stored, so repeats and stragglers simply lead to
// the same roll-up. A vehicle is outdated when it has a new roll-up, a new
// finding of a workshop or new master data; the store marks it in the same
// transaction. ScoreNew prognoses these and no other: what it costs grows with
// what is new. Score prognoses every vehicle, once a night: silence ages too.
// Both give the same prognoses, bit for bit.
//
// Nothing of a vehicle is kept in memory between passes. A year of roll-ups is
// read and unpacked in less time than it takes to judge it, so that a cache
// would save little, and it would be wrong as soon as another process rolls up.
//
// A crash between two steps loses nothing: a dirty day is cleared after its
// roll-up is stored, and a vehicle is off the list after its prognoses are.
package scoring
