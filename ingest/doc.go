// Package ingest takes what vehicles send and makes it durable before anybody
// is told that it arrived.
//
//	Submit --> queue (bounded) --> decode --> batch --> telemetry store
//	                                  |                      |
//	                                  |            dirty days, last seen,
//	                                  +-- faults --> events, dead letters
//	                                                         |
//	                                                   Ack, in order
//
// A batch is written when it is full or has lingered; while the stores are
// busy the next one grows, so that batches get larger under load and latency
// stays low without it. Every step is repeated until it succeeds, with growing
// waits: a store that is down stops the acknowledgements and, through the
// bounded queue, whoever submits, and nothing else. All steps may be repeated
// after a crash: (vehicle, time, signal) is the identity of a reading, (vehicle,
// time, type, code) that of an event, (topic, payload, reason) that of a dead
// letter as long as it is open.
//
// What cannot be decoded becomes a dead letter with its reason, then it is
// acknowledged like the rest. One message gives at most one letter for each
// reason; its payload is the message, or the samples concerned as a document of
// their own, so that Redrive can send it through again.
package ingest
