package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"presage"
	"presage/cmd/presage/lab/history"
	"presage/cmd/presage/progress"
	"presage/forecast/demand"
)

type forecastBacktestCommand struct {
	forecastFlags

	Origins int  `default:"3" placeholder:"K" help:"Rolling origins, at each of which everything is fitted anew."`
	JSON    bool `name:"json" help:"Print the table as JSON."`
}

// Run scores the methods and prints their table.
func (c forecastBacktestCommand) Run(ctx context.Context, p *process) error {
	o := c.options()
	if c.Origins < 1 {
		return fmt.Errorf("%w --origins %d: want 1 or more", presage.ErrInvalid, c.Origins)
	}
	if err := o.Validate(); err != nil {
		return err
	}
	series, err := history.Read(c.History, c.Ignore...)
	if err != nil {
		return err
	}
	cuts := demand.Cuts(len(series[0].Values), o.Horizon, c.Origins)
	bar := progress.New(p.stderr, "back-testing", "series", len(cuts)*len(series))
	defer bar.Finish()
	o.Progress = bar.Add
	scores, err := demand.Backtest(ctx, series, cuts, o)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.stdout, scores)
	}
	return printScores(p.stdout, scores)
}

func printScores(out io.Writer, scores []demand.Score) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "method\tdemands\tRPS\tWQL\tbias\tRMSE\tMASE\t<=q.5\t<=q.8\t<=q.9\t<=q.95\toff\t")
	for _, s := range scores {
		fmt.Fprintf(w, "%s\t%d\t%.4f\t%.4f\t%+.1f%%\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t\n",
			s.Method, s.N, s.RPS, s.WQL, 100*s.Bias, s.RMSE, s.MASE, s.Below[4], s.Below[7], s.Below[8], s.Below[9],
			s.Off(.5, .95))
	}
	return w.Flush()
}
