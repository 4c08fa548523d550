package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"presage"
	"presage/cmd/presage/lab/graph"
	"presage/cmd/presage/lab/sheet"
	"presage/models/life"
)

type lifeFitCommand struct {
	Data       string   `required:"" type:"existingfile" placeholder:"FILE" help:"A life a row, .csv or .csv.gz."`
	Exit       string   `required:"" placeholder:"COL" help:"Age at failure, or at which the part was last seen alive."`
	Entry      string   `placeholder:"COL" help:"Age at which the part came under observation (left truncation)."`
	Event      string   `placeholder:"COL" help:"1, failed, ... or 0, censored, alive; without it all have failed."`
	Unit       string   `placeholder:"COL" help:"Whose event a row is, for repairs that recur: the mean number by age, and its power law."` //nolint:lll // a struct tag cannot be broken
	Failures   []string `placeholder:"WORD" help:"Words of the event column that mean a failure."`
	Lower      string   `placeholder:"COL" help:"Age at which a failed part was last seen alive (interval-censored)."`
	Count      string   `placeholder:"COL" help:"How many equal lives a row stands for."`
	Covariates []string `name:"covariate" placeholder:"COL" help:"Columns that lengthen or shorten a life (accelerated failure time)."` //nolint:lll // a struct tag cannot be broken
	Family     string   `default:"auto" help:"auto (by AIC), weibull, lognormal, loglogistic, gamma, generalised_gamma, exponential."`  //nolint:lll // a struct tag cannot be broken
	Quantiles  []string `default:"0.05,0.1,0.25,0.5,0.75,0.9" placeholder:"P" help:"Shares failed whose ages are wanted."`
	Confidence float64  `default:"0.95" help:"Of the intervals."`
	Bootstrap  int      `default:"0" placeholder:"N" help:"Replicates of a goodness-of-fit test; 0 for none."`
	Seed       uint64   `default:"1" help:"Of the bootstrap."`
	Plot       string   `placeholder:"DIR" type:"path" help:"Write table.txt, survival.svg and .png there."`
}

// fitResult is what the command prints of a family.
type fitResult struct {
	Family        string                 `json:"family"`
	Parameters    map[string]float64     `json:"parameters"`
	StdErrors     map[string]float64     `json:"standard_errors,omitempty"`
	Beta          map[string]float64     `json:"covariates,omitempty"`
	LogLikelihood float64                `json:"log_likelihood"`
	AIC           float64                `json:"aic"`
	N             float64                `json:"n"`
	Events        float64                `json:"events"`
	Quantiles     map[string]rangeResult `json:"quantiles"`
	Note          string                 `json:"note,omitempty"`
	Goodness      *goodness              `json:"goodness_of_fit,omitempty"`
	Candidates    []fitResult            `json:"candidates,omitempty"`
}

