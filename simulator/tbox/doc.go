// Package tbox writes what a car's telematics box sends: the telemetry
// contract's JSON, built by append, and everything that goes wrong on the air.
package tbox
