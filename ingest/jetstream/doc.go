// Package jetstream takes vehicles' messages out of a NATS cluster, which
// several processes share. Vehicles publish to the cluster's MQTT gateway, which
// has no shared subscriptions ($share) of its own.
//
//	vehicles --PUBLISH QoS 1--> MQTT gateway --> stream $MQTT_msgs (3 replicas)
//	         <-----PUBACK-------- (stored)              |
//	                                      one durable pull consumer
//	                                       |            |            |
//	                                    process      process      process
//	                                       +--Fetch--> window --> pipeline
//	                                       <--ack of each, once it is durable
//
// The gateway acknowledges a message of QoS 1 or 2 when JetStream has stored it in
// the stream $MQTT_msgs, under $MQTT.msgs.<topic with dots>. That stream keeps a
// message until every consumer that wants it has acknowledged it. One consumer, the
// same for all processes, is what a shared subscription is: each message goes to
// one of them, and what a process held that died goes to another after
// Config.AckWait. While a process holds messages because the stores are down, it
// says so every third of that time.
//
// # What to know
//
// A message of QoS 0 is in no stream: it is not taken. Before the consumer exists
// nobody wants a message and the cluster keeps none, though it acknowledges it:
// start Presage before vehicles connect for the first time. The consumer
// stays when all processes are gone, and the cluster keeps what arrives.
//
// Message.Sent is when the cluster stored the message, exactly; a message
// that is delivered again has the same. So it says nothing about Within.
//
// # Why Fetch
//
// Messages are pulled by requests that each end within two seconds. The library's
// Consume and Messages keep one request open, and stall when it is lost with the
// consumer's leader (nats.go #2063, open in 1.55.0).
package jetstream
