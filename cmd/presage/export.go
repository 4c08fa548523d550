package main

type exportCommand struct {
	Telemetry exportTelemetryCommand `cmd:"" default:"withargs" help:"Telemetry as line protocol (the default)."`
	Features  exportFeaturesCommand  `cmd:"" help:"What was known of a component week by week, and when it failed, for train."` //nolint:lll // a struct tag cannot be broken
}
