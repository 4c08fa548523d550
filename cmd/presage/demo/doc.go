// Package demo lets a simulated fleet live with the service: first some months
// at a virtual clock, through the same decoding and storing as the wire, then
// live over MQTT at an accelerated pace.
//
//	world --messages--> service --offers--> customers (of the world)
//	  ^                    |                    |
//	  +---- visits <-- bookings <---------------+
//
// The world (package simulator) and the service meet in three places only:
// telemetry, messages with their answers, and workshop results. Nothing of the
// world's hidden truth reaches the service.
package demo
