// Command chaos-ingest kills the parts of Presage's ingest at random while
// vehicles publish, and then counts what is missing.
//
//	vehicles --QoS 1--> broker --> tap --> presage --> gate --> InfluxDB
//	    |                           |                              |
//	  PUBACKed to them   delivered to presage,                   stored
//	                     PUBACKed by presage
//
// A combination is a broker (the one inside presage, Mosquitto, or a NATS
// server of its own) with a store (the one inside presage, or InfluxDB 1.8).
// Vehicles publish messages that are all different, at a bounded rate, and
// remember each one that was acknowledged to them; what was not they send
// again. A plan that the seed determines kills -9 presage, the store and the
// broker, and takes the store away for a while. Then all vehicles finish, the
// queue drains, and the rows are read from the store and compared with what was
// published, value by value.
//
// A message that was acknowledged to a vehicle and is not stored is lost. The
// tap reads MQTT on its way to presage and tells by whom: by Presage if presage
// had acknowledged it, else by the broker, which had promised it and did not
// deliver it until it was acknowledged. Where the broker is inside presage
// there is no tap, and every loss is Presage's.
//
// The gate holds back what presage writes to InfluxDB. A kill while it does
// loses exactly what was acknowledged before it was written.
package main
