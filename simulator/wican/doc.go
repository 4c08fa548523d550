// Package wican says what the simulated cars measure as a WiCAN with AutoPID
// and grouping would over MQTT: one JSON object a sample on wican/VIN/autopid,
// kilometres, psi, no time. What its list of parameters does not have is left
// out, and the pack's current, about whose sign profiles do not agree.
//
// It shares nothing with the mapping but the project's documentation.
package wican
