// Package disk holds what the Pebble databases of this program share: what an
// error of opening one means to its owner, how much of the disk must stay
// free, what happens when it does not, and which of Pebble's words reach the log.
//
// # A full disk
//
// Room keeps a reserve (256 MiB): who writes asks it first, so that a disk that
// fills slowly never fails a write. When others fill it between the question
// and the write, or under a flush or compaction, RetryFS makes the write wait
// and go on by itself; the same holds for file descriptors. Pebble would end
// the process for its log and manifest, and repeat a flush by itself. After a
// failed sync the process does end: what is on the disk then is unknown.
package disk
