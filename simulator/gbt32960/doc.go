// Package gbt32960 makes terminals of GB/T 32960.3 out of simulated vehicles:
// an Encoder writes what a vehicle publishes as frames of the 2016 or the 2025
// edition, and a Terminal sends them over TCP as the standard wants, one
// connection a vehicle.
//
//	simulator.Message --Encoder--> real-time frames --Terminal--> platform
//	                                     ^                            |
//	                                     +--- sent again as 0x03 <----+ no response
//
// It is written after the standard's tables and shares nothing with what reads
// frames: both meet only in the bytes. Signals that the standard has no register
// for (tyres, pads, the 12 V battery) are left out; registers that a vehicle
// does not know hold the code for "invalid".
package gbt32960
