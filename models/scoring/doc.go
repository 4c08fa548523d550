// Package scoring is the nightly stage between stored telemetry and
// prognoses.
//
//	dirty days --> roll-ups --> tracks (in memory) --> prognoses --> store, and both as series beside the telemetry
//
// A day is dirty when it gained rows, punctual or late; its roll-up is
// recomputed from everything stored, so repeats and stragglers simply lead to
// the same roll-up. Every vehicle is prognosed on every pass: silence ages too.
// A crash between two steps loses nothing, for a dirty day is cleared only
// after its roll-up is stored.
package scoring
