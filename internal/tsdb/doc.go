// Package tsdb is the embedded telemetry store: one Pebble database in one
// directory, one row per (vehicle, time), every Write synced to disk before it
// returns.
//
// # On-disk format, version 1
//
// Keys sort bytewise. All of one vehicle's rows lie together, ascending by time.
//
//	'f'                                -> format version, one byte (1)
//	'n' id(4, big endian)              -> signal name, UTF-8
//	'r' VIN(17) time(8, big endian)    -> row
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
// # Concurrency
//
// A Store is safe for concurrent use by many goroutines of one process; the
// directory belongs to one process at a time.
package tsdb
