// Package names bounds the signal names that vehicles invent.
//
//	name of a reading --> in the signal table, or one of ours? --> stored, always
//	                  --> known?                                --> stored
//	                  --> its vehicle invented fewer than PerVehicle,
//	                      all vehicles together fewer than Total --> stored, and known from now on
//	                  --> otherwise                              --> stored nowhere
//
// Every name costs memory here, in the embedded store a row of its table, in
// InfluxDB a field; none of them may grow by what one vehicle sends. A name
// counts for the vehicle that sent it first; others use it for nothing. A name
// that was in the embedded store before anybody counted counts for nobody.
//
// # Bounds
//
//	names of one vehicle     Config.PerVehicle
//	names of all vehicles    Config.Total, of 256 bytes at the most, some 400 bytes of memory each
//	names that count for nobody: what the embedded store held, at the most tsdb's bound
//
// A name is freed when the newest reading under it has gone by retention, or by
// a person (presage names free). Free takes it out of the telemetry store
// while nobody can be admitted, so that no new reading is lost with it.
package names
