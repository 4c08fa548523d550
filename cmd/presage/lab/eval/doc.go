// Package eval measures the service against the world: recordings of real cars
// go through its own wiring over MQTT and are lived through night by night, and
// a simulated fleet is followed beyond the last prognosis to see what came true.
//
//	recordings --MQTT--> broker --> ingest --> store     rows, throughput
//	                                             |
//	        the clock, a recorded day at a time  v
//	                                   night: roll-ups, prognoses, decisions    invalid codes, alarms, lead time
//
//	a world nobody acts in --> ingest --> night (100 times) --> prognoses
//	     |                                                          |
//	     +--> 90 days more --> hidden truth ----------------------> scores
//
// What is expected of the recordings comes from reading the files here, by a
// CSV reader of its own, and from their publishers; nothing is expected that
// the service has computed. A check that fails is a MISS. The fleet's scores
// are reported as they are, for a world has no outside reference.
package eval
