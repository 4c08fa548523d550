// Package tesla says what the simulated cars measure as the MQTT dispatcher of
// teslamotors/fleet-telemetry would: one message a field, miles and bar, as
// numbers or (older firmware) as texts. What Tesla's vehicles do not report is
// left out: pads, tyre temperatures, the 12 V battery, single cells.
//
// It shares nothing with the decoder but the project's documentation.
package tesla
