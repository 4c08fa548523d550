// Package influx keeps telemetry in InfluxDB through the version 2 API:
// /api/v2/write and Flux on /api/v2/query. InfluxDB 2 and InfluxDB 1.8 (with
// flux-enabled = true) both answer it; for 1.8 the bucket is "database/policy",
// for example "presage/autogen", and the token is empty or "user:password".
//
// # Layout
//
//	telemetry,vin=LPSPRSG10RA000042 Vehicle.Speed=53.2,Vehicle.State="ON" 1732173390123
//	rollup,component=brake_pads_front,vin=LPSPRSG10RA000042 pad_wear_front_pct=71.5 1732147200000
//	prognosis,component=brake_pads_front,vin=LPSPRSG10RA000042 fail_30d=0.12,life_days=81 1732147200000
//
// One tag, one field a signal, timestamps in milliseconds. Presage's own series
// (presage.OwnPrefix) stand beside it in measurements of their own, with the
// component as a tag: what a day came to and what was foretold on it, each at the
// first instant of the day (UTC), so that a later pass of a day replaces the earlier.
// (vin, time, field) is InfluxDB's own identity: a repeat overwrites itself,
// other fields of the same instant join.
//
//	number   float                    a NaN or an infinity is turned away
//	bool     boolean
//	text     string                   as it is, except: \"...", a backslash and the text as a JSON
//	                                  string, if it starts with [ or \ or holds control characters
//	array    string "[3.701,null]"    a JSON array; null is NaN, infinities are turned away
//
// InfluxDB fixes the type of a field when it first sees it. A signal that
// comes as another kind later is turned away, reading by reading.
//
// Lines are appended to memory that is used again, and go to a server on
// another machine compressed at the fastest level of gzip.
//
// # What a failed write means
//
// A *RejectedError lists what the server will never take, each with its own
// reason; everything else of that write is stored. A server tells one fault of a
// request alone, so the others are found by sending parts of it again, which is
// harmless, because writes are idempotent. That takes some 500 requests of a write
// at the most; a vehicle with more faults than that loses its part of the write
// to one letter with a reason that says so. Every other failure is
// ErrUnavailable: nothing is known about the write, send it again later. Only
// a refusal that names the data (cannot be parsed, field type conflict, beyond
// the retention policy) rejects; a 400 that does not, from a proxy say, holds.
// Such a failure has a Kind ("404", "5xx", "timeout", "no_answer", ...) and the
// server's Retry-After.
package influx
