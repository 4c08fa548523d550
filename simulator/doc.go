// Package simulator is a virtual fleet with a hidden truth: vehicles that
// drive, brake, charge and park, components that wear and fail by laws of
// their own, telematics boxes that publish as untidily as real ones, customers
// who answer or do not, and workshops that see what was really worn.
//
//	          habits, weather                    physics: the hidden truth
//	                |                                 |            |
//	midnight --> plan --> trips, charging, parking --> wear --> failure --> Breakdowns
//	                              |                   ^                         |
//	                              v                   | new parts <-------------+
//	         Advance <-- faults <-- tbox              |
//	                                                Visit <-- Answer <-- an offer
//
// It never imports models or forecast: both sides meet only in telemetry and
// workshop results, so that nobody is judged by their own law.
//
// # Determinism
//
// The same Config gives the same bytes in the same order, however the time is
// cut into calls of Advance: every vehicle draws from random streams of its
// own, steps happen in the order of (time, vehicle), and messages leave in the
// order of (arrival, vehicle, sequence). What a customer answers depends on
// the seed and the message's key, what a visit finds on the truth, the seed
// and the booking's ID. Visit changes the truth, so runs are alike only while
// they book alike.
//
// # Packages below
//
// physics holds the laws of wear and of the weather, tbox the wire format and
// its faults, cast the invented people, makes and places, recorded the readers of
// real recordings (it shares nothing with the virtual fleet but the wire).
package simulator
