// Package mapped reads JSON of loggers that nobody here has heard of: a YAML
// file says on which topics they publish, which member of the document is which
// signal in which unit, and where the time stands. A new logger needs no
// release. WiCAN and Torque's parameters are shipped, by name.
//
//	name: my-logger                     # its name in metrics, and what others may be called by
//	topics: ["fleet/{device}/obd"]      # {vin} or {device} is a level; + and # as in MQTT;
//	                                    # {field}: the level names the value that is the payload
//	devices: {a1b2c3: WBY1Z21010V308114}
//	time: {path: head.t, unit: s}       # s, ms, us, ns or rfc3339; without "time": of arrival
//	                                    # {age: meta.age, unit: s}: so long before the arrival
//	samples: rows                       # an array of samples; without it the document is one
//	skip: [error]                       # a document with this member holds no values
//	prefix: MyLogger.                   # what "signals" does not name is kept under it; without
//	                                    # it, dropped
//	signals:
//	  speed: {signal: Vehicle.Speed, unit: mph}
//	  cells[*].mv: {signal: Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages, unit: mV}
//	  soc: {signal: Vehicle.Powertrain.TractionBattery.StateOfCharge.Displayed, factor: 0.5, invalid: [255]}
//	  ready: {signal: Vehicle.Powertrain.CombustionEngine.IsRunning, words: {on: true, off: false}}
//
// A path goes down by dots, into arrays by [0] or [*]; a dot in a name is
// written \. . A value is factor times what stands there plus offset, then
// converted from unit to the unit of the signal table; "invalid" lists what
// means "no value". Of two paths to one signal the later one wins.
//
// # Bounds
//
// A topic has maxLevels levels. The pipeline bounds a document; of what is
// kept under the prefix a sample has maxOwn values, down to maxDepth levels;
// their names are the vehicle's choice and count against its quota of names in
// the store. A mapping keeps nothing between messages.
package mapped