// rangeResult is an estimate with its interval; a bound is null where the lives set none.
type rangeResult struct {
	Estimate float64  `json:"estimate"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
}

type goodness struct {
	Statistic  float64 `json:"statistic"`
	PValue     float64 `json:"p_value"`
	Replicates int     `json:"replicates"`
}

// Run fits and prints JSON.
func (c lifeFitCommand) Run(_ context.Context, p *process) error {
	levels, err := c.levels()
	if err != nil {
		return err
	}
	if c.Unit != "" {
		return c.repairs(p)
	}
	lives, err := c.read()
	if err != nil {
		return err
	}
	families, err := c.families()
	if err != nil {
		return err
	}
	fits, err := life.Choose(lives, families...)
	if err != nil {
		return err
	}
	results := make([]fitResult, len(fits))
	for i, f := range fits {
		if results[i], err = c.result(f, levels); err != nil {
			return err
		}
	}
	if c.Bootstrap > 0 {
		g, err := fits[0].GoodnessOfFit(c.Bootstrap, rand.New(rand.NewPCG(c.Seed, 0))) //nolint:gosec // a simulation
		if err != nil {
			return err
		}
		results[0].Goodness = &goodness{g.Statistic, g.PValue, g.Replicates}
	}
	if c.Plot != "" {
		if err := c.report(p.stderr, lives, fits, results); err != nil {
			return err
		}
	}
	best := results[0]
	best.Candidates = slices.Clone(results)
	best.Candidates[0].Goodness = nil
	return printJSON(p.stdout, best)
}

// families are those to choose from, nil for all.
func (c lifeFitCommand) families() ([]life.Family, error) {
	if c.Family == "auto" {
		return nil, nil
	}
	f, err := life.ParseFamily(c.Family)
	if err != nil {
		return nil, fmt.Errorf("--family: %w", err)
	}
	return []life.Family{f}, nil
}

func (c lifeFitCommand) levels() ([]float64, error) {
	var levels []float64
	var faults []error
	for _, text := range c.Quantiles {
		q, err := strconv.ParseFloat(text, 64)
		if err != nil || !(q > 0 && q < 1) {
			faults = append(faults, fmt.Errorf("%w --quantiles %q: want shares in (0, 1)", presage.ErrInvalid, text))
		}
		levels = append(levels, q)
	}
	if !(c.Confidence > 0 && c.Confidence < 1) {
		faults = append(faults, fmt.Errorf("%w --confidence %g: want a share in (0, 1)", presage.ErrInvalid, c.Confidence))
	}
	return levels, errors.Join(faults...)
}

func (c lifeFitCommand) result(f life.Fitted, levels []float64) (fitResult, error) {
	r := fitResult{
		Family: f.Family.String(), Parameters: f.Parameters(), StdErrors: f.StandardErrors(),
		LogLikelihood: f.LogLikelihood, AIC: f.AIC(), N: f.N, Events: f.Events,
		Quantiles: map[string]rangeResult{}, Note: f.Regularised,
	}
	for i, name := range c.Covariates {
		if r.Beta == nil {
			r.Beta = map[string]float64{}
		}
		r.Beta[name] = f.Beta[i]
	}
	for i, level := range levels {
		q, err := f.QuantileRange(level, c.Confidence, make([]float64, len(f.Beta)))
		if err != nil {
			return r, err
		}
		r.Quantiles[c.Quantiles[i]] = rangeResult{q.Estimate, finite(q.Low), finite(q.High)}
	}
	return r, nil
}

// finite is nil for what JSON cannot hold.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) || x == 0 {
		return nil
	}
	return &x
}

// report writes the readable table and the plot.
func (c lifeFitCommand) report(stderr io.Writer, lives []life.Life, fits []life.Fitted, results []fitResult) error {
	if err := os.MkdirAll(c.Plot, 0o750); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 4, 2, ' ', 0)
	fmt.Fprintf(w, "family\tAIC\tlog L\tparameters\tmedian (%g %% interval)\n", 100*c.Confidence)
	for i, r := range results {
		var parameters []string
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			parameters = append(parameters, fmt.Sprintf("%s %.5g", name, r.Parameters[name]))
		}
		m, err := fits[i].QuantileRange(0.5, c.Confidence, make([]float64, len(fits[i].Beta)))
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%.2f\t%.3f\t%s\t%.4g (%.4g - %.4g)\n", r.Family, r.AIC, r.LogLikelihood,
			strings.Join(parameters, ", "), m.Estimate, m.Low, m.High)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if _, err := io.WriteString(stderr, text.String()); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.Plot, "table.txt"), []byte(text.String()), 0o600); err != nil {
		return fmt.Errorf("--plot: %w", err)
	}
	return c.draw(lives, fits)
}

// draw shows the laws against what was observed without any.
func (c lifeFitCommand) draw(lives []life.Life, fits []life.Fitted) error {
	plot := graph.New("Survival: "+filepath.Base(c.Data), c.Exit, "share surviving")
	oldest := 0.0
	for _, l := range lives {
		oldest = max(oldest, l.Low)
	}
	if steps, err := life.ProductLimit(lives); err == nil { // interval-censored lives have none
		observed, low, high := points(0, 1), points(0, 1), points(0, 1)
		for _, s := range steps {
			observed = append(observed, points(s.Age, s.Value)...)
			low = append(low, points(s.Age, max(0, s.Value-1.96*s.StdError))...)
			high = append(high, points(s.Age, min(1, s.Value+1.96*s.StdError))...)
		}
		err := errors.Join(graph.Band(plot, "", 4, low, high), graph.Steps(plot, "product limit", observed))
		if err != nil {
			return err
		}
	}
	for i, f := range fits[:min(3, len(fits))] {
		curve := points(0, 1)
		for k := 1; k <= 200; k++ {
			age := oldest * float64(k) / 200
			curve = append(curve, points(age, f.Survival(age))...)
		}
		if err := graph.Line(plot, f.Family.String(), i, curve); err != nil {
			return err
		}
	}
	plot.Y.Min, plot.Y.Max = 0, 1
	return graph.Save(plot, c.Plot, "survival")
}

// read makes lives of the file's rows.
func (c lifeFitCommand) read() ([]life.Life, error) {
	s, err := sheet.Read(c.Data)
	if err != nil {
		return nil, err
	}
	return lifeColumns{c}.lives(s)
}
