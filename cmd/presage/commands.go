package main

// commands is the grammar: one field a command.
type commands struct {
	Serve     serveCommand     `cmd:"" help:"Run the service: broker, stores, prognoses, outreach, API and pages."`
	Demo      demoCommand      `cmd:"" help:"Let a simulated fleet live through some months, then go on live."`
	Simulate  simulateCommand  `cmd:"" help:"Publish a simulated fleet to an MQTT broker."`
	Replay    replayCommand    `cmd:"" help:"Publish recorded trips of real cars to an MQTT broker, as the car would."`
	Eval      evalCommand      `cmd:"" help:"Measure the service on real data and print a table."`
	Export    exportCommand    `cmd:"" help:"Write telemetry, or features to learn from, to a file."`
	Import    importCommand    `cmd:"" help:"Read telemetry from files of line protocol."`
	Life      lifeCommand      `cmd:"" help:"Life distributions of parts from failures and survivors."`
	Backtest  backtestCommand  `cmd:"" help:"Forecasts from a past, against what came."`
	Train     trainCommand     `cmd:"" help:"Learn a hazard from a history of features and failures."`
	Evaluate  evaluateCommand  `cmd:"" help:"Judge a learned hazard by later rows."`
	Battery   batteryCommand   `cmd:"" help:"Weak cells of a pack, and the fade of its capacity."`
	Forecast  forecastCommand  `cmd:"" help:"Demand for parts from its history: forecasts and back-tests."`
	Backup    backupCommand    `cmd:"" help:"Copy the data of a stopped or a running service, or check a copy."`
	Restore   restoreCommand   `cmd:"" help:"Put a backup into an empty data directory."`
	Outreach  outreachCommand  `cmd:"" help:"Replay what outreach decided about a case."`
	Vehicles  vehiclesCommand  `cmd:"" help:"Give vehicles secrets for MQTT, revoke and list them."`
	Dealer    dealerCommand    `cmd:"" help:"Exchange records with the system of a dealer."`
	Records   recordsCommand   `cmd:"" help:"Exchange parts, prices, stock and orders with a planner's system."`
	Recalls   recallsCommand   `cmd:"" help:"Take in recalls and campaigns of makers."`
	Customers customersCommand `cmd:"" help:"Give a customer everything that is kept about them, or erase them."`
	Key       keyCommand       `cmd:"" help:"Print the admin key, or a one-time link to the console."`
	Names     namesCommand     `cmd:"" help:"List and free the signal names that vehicles invented."`
	Migrate   migrateCommand   `cmd:"" help:"Bring the database to this version's schema."`
	Config    configCommand    `cmd:"" help:"Print the effective configuration, secrets as ***."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}
