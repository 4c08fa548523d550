// Package backup writes copies of a data directory that prove themselves, and
// puts them back.
//
// A backup is a folder:
//
//	manifest.json  what is in it: format, program, time, counts, and the size
//	               and SHA-256 of every file
//	...            the files, as they lie in the data directory
//
// Create gathers the parts beside the folder, in DIR.partial, and renames that
// when every file and the manifest are on the disk: a folder of the right name
// is whole. Restore checks every sum while it copies into an empty directory,
// and moves the files to their places at the end; until then a folder
// ".restoring" marks the directory as unfinished.
//
// The package knows files alone. What belongs into a backup, how it is copied
// while others write, and in which order, is its caller's.
package backup
