// Command bench-ingest measures how vehicles' messages get into the store:
// Presage beside Telegraf and beside a bare MQTT client that only acknowledges,
// and a fleet of connected vehicles over minutes. `make bench-ingest` and `make
// load-ingest` run it; it prints a table, and JSON with --out.
//
// # compare
//
//	publisher (this process, not counted) --> Mosquitto --> consumer --> InfluxDB
//
// Each run has a Mosquitto, an InfluxDB and a consumer of its own, on loopback
// and in an empty directory; runs of the consumers take turns, the order turns
// round with every round, and medians are compared, because the machine is
// shared and noisy. A consumer is waited for until it has subscribed and come to
// rest, so that no start-up is counted. Presage's periodic scoring is put off:
// it is not a part of ingest. CPU is user and system time of the consumer's process
// alone.
//
// Messages are fed in two ways, because one figure would mislead:
//
//   - held: the consumer is stopped (SIGSTOP) with its session established,
//     everything is published into the broker's queue, then it goes on. Nothing
//     competes with it but the broker's sending and the store: the cleanest CPU
//     figure, and the consumer's own ceiling.
//   - live: messages are published at full speed while the consumer works, from
//     the first publish to the last row. This is end to end, and the publisher
//     takes its part of the cores.
//
// A run ends when InfluxDB has counted as many rows as samples were sent, and
// the broker has nothing left that waits for an acknowledgement ($SYS, once a
// second). Rows that are missing make the program fail; targets that are
// missed do not: they are printed.
//
// # The embedded door
//
// Vehicles of this process, each under its own VIN and over a connection of its
// own, publish to Presage's own door and store: 100 with ten messages without a
// PUBACK, 1,000 with one, and one with 1,000 (--clients). The store syncs before
// each PUBACK. A run lasts from the first publish until the service has counted
// everything; rows are counted after its end. --no-external leaves out
// everything else, and needs neither Mosquitto nor InfluxDB.
//
// # load
//
// Vehicles connect under their VINs, one connection each, and publish in turn.
// One whose connection is lost connects again and sends what had no PUBACK; its
// samples' lag counts from their time. What was acknowledged must be stored in
// the end. The lag is read from
// Presage's own histogram (arrival to acknowledgement), and measured from
// outside: a sample's way from its publish until the API shows that time as the
// vehicle's last one. The service's memory is read before anybody has connected,
// with all connected and nothing published, and after the last publish.
package main
