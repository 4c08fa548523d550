// Package httpdoor takes telemetry in by HTTP: POST /v1/telemetry. It is a
// neighbour of the MQTT door and of the GB/T 32960 gateway, in front of the
// same pipeline: an answer of the 200 family is sent after the durable write.
//
//	request --> who? --> body (bounded) --> documents, one or more a vehicle
//	                                             |
//	answer <-- what became of each <-- ingest.Pipeline, in order
//
// It is net/http alone, so that the API only mounts and describes it: what is
// read here is larger than what JSON operations read, is not one schema, and
// has a lock of its own.
//
// # Who may send
//
// HTTP Basic with a VIN as user name and its MQTT secret as password speaks for
// that vehicle alone. An account of mqtt.gateways speaks for any vehicle, and
// so does an operator by the API's own key or login. A vehicle without a secret
// is refused, whatever mqtt.open says: an HTTP port is often behind a proxy.
//
// # What may be sent
//
//   - application/json: the document of the MQTT contract, one sample or a
//     batch. The vehicle is ?vin=, else the document's or each sample's "vin",
//     else the one that is logged in.
//   - application/x-ndjson (ndjson, jsonl): a sample a line, of many vehicles.
//   - text/plain: InfluxDB line protocol, measurement telemetry, tag vin, one
//     field a signal, timestamps by ?precision=ns|us|ms|s.
//
// Each may be compressed (Content-Encoding: gzip).
//
// # What is answered
//
// 200: all of it is stored. 207: a part is stored; the others became dead
// letters or were refused, with reasons. 422 (413 and 429 where that is why):
// nothing is stored; what is named as a letter is kept and can be driven again.
// 503 with Retry-After: nobody can tell yet; send the same again, a repeat is
// harmless. What names no vehicle is refused and kept nowhere: there is nobody
// to keep it under.
//
// # Bounds
//
//   - a body: Config.MaxBody bytes as sent and after gunzip; else 413.
//   - all bodies together: Config.MaxMemory bytes; else 503.
//   - requests at the same time: maxRequests, of one sender maxOfSender; else
//     503 and 429.
//   - reading a body: Config.ReadTimeout; waiting for the write: Config.Wait.
//   - an answer: one letter a reason, and the first maxRefusals refusals.
//   - a vehicle's documents: at most partBytes each, by which the pipeline's
//     own limits hold (messages, bytes, rate, dead letters).
package httpdoor
