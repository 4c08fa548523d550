// Package app wires the stages into one service: it opens the stores, starts
// the broker, and runs what the configuration asks for.
//
//	MQTT --> ingest --> telemetry + SQL --> scoring --> outreach --> API, pages
//	                                           \--> forecast
//
// A stage declares what it needs; the adapters here hand it the store's methods
// in its own words. Nothing outside cmd imports this package.
package app
