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

	"presage/cmd/presage/lab/history"
	"presage/cmd/presage/progress"
	"presage/forecast/demand"
)

type forecastDemandCommand struct {
	forecastFlags

	Quantiles []string `default:"0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.95,0.99" placeholder:"Q" help:"Levels, each a column."` //nolint:lll // a struct tag cannot be broken
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
