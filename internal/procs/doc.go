// Package procs starts the real servers that tests and measurements need, each
// as a process of its own on a loopback address, and ends them by their process
// id. A server that keeps its directory and its address can be killed and
// started again where it was.
//
// Test packages have their own way in (influxtest, mosquittotest), which skips
// a test where a server is not installed.
package procs
