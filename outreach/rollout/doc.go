// Package rollout sends new software to cars in rings, and ends the cases that it mends.
//
//	start --> ring 1 --enough have installed it--> ring 2 --> ... --> done
//	             |  too many answers are failures
//	             +--> halted: a person looks, and starts it again or closes it
//
// Each car gets one command on presage/v1/{VIN}/command, by the queue of commands:
//
//	{"type": "ota", "rollout": "SW-1", "component": "control_software",
//	 "from": ["4.1.0"], "to": "4.1.2", "install_when": "parked", "expires_at": "2026-11-12T08:00:00Z"}
//
// The PUBACK says that the car has it. What came of it the car tells by an event on
// presage/v1/{VIN}/event, and which version it runs, whenever that changes, by another:
//
//	{"ts": ..., "type": "ota", "code": "installed" or "failed", "rollout": "SW-1", "note": "..."}
//	{"ts": ..., "type": "software", "code": "4.1.2"}
//
// A case on the route over the air is mended when its car has installed the software
// and the fault is gone since. When the car failed, does not answer in time, or the
// fault comes again, the case goes on at the workshop.
package rollout
