package main

import (
	"context"
	"fmt"

	"presage"
	"presage/cmd/presage/lab/backtest"
	"presage/cmd/presage/progress"
)

type backtestCommand struct {
	Fleet backtestFleetCommand `cmd:"" help:"Forecast a fleet's replacements from what was known at a cut, and judge it."`
}

type backtestFleetCommand struct {
	Odometer   string `required:"" type:"existingfile" placeholder:"FILE" help:"Columns group, bus_id, year_month, odometer_mi; .csv or .csv.gz."`                                             //nolint:lll // a struct tag cannot be broken
	Spells     string `required:"" type:"existingfile" placeholder:"FILE" help:"Columns bus_id, start_odometer_mi, end_odometer_mi, event (1 replaced, 0 still in) and, if wanted, entry_mi."` //nolint:lll // as above
	TrainUntil string `required:"" placeholder:"YYYY-MM" help:"Last month that is known."`
	Horizon    int    `default:"12" help:"Months ahead, at most 60."`
	Draws      int    `default:"4000" help:"From the posterior of the laws, 100 at least."`
	Seed       uint64 `default:"1" help:"Of the draws."`
	NoScore    bool   `help:"Forecast only."`
	Plot       string `placeholder:"DIR" type:"path" help:"Write table.txt, months and reliability as .svg and .png there."` //nolint:lll // as above
}

// minDraws is what a 10 % quantile needs at least.
const minDraws = 100

// scoreDraws is enough for each of a hundred cuts that are judged together.
const scoreDraws = 500

// Run prints JSON.
func (c backtestFleetCommand) Run(_ context.Context, p *process) error {
	cut, err := backtest.ParseMonth(c.TrainUntil)
	if err != nil {
		return fmt.Errorf("--train-until: %w", err)
	}
	if c.Draws < minDraws {
		return fmt.Errorf("--draws %d: %w: want at least %d", c.Draws, presage.ErrInvalid, minDraws)
	}
	fleet, err := backtest.Read(c.Odometer, c.Spells)
	if err != nil {
		return err
	}
	result, err := fleet.Forecast(cut, c.Horizon, c.Draws, c.Seed)
	if err != nil {
		return err
	}
	if !c.NoScore {
		var bar *progress.Bar
		told := 0
		result.Score = fleet.Score(result, cut, backtest.Options{
			Horizon: c.Horizon, Draws: scoreDraws, Seed: c.Seed,
			Progress: func(done, of int) {
				if bar == nil {
					bar = progress.New(p.stderr, "rolling back-test", "cuts", of)
				}
				bar.Add(done - told)
				told = done
			},
		})
		if bar != nil {
			bar.Finish()
		}
	}
	if c.Plot != "" {
		if err := backtest.Report(result, c.Plot, p.stderr); err != nil {
			return err
		}
	}
	return printJSON(p.stdout, result)
}
