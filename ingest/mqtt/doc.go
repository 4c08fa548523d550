// Package mqtt connects ingest to an MQTT 3.1.1 broker: a Subscriber that
// acknowledges after the durable write, and a Publisher that speaks as one
// vehicle.
//
// # Subscriber: window and back-pressure
//
//	broker --PUBLISH--> read loop --> window (bounded) --> Submit --> durable --PUBACK--> broker
//
// The session is persistent and every PUBLISH is acknowledged by hand, in
// order, when the pipeline says that it is durable. The client library calls
// its handler on the goroutine that also sees ping responses, so the handler
// only puts the message into a window; a feeder moves the window into the
// pipeline and may block there for as long as the stores are down.
//
// The window holds at most Config.Window messages and Config.WindowBytes bytes.
// It is meant to be larger than what the broker sends without an
// acknowledgement (its in-flight limit), and then it never fills: an outage of
// the stores simply stops the flow, and pings go on. A repeat (DUP) of a
// message that is in the window is dropped, because its acknowledgement is on
// the way. Should the window fill all the same, the subscriber takes nothing
// more, waits until all in the window is acknowledged, and connects again: the
// broker sends the rest once more. It must not disconnect earlier, because the
// acknowledgements would be lost and the same messages come again for ever.
//
// Each connection is a new client of the library. An acknowledgement of an
// earlier connection goes nowhere (its packet identifier may mean another
// message by now); the broker sends that message again.
package mqtt
