package main

import "presage/forecast/demand"

type forecastCommand struct {
	Demand   forecastDemandCommand   `cmd:"" help:"Forecast the demand for parts from its history."`
	Backtest forecastBacktestCommand `cmd:"" help:"Score the methods on the history's last periods."`
}

// forecastFlags are those of both commands.
type forecastFlags struct {
	History    string   `required:"" type:"existingfile" placeholder:"FILE" help:"A part a row: its id, then a column a period; .csv or .csv.gz. An empty cell is a period without a record."` //nolint:lll // a struct tag cannot be broken
	Horizon    int      `required:"" placeholder:"H" help:"Periods ahead."`
	Cumulative bool     `help:"The sum of the periods up to each, as over a lead time, instead of each."`
	Method     string   `default:"auto" help:"auto (ensemble), croston, sba, tsb, adida, imapa, empirical, bootstrap, filter, dynamic, pooled, analogue, seasonal, born, boosted."` //nolint:lll // a struct tag cannot be broken
	Season     int      `default:"12" help:"Periods of a year; 0 for no seasons."`
	Ignore     []string `placeholder:"COL" help:"Columns behind the id that are not periods, such as a price."`
	Seed       uint64   `default:"1" help:"Of the simulated futures."`
}

func (f forecastFlags) options() demand.Options {
	o := demand.Default()
	o.Horizon, o.Cumulative, o.Season, o.Seed, o.Method = f.Horizon, f.Cumulative, f.Season, f.Seed, f.Method
	return o
}
