// Package mqtt connects ingest to an MQTT 3.1.1 broker: a Subscriber that
// acknowledges after the durable write, a Publisher that speaks as one vehicle,
// and a Forwarder that hands commands for vehicles to the broker.
//
// # Subscriber: window and back-pressure
//
//	broker --PUBLISH--> link --> window (bounded) --> Submit in runs --> durable
//	   ^                 |                                                  |
//	   |                 +--everything else--> client library               |
//	   +--PUBACK in runs------------------------------------- window <------+
//
// The session is persistent and every PUBLISH is acknowledged by hand, in
// order, when the pipeline says that it is durable. The client library makes
// the connection, subscribes, pings and ends it. PUBLISH packets never reach
// it: the link, the connection that it was given, takes them off the stream as
// they are read, puts them into a window, and writes their acknowledgements, a
// run of them in one call, the first one at once. Nothing waits for a run to
// fill. A feeder moves the window into the pipeline and may block there for as
// long as the stores are down.
//
// The window holds at most Config.Window messages and Config.WindowBytes bytes
// of topics and payloads; of a payload above Config.MaxPayload (4 MiB) the first
// 4 KiB are kept, which become a letter too_large. When the window is full, the
// link reads nothing more until there is room, and the broker
// stops sending; pings go on in both directions, so that an outage of the
// stores does not end the connection. A repeat (DUP) of a message that is in
// the window is dropped, because its acknowledgement is on the way.
//
// Each connection is a new client of the library. An acknowledgement of an
// earlier connection goes nowhere (its packet identifier may mean another
// message by now); the broker sends that message again.
//
// # Forwarder: commands in order
//
//	store --PendingCommands--> at most 100 --PUBLISH QoS 1--> broker --> vehicles
//	   ^                                                        |
//	   +------------------CommandDone---------------PUBACK------+
//
// The commands of one vehicle go in the order of their IDs. What was not
// acknowledged when a connection is lost goes again, so that a command may
// arrive twice. After a loss the commands that were under way go one by one:
// one that costs the connection twice puts its vehicle aside for a minute (at
// most 1,000 vehicles), and the others go on. The broker's PUBACK ends a
// command; MQTT 3.1.1 has no message expiry that could go with it. Of several
// processes one forwards at a time, by a lease.
//
// # When messages were sent
//
// MQTT 3.1.1 does not tell when a broker received what it kept. After a gap of
// two seconds and more (a lost connection, a restart, a process that stood still,
// stores that held) Message.Sent is an estimate that spreads the messages over the
// gap, and Message.Within the gap's length; see arrivals. The gap begins when
// everything had last been taken over: a connection is looked at every 250 ms, and
// Config.Memory keeps it each second for the next process. Of the past one
// instant and one number are kept, whatever comes.
//
// # Setting the broker
//
// A broker sends so many messages without an acknowledgement and no more. With
// acknowledgements that follow the durable write, the ceiling is
//
//	messages a second = in-flight limit / (linger + time of a write)
//
// A limit of 20 with 10 ms of linger and 10 ms for a write gives 1,000 messages
// a second whatever the machine; 10,000 and more are out of the way of every
// store. What the limit keeps back waits in a queue of its own, which must be
// large enough for the longest outage of the stores, because most brokers drop
// what does not fit:
//
//	Mosquitto  max_inflight_messages 0      (20; 0: no limit but the protocol's 65,535)
//	           max_queued_messages 0        (1000; or what memory allows), persistence true
//	EMQX       mqtt.max_inflight = 65535    (32)
//	           mqtt.max_mqueue_len = infinity  (1000; beyond it the oldest are dropped)
//	HiveMQ     mqtt/queued-messages/max-queue-size  (1000 a client; strategy "discard" drops the new)
//	           The in-flight limit is fixed: 50 for each client (MAX_INFLIGHT_WINDOW_SIZE_MESSAGES of
//	           the community edition). Share the stream among several subscribers ($share), or let
//	           vehicles send batches. receive-maximum bounds what a vehicle sends, not what we take.
//	NATS       mqtt { max_ack_pending: 32000, ack_wait: "1h" }  (1024 and 30 s for each subscription)
//	           It has no $share: several processes use package jetstream.
//
// In brackets are the brokers' defaults. The gauge presage_mqtt_window_messages_max
// shows how much of the limit is used: at the limit itself, raise it.
package mqtt
