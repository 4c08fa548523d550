// Package ingest takes what vehicles send and makes it durable before anybody
// is told that it arrived.
//
//	Submit --> queue (bounded) --> decode --> batch --> telemetry store (several at a time)
//	                                  |                      |
//	                                  |            in order: dirty days, last seen,
//	                                  +-- faults --> events, watcher, dead letters
//	                                                         |
//	                                                   Ack, in order
//
// A batch is written when it is full or has lingered. While one is on its way
// the next one grows, and starts beside it only when it is full: batches get
// larger under load, a slow store gets several at a time, and latency stays low
// without load. Whichever is written first, batches are finished and
// acknowledged in the order of submission; one that fails holds those behind it.
//
// Every step is repeated until it succeeds, with growing waits, or with the one
// that the store asks for: a store that is down stops the acknowledgements and,
// through the bounded queue, whoever submits, and nothing else. All steps may be
// repeated after a crash: (vehicle, time, signal) is the identity of a reading,
// (vehicle, time, type, code) that of an event, (topic, payload, reason) that of
// a dead letter as long as it is open.
//
// What a vehicle may choose is bounded: payloads by Config.MaxPayload, both ways
// of gzip; what waits by QueueMessages and QueueBytes; what is decoded by
// BatchBytes and one message, in Writers batches; topics (65,536 of 128 bytes)
// and short texts (4,096 of 64 bytes) that are remembered; vehicles that the rate
// limit (2 x 100,000), the fleet's clock (64) and TouchVehicles (a million)
// remember; letters of a message, their details (512 bytes). Letters as such are
// bounded by DeadLetters. docs/limits.md tells what happens at each bound.
//
// The memory of samples belongs to their batch and is used again when it is
// acknowledged; Store and Watcher say what may be kept.
//
// What cannot be decoded becomes a dead letter with its reason, then it is
// acknowledged like the rest. One message gives at most one letter for each
// reason, and for what the store refuses one for each of eight reasons of the
// store; its payload is the message, or the samples concerned as a document of
// their own, so that Redrive can send it through again.
//
// # Values without a time
//
// A format whose values carry no time gets that of arrival (Decoded.Untimed), or
// the estimate of Message.Sent. Values of one vehicle and signal never share a
// millisecond; for that the newest instant of 2 x 20,000 vehicles is remembered,
// with at most 32 signals each.
package ingest
