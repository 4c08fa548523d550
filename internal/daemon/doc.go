// Package daemon runs a server program as a child process for tests and
// measurements: it starts it, waits until it answers, keeps the end of what it
// printed for the day it does not, and stops it.
package daemon
