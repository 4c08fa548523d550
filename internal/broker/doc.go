// Package broker is the embedded MQTT 3.1.1 broker: a NATS server inside the
// process, with JetStream files that are synced before a PUBACK goes out.
//
// # Who may do what
//
// A vehicle's user name is its VIN. It may publish presage/v1/{VIN}/telemetry
// and presage/v1/{VIN}/event and subscribe to presage/v1/{VIN}/command, nothing
// else. With a stored secret it must present it; without one it gets in only
// when Config.Open. With a client certificate of Config.TLS.ClientCA it needs
// no secret: the VIN in the certificate (CertificateVIN) is who it is, and a
// user name beside it must be the same. Config.Admission knows secrets and
// revocations; Disconnect cuts a revoked vehicle off. Anonymous clients get in
// only when Config.Open; they may publish for any VIN and subscribe to nothing.
// Config.Open needs a loopback address. Without TLS secrets cross the network
// in the clear. The service's own account has a random password for each start and
// may do all; client IDs that begin with "presage" are its alone.
//
// With Config.VehicleTopics a vehicle may publish in foreign formats as well,
// under its own VIN: "ovms/{vin}/#". A Gateway is the account of a server that
// publishes for many vehicles: it may publish below its own filters and
// subscribe to nothing, so that its formats' identity is as good as that server.
//
// A publish that is not allowed is never stored. NATS would acknowledge it all
// the same, as MQTT 3.1.1 leaves it open; this broker closes the connection
// before the PUBACK, logs it and counts it. A subscription that is not allowed
// is answered with 0x80.
//
// # Whose a client ID is
//
// An MQTT session belongs to whoever connects by its client ID. One that begins
// with a VIN is that vehicle's alone, one that begins with a gateway's user name
// is that gateway's. The contract leaves any other free, and testers' clients
// make random ones, so that those are bound to their first user, vehicle (with
// a secret or a certificate) or gateway, until it is revoked, across restarts
// (the file client-ids); of each user the 16 used last. A gateway takes over an
// ID that a vehicle has used first. Who can prove nothing may use what is
// nobody's. A vehicle that finds its ID taken is refused, with the advice to
// let it begin with the VIN: such an ID nobody can take beforehand.
//
// A publish with QoS 2, which the contract has no use for, closes the
// connection: NATS checks its topic only when the session releases it, whoever
// holds the session then. With Config.VehicleTopics QoS 2 is let through, as
// OVMS modules need it, and the binding alone keeps others' copies out.
//
// # What is kept, and how much of it
//
//   - A message of at most MaxPayload (4 MiB) is stored until every persistent
//     session that subscribed to it has acknowledged it, then removed. A larger
//     one closes the connection with a log line. (Payloads of 1 to 4 MiB are
//     taken in so that ingest can tell what was wrong with them.)
//   - While the service's session is away, messages gather up to
//     Config.MaxStore bytes on disk. Beyond that a publish is not acknowledged
//     and its connection is closed: the vehicle keeps it and tries again.
//   - Each message is synced by itself, which is what bounds a disk's messages
//     a second: some 300 to 4,000. Config.SyncEvery trades the messages of an
//     interval, in a power cut, for ten times as many.
//   - A message that nobody subscribed to is acknowledged and dropped. So that
//     this cannot happen to telemetry, vehicles are let in only after a
//     persistent session has subscribed to it once; a CONNECT waits for that
//     for up to Config.SubscriberWait and is refused then.
//   - At most Config.MaxAckPending messages are on their way to the service
//     without its acknowledgement; they are sent again, to the same connection
//     or the next, after Config.AckWait.
//   - A message with QoS 0 reaches the service while it is connected, and is
//     lost otherwise. A retained one is kept beside, and sent again, marked as
//     retained, after every subscription.
//
// MQTT topics map to NATS subjects level by level: presage/v1/+/telemetry is
// presage.v1.*.telemetry.
package broker
