// Package tsdb is the embedded telemetry store: one Pebble database in one
// directory, one row per (vehicle, time), every Write synced to disk before it
// returns.
//
// # On-disk format, version 1
//
// Keys sort bytewise. All of one vehicle's rows lie together, ascending by time.
//
//	'f'                                -> format version, one byte (1)
//	'n' id(4, big endian)              -> signal name, UTF-8; nothing for a name forgotten
//	'r' VIN(17) time(8, big endian)    -> row
//	'i'                                -> which store this is, 32 hexadecimal digits
//	'p'                                -> nothing; written by Probe
//	'd'                                -> bytes of tables that are expired rows, about (8, big endian)
//
// time is Unix milliseconds with the sign bit flipped, so that times before
// 1970 sort first. A row is a list of readings in ascending order of signal id,
// no id twice:
//
//	reading = uvarint((id - previous id) << 4 | tag) payload     previous id of the first is 0
//
//	tag 0     number    8 bytes, IEEE 754, little endian
//	tag 1-6   number    zigzag varint m; the number is m / 10^(tag-1)
//	tag 7     false     nothing
//	tag 8     true      nothing
//	tag 9     string    uvarint length, bytes
//	tag 10    array     uvarint count, one byte tag (0-6), then count payloads of a number
//
// A number takes a decimal tag only if decoding gives the same 64 bits back;
// most readings of a car have few decimals and take two or three bytes.
// Blocks are compressed with zstd.
//
// Signal ids count from 1 and are never reused. A name is written in the same
// batch as the first row that uses it, so no crash can part them.
//
// Names of the signal table and of Presage's own series are always taken; of
// others 262,144 at the most are in the table, each of 512 bytes at the most
// (package names lets far fewer through). Forget takes names out; readings
// under their ids are skipped.
//
// # Late and repeated rows
//
// A row newer than everything stored for its vehicle is set; any other row is
// a Pebble merge operand. The merge operator (name "presage.readings.1")
// unites operands, the newest reading of a signal wins. So a repeat changes
// nothing, and two messages with different signals of one instant both survive
// without anything being read before the write. An operand that cannot be
// decoded is kept behind the escape byte 0x0f, then every operand with its
// uvarint length: nothing is thrown away, and reading the row is an error
// wrapping ErrCorrupt.
//
// # Retention
//
// Expire puts one Pebble range delete over the rows of a vehicle before a time.
// Range deletes hide rows at once; the space of the tables comes back when they
// are rewritten, which Expire asks for when 'd' says that it is worth while.
//
// # Batches, version 1
//
// AppendBatch writes samples in bytes of their own, for a log that waits for
// another store. text is a uvarint length and bytes; ids count from 1 in the
// order of the names of this batch.
//
//	batch  = version(1 byte, 1) uvarint count, names (text each), uvarint count, samples
//	sample = VIN (text) zigzag varint Unix seconds, uvarint nanoseconds, uvarint length, row
//
// # Damage
//
// A row that does not decode is named (vehicle, masked, and time) and skipped;
// the others are read. Pebble keeps a checksum of every block (32 KiB before
// compression): a block that fails it cannot be read, the scan that meets it
// ends with an error that names the vehicle and the last time read, and days
// that lie in other blocks are not concerned.
//
// # Copies
//
// Checkpoint makes a consistent copy of the directory while others write: the
// tables, which never change, as hard links on the same file system, else
// copied; the write-ahead log copied. Inspect opens one without changing it.
//
// # Concurrency
//
// A Store is safe for concurrent use by many goroutines of one process; the
// directory belongs to one process at a time.
package tsdb
