// Package spool keeps what ingest has taken in while the telemetry store is
// away, so that acknowledgements go on where the broker cannot hold.
//
//	             the store answers
//	Write ------------------------------> store <----------+
//	   |                                                   | oldest first
//	   |  it has not for Grace,                            |
//	   |  or something is spooled                          |
//	   +----------> journal (synced, bounded) --> Run (drain) --> dead letters, dirty days
//
// Write hands samples to the store. An error is the caller's to try again with
// the same samples, until the store has failed for Grace; from then on batches
// are appended to the journal, a local log synced to the disk before Write
// returns nil: the promise "acknowledged means durable" is kept by the journal.
// At its bound Write fails with ErrUnavailable, so that acknowledgements stop;
// nothing that was taken is ever dropped to make room.
//
// # Order
//
// A newer value of a reading must win over an older one. Therefore, while
// anything is spooled, everything is appended behind it, though the store may
// answer again; Run writes the batches in their order and removes a
// batch only when the store has it, its refused readings are dead letters and
// its days are marked dirty (they were when it was spooled, yet a roll-up found
// nothing then). The removal is synced before the next write, so that a batch
// is never replayed behind a newer one. Batches go to the store together, up to 5000
// samples: one by one a spool of small ones fills faster than it is emptied while vehicles
// send. A batch with an instant that one before it has begins the next write. Two calls of Write at the same time
// have no order, with or without a spool.
//
// A crash at any point leaves batches that are written once more, which changes
// nothing: (vehicle, time, signal) is the identity of a reading. A refused
// reading may be a dead letter twice.
//
// Readers of the store do not see what is spooled.
//
// # On-disk format, version 1
//
// A Pebble database. All numbers are big endian.
//
//	'f'        -> format version, one byte (1)
//	'i' seq(8) -> when it was spooled, Unix milliseconds (8), length of the batch (4)
//	'b' seq(8) -> batch, as tsdb.AppendBatch writes it
//	'p'        -> nothing; written by Probe
//	'x' seq(8) -> a batch that could not be read in full, set aside for a person
//
// seq ascends by one with every batch. The bound counts the bytes of batches;
// the disk holds less in tables (zstd) and up to 64 MiB more in log files.
package spool
