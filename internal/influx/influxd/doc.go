// Package influxd starts a real InfluxDB 1.8 on loopback, with Flux and without
// authentication, for tests (through influxtest) and measurements.
package influxd
