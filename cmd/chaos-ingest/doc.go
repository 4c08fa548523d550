// Command chaos-ingest kills the parts of Presage's ingest at random while
// vehicles publish, and then counts what is missing.
//
//	vehicles --QoS 1--> broker --> tap --> presage --> gate --> InfluxDB
//	    |                           |                              |
//	  PUBACKed to them   delivered to presage,                   stored
//	                     PUBACKed by presage
//
// A combination is a broker (the door inside presage, or Mosquitto) with a store
// (the one inside presage, or InfluxDB 1.8).
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
//
// # Soak
//
// With --soak everything is inside presage, on a small disk in memory, and the
// faults are of more kinds: kill -9, the disk filled to the last page or below
// the reserve and freed again, the wall clock set up to three days either way,
// the process stopped for seconds, the database locked by another process; each
// of random length, some with a kill in their middle. All the while a hostile
// vehicle invents signal names and client ids, publishes on topics that there
// are not and payloads of up to 10 MiB, floods, never reads, and breaks packets
// in half.
//
//	presage/readyz <--- every second --- monitor --- QoS 1 ---> presage
//
// The monitor holds each "ready" against a message of its own, which must be
// acknowledged within 10 s unless a fault began meanwhile or less than 3 s
// before. After each fault the service must be ready, and acknowledge, within
// 30 s. At the end every acknowledged message is read back, and the most of
// memory and disk is told.
//
// Linux cannot give a process a wall clock of its own. presage is therefore
// built once more with the two functions replaced by which the machine's clock
// enters it (wall.go); all else is the program as it is. What Go's own timers
// do when a machine is suspended is not seen that way.
//
// A power cut is simulated where the files are: TestPowerCut of internal/tsdb and
// of internal/spool.
package main
