// Package tesla reads what the MQTT dispatcher of teslamotors/fleet-telemetry
// publishes, so that Teslas need no software of ours: their fleet-telemetry
// server is pointed at a broker that Presage reads.
//
//	<base>/<VIN>/v/<field>                       one value, as JSON
//	<base>/<VIN>/alerts/<name>/current|history   one alert, or a list of them
//	<base>/<VIN>/errors/<name>                   an error of the telematics client
//	<base>/<VIN>/connectivity                    connected or disconnected
//
// # Values
//
// A value arrives as a number, as a text that holds one ("12.3"; firmware
// before 2024.38, or without prefer_typed), as a text in a text ("\"12.3\""), as
// true or false, as the word of an enumeration, or as an object (Location,
// DoorState, TpmsHardWarnings). Older firmware spells those objects as text:
// "(37.4 N, 122.1 W)" and "front_left|rear_left"; both become the same readings.
// What wraps a value is taken off: {"value":...}, {"stringValue":...}. null,
// "<invalid>", {"invalid":true}, and NaN in what is not a text, mean that the car
// cannot measure it now: nothing is stored.
// fields.csv tells which VSS signal a field is and in which unit it comes. A
// field, a member or a word that is not in it is kept under Tesla.<field>,
// counted as unknown and used by no model.
//
// # Time
//
// The dispatcher sends no time with a value, so its time is that of its
// arrival, or an estimate of when it would have arrived where a broker kept it;
// the pipeline keeps values of one signal apart. A retained copy is of unknown age: it is acknowledged and not stored.
// Alerts, errors and connectivity carry their times, so that a repeat or a
// retained copy changes nothing. Run the dispatcher with "qos": 1 and list V,
// alerts and connectivity in reliable_ack_sources, and leave "retained" off.
//
// # Events
//
// An alert becomes the event "alert" at its start and "alert_end" at its end,
// with its name as the code; connectivity becomes "connectivity" with
// CONNECTED or DISCONNECTED; an error becomes "error" with its name.
//
// # Identity
//
// The VIN is the topic's. The broker holds a vehicle to its own; a dispatcher
// speaks for many and needs an account of its own (mqtt.gateways) or, at an
// external broker, an access rule that lets nobody else publish below <base>.
package tesla
