// Package influxtest starts a real InfluxDB for a test, on loopback, and stops
// it when the test ends.
//
// InfluxDB 1.8 is found by the environment variable PRESAGE_INFLUXD, on the
// PATH, or as presage/bin/influxd in the user's cache directory, where `make
// deps` puts it:
//
//	GOBIN=~/.cache/presage/bin go install github.com/influxdata/influxdb/cmd/influxd@v1.8.10
//
// Without one the test is skipped, or fails if PRESAGE_INTEGRATION is 1.
// InfluxDB 2 is PRESAGE_INFLUXD2, which `make integration` sets where it could be
// built (`make influxd2`); without one the test of it is skipped.
package influxtest
