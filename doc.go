// Package presage is the vocabulary of the service: vehicles and what they
// measure, components and how long they will last, cases, offers, bookings and
// parts, and the kinds of error. It imports the standard library alone; every
// stage of the service is written against it.
//
//	vehicles --MQTT--> ingest --> telemetry store --> roll-ups --> prognoses
//	                                                                  |
//	     labels <-- workshop result <-- booking <-- offer <-- case <--+--> parts demand
//
// Times are UTC. VINs, phone numbers and secrets mask themselves when logged.
package presage
