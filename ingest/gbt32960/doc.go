// Package gbt32960 takes in what Chinese electric cars send by GB/T 32960.3,
// editions 2016 and 2025: a Decoder of the frames and of the JSON that EMQX
// makes of them, and a Gateway that terminals connect to over TCP.
//
//	terminal --TCP--> Gateway --gbt32960/VIN/frame--> pipeline --> Decoder --> stores
//	    ^                                                                        |
//	    +-------- response, sent by the message's Ack <---------- durable -------+
//
//	terminal --TCP--> EMQX --MQTT gbt32960/VIN/upstream/...--> pipeline --> Decoder
//
// # From registers to signals
//
// Both ways give the same raw registers, and one table scales both. Names that
// VSS has are used in VSS units; everything else is kept as "GBT32960." and a
// name. The highest value of a register means "invalid" and the one below it
// "abnormal" (table 1 of both editions): neither becomes a reading. They are
// counted, and the field is left out. In an array, where the others must keep
// their place, a cell without a value is 0 V and a probe without one is
// -273.15 degC: both are outside the signal table's range, so that nothing that
// asks SignalSpec.Valid, as everything that computes does, takes them for
// measured.
//
// The current's sign is turned: GB/T 32960 counts discharging as positive,
// Presage charging. (Seen in recorded frames: a bus that brakes with its motor
// generating shows -248.3 A, a car at the charger -11.0 A.)
//
// All cells of a vehicle make one array when the message holds every cell of
// subsystems 1 to n. A pack of more than 200 cells in one subsystem is sent in
// several frames; what comes apart is kept as
// GBT32960.Subsystem1.CellVoltages.From201 and the like and not put together:
// cells of two instants, at two currents, would look like a faulty pack.
//
// Alarm bits become events of type "alert" and fault codes events of type
// "dtc", once when they appear and not with every frame that repeats them.
//
// # Clocks that are wrong
//
// A frame whose time no calendar has, or that is before 2010 (the clock counts
// from 2000: it was never set) or a day and more ahead of ours, is answered with
// the flag "failed" and becomes a letter missing_time or future_time. It does not
// count among the faults that close a connection, and a login is let in with any
// time (its event becomes a letter): a terminal asks for the time by command 0x08
// once it has logged in.
//
// # What is not known
//
// The 2025 edition is implemented after EMQX's parser and rtm_con, which agree
// on lengths and order. Where public sources disagree on scaling, this one was
// taken: total, pack and capacitor current offset 3000 A (rtm_con and
// baichangda/MyFramework for the packs; EMQX's documents say 1000 A), motor
// speed offset 32,000 rpm and torque offset 20,000 Nm at 0.1 Nm (rtm_con,
// MyFramework; EMQX's documents keep 20,000 rpm), cells at 1 mV without offset
// (rtm_con, MyFramework; EMQX's documents speak of an offset of 4 V). Hydrogen
// temperature and concentration are kept as raw registers for the same reason.
// Signatures of vehicles (0xFF) are skipped, not verified; enciphered data
// units, activation and key exchange are refused. Information of types 0x80 to
// 0xFE is a maker's own and is skipped by its length; any other type that is
// unknown makes the rest of its frame unreadable: what came before it is kept
// and the frame becomes a dead letter.
//
// # Who is who
//
// The protocol has no password: whoever reaches the port can claim any VIN. Put
// the gateway behind a private network of the mobile operator (Config.Allow) or
// TLS. Within that, a connection speaks for the VIN of its login alone, and a
// frame, a topic and a JSON document must name the same one. Who is revoked or
// not registered is judged by Config.Lock, as at every other door. As nobody can
// prove to be the vehicle, a second login does not cut off the first.
//
// # Bounds
//
//	connections              10,000 (Config.Connections)
//	connections of a vehicle 4 that are logged in (Config.PerVehicle)
//	a frame                  1 KiB before the login, then 65,556 bytes
//	frames without answer    64 a connection (Config.InFlight); then nothing is read
//	faults in a row          20 a connection; then it is closed
package gbt32960
