// Package door is the vehicles' MQTT server: it takes messages in, hands them
// to ingest and acknowledges them when the store has them.
//
//	vehicle --PUBLISH--> reader --run--> ingest.Pipeline --> store (one sync a batch)
//	   ^                                                        |
//	   +--PUBACK, in order, one writer a connection-------------+
//
// # Why it is not a broker
//
// A broker stores each message before it acknowledges it, and the service then
// stores it again: with a broker in the process that was 4,300 messages a
// second, and MQTT 5, QoS 2, websockets and recovery after a full disk depended
// on what that broker could do. Here a message is written once. Nothing is
// queued for subscribers, because vehicles subscribe to their commands alone,
// which are rows of a table. External brokers are read by package ingest/mqtt.
//
// The packets that carry telemetry are read by hand (reader, publish); those that
// come once a connection by Eclipse's packages. mochi-mqtt was tried before: a
// SUBSCRIBE of seven bytes ends its process (mochi-mqtt/server#501).
//
// # Protocols
//
// MQTT 3.1, 3.1.1 and 5, over TCP, TLS with or without client certificates, and
// websockets, all on one port: the first byte tells them apart. QoS 0, 1 and 2;
// of QoS 2 the PUBREC follows the durable write, and a repeat before the PUBREL
// is not handed on. MQTT 5: receive maximum, session expiry, topic aliases, will
// delay, message expiry of commands and reason codes. Not there: wildcard and
// shared subscriptions, subscription identifiers and enhanced authentication,
// which CONNACK says. The retained flag of a publish is ignored.
//
// # Who may do what
//
// A vehicle's user name is its VIN, in any case. It may publish below
// presage/v1/{VIN}/ and, with Config.VehicleTopics, in foreign formats under its
// own VIN, and subscribe to presage/v1/{VIN}/command. With a stored secret it
// must present it; without one it gets in only when Config.Open. With a client
// certificate of Config.TLS.ClientCA the VIN in it (CertificateVIN) is who it
// is. Config.Admission knows secrets and revocations; Disconnect cuts off. A
// Gateway publishes for many vehicles, below its own filters. Anonymous clients
// get in only when Config.Open, which needs a loopback address.
//
// # Nobody is refused for ever
//
// A client repeats what is not acknowledged, so that one refused message would
// hold back everything behind it. A publish that is not allowed is acknowledged
// (MQTT 5: with the reason "not authorized"), counted and dropped; one below the
// client's own VIN that is not a topic of ours, or is too large, becomes a dead
// letter. A subscription that is not allowed is answered with 0x80, in MQTT 5
// with 0x87. Only packets that break the protocol end a connection.
//
// # Whose a session is
//
// A session belongs to a user and a client ID together, so that no ID can be
// taken from anybody. A client with the same user and ID takes it over, unless
// it has proven nothing and the other has. Subscriptions are kept in
// Config.Sessions over a restart, for Config.SessionExpiry after the connection.
// Which messages of QoS 2 wait for their PUBREL is kept in memory alone: after a
// restart a repeat is handed on again, which the identity of readings makes
// harmless.
//
// # Several doors
//
// With Config.Claims any number of doors stand behind a TCP load balancer over one
// database. Each login claims its session there, under a number that grows:
//
//	vehicle --CONNECT--> door B --claim 8--> database
//	   X <---cut off---- door A <--lost to 8--- |  (asked once a second)
//
// The old door cuts its connection off (in MQTT 5: "session taken over"), forgets
// the session, and what it still writes of it is refused by its number. What it
// takes in within that second is durable before its PUBACK as ever. Commands wait in
// the database, and leave by the door where the vehicle is; one that had no PUBACK
// at the old door is sent again. Identifiers of QoS 2 stay behind: a repeat is handed
// on again, which harms nothing.
//
// The doors ask; they are not told by LISTEN/NOTIFY, which needs a connection
// of its own past every pooler, takes one lock of the whole database at each commit,
// and tells nothing to a listener that is just connecting again, so that they would
// have to ask all the same. Asking is one look at an empty table.
//
// A door says every 15 seconds that it lives. One that is silent for two minutes is
// given up; should it have stood still, it cuts off all its clients when it wakes.
// While the database does not answer, clients are let in and their claims made up for.
//
// # Commands
//
// A vehicle that has subscribed gets its open commands in their order, at most
// 16 without a PUBACK. A command is gone with the first PUBACK, from whichever
// of the vehicle's connections; without one it is sent again on the next
// connection. What has expired is not sent. The newest retained command is sent
// after each new subscription.
//
// # Wills
//
// A will for a topic that the client may publish to is a message like any other.
// One for another topic below its own VIN (".../status" by custom) becomes an
// event of the type "connection_lost". Others are counted and dropped.
//
// # What is bounded
//
//   - Connections, those of an address and those of a vehicle: see Config.
//     16,384 may stand that have not shown who they are, of one address a
//     quarter of that, for at most Config.ConnectTimeout each.
//   - A connection: Config.ReceiveMaximum messages on their way (MQTT 5: more is
//     a protocol error; before, nothing more is read), a buffer of 1 to 32 KiB
//     that follows what it sends, 256 KiB unwritten (beyond it the client, which
//     never reads, is cut off), 16 topic aliases, 8 remembered topics (4,096 of
//     a gateway or an anonymous client), control packets of 128 KiB.
//   - Payloads above 64 KiB that are being read: 64 MiB of all connections; each
//     must arrive with 4 KiB a second.
//   - Identifiers of QoS 2 that wait for their PUBREL: 4,096 of a session; one
//     that is forgotten and repeated is handed on again. Client IDs above 128
//     bytes are kept as their hash.
//   - Wills that wait for their delay: one of a session without a connection, no
//     longer than the session; those that wait for the sink: 16 MiB.
//   - Sessions without a connection: 16 of a vehicle, 1,024 of a gateway and of
//     all anonymous clients, 100,000 of all, each until its expiry.
//   - Of the stores: a subscription is written when it changes, once a second at
//     the most, and commands are asked for every 5 ms of a connection.
//   - Log lines that clients can cause: 20 at once, then one a second.
//   - Metrics have no label that a client may choose.
//
// While the store does not take messages, readers wait and TCP holds the
// clients back; pings are answered all the same, and a client that is not read
// gets a PINGRESP every half of its keep-alive.
package door
