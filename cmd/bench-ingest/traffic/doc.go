// Package traffic is what the simulated vehicles of a measurement say: VINs with
// right check digits, messages of ten signals in the telemetry contract's JSON,
// and a pump that publishes many of them with QoS 1.
package traffic
