package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"presage"
	"presage/cmd/presage/lab/history"
	"presage/cmd/presage/progress"
	"presage/forecast/demand"
)

type forecastCommand struct {
	Demand   forecastDemandCommand   `cmd:"" help:"Forecast the demand for parts from its history."`
	Backtest forecastBacktestCommand `cmd:"" help:"Score the methods on the history's last periods."`
}

// forecastFlags are those of both commands.
type forecastFlags struct {
	History    string   `required:"" type:"existingfile" placeholder:"FILE" help:"A part a row: its id, then a column a period; .csv or .csv.gz. An empty cell is a period without a record."` //nolint:lll // a struct tag cannot be broken
	Horizon    int      `required:"" placeholder:"H" help:"Periods ahead."`
	Cumulative bool     `help:"The sum of the periods up to each, as over a lead time, instead of each."`
	Method     string   `default:"auto" help:"auto (ensemble), croston, sba, tsb, adida, imapa, empirical, bootstrap, filter, dynamic, pooled, analogue, seasonal."` //nolint:lll // as above
	Season     int      `default:"12" help:"Periods of a year; 0 for no seasons."`
	Ignore     []string `placeholder:"COL" help:"Columns behind the id that are not periods, such as a price."`
	Seed       uint64   `default:"1" help:"Of the simulated futures."`
}

func (f forecastFlags) options() demand.Options {
	o := demand.Default()
	o.Horizon, o.Cumulative, o.Season, o.Seed, o.Method = f.Horizon, f.Cumulative, f.Season, f.Seed, f.Method
	return o
}

type forecastDemandCommand struct {
	forecastFlags

	Quantiles []string `default:"0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95,0.99" placeholder:"Q" help:"Levels, each a column."` //nolint:lll // as above
	Out       string   `type:"path" placeholder:"FILE" help:"Write there instead of to standard output; .csv or .csv.gz."`
}

// Run forecasts and writes a row a part and period ahead.
func (c forecastDemandCommand) Run(ctx context.Context, p *process) error {
	o := c.options()
	levels, err := history.Levels(c.Quantiles)
	if err := errors.Join(err, o.Validate()); err != nil {
		return err
	}
	series, err := history.Read(c.History, c.Ignore...)
	if err != nil {
		return err
	}
	bar := progress.New(p.stderr, "forecasting", "steps", o.Work(len(series), len(series[0].Values)))
	defer bar.Finish()
	o.Progress = bar.Add
	m, err := demand.Fit(ctx, series, o)
	if err != nil {
		return err
	}
	return c.write(p.stdout, func(w io.Writer) error {
		table := forecastTable{w: w, levels: levels}
		if err := table.head(c.Quantiles); err != nil {
			return err
		}
		return m.Each(ctx, series, table.rows)
	})
}

// write lets fill write to the file asked for, which is there whole or not at
// all, or to stdout.
func (c forecastDemandCommand) write(stdout io.Writer, fill func(io.Writer) error) error {
	if c.Out == "" {
		b := bufio.NewWriter(stdout)
		return errors.Join(fill(b), b.Flush())
	}
	file, err := os.CreateTemp(filepath.Dir(c.Out), filepath.Base(c.Out)+".*")
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	b := bufio.NewWriter(file)
	var w io.WriteCloser = nopCloser{b}
	if strings.HasSuffix(c.Out, ".gz") {
		w = gzip.NewWriter(b)
	}
	err = errors.Join(fill(w), w.Close(), b.Flush(), file.Chmod(0o644), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), c.Out)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--out %s: %w", c.Out, err), os.Remove(file.Name()))
	}
	return nil
}

type nopCloser struct{ io.Writer }

// Close does nothing.
func (nopCloser) Close() error { return nil }

// forecastTable writes forecasts as CSV.
type forecastTable struct {
	w      io.Writer
	levels []float64
	line   []byte
}

func (t *forecastTable) head(quantiles []string) error {
	_, err := fmt.Fprintf(t.w, "id,h,mean,q%s\n", strings.Join(quantiles, ",q"))
	return err
}

func (t *forecastTable) rows(f demand.Forecast) error {
	id := f.ID
	if strings.ContainsAny(id, "\",\r\n") || strings.HasPrefix(id, " ") {
		id = `"` + strings.ReplaceAll(id, `"`, `""`) + `"`
	}
	for h, d := range f.Steps {
		t.line = append(append(t.line[:0], id...), ',')
		t.line = append(strconv.AppendInt(t.line, int64(h+1), 10), ',')
		t.line = strconv.AppendFloat(t.line, f.Mean[h], 'g', 6, 64)
		for _, q := range t.levels {
			t.line = strconv.AppendFloat(append(t.line, ','), d.Quantile(q), 'f', -1, 64)
		}
		if _, err := t.w.Write(append(t.line, '\n')); err != nil {
			return fmt.Errorf("write the forecast: %w", err)
		}
	}
	return nil
}

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
