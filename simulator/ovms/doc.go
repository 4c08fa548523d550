// Package ovms says what the simulated cars measure as a module of the Open
// Vehicle Monitoring System 3 would over MQTT ("server v3"): one message a
// metric, kilometres, lists between commas, yes and no, six significant digits,
// QoS 0 and retained. What OVMS has no metric for is left out: pads, insulation,
// the warning level, the engine.
//
// It shares nothing with the decoder but the project's documentation.
package ovms
