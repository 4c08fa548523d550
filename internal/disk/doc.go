// Package disk holds what the Pebble databases of this program share: what an
// error of opening one means to its owner, how much of the disk must stay
// free, and which of Pebble's words reach the log.
package disk
