package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/plotter"

	"presage/cmd/presage/lab/sheet"
	"presage/models/life"
)

// lifeColumns reads lives from the columns that the flags name.
type lifeColumns struct{ lifeFitCommand }

func (c lifeColumns) lives(s *sheet.Sheet) ([]life.Life, error) {
	var faults []error
	column := func(flag, name string, missing float64) []float64 {
		if name == "" {
			return slices.Repeat([]float64{missing}, len(s.Rows))
		}
		x, err := s.Numbers(name, false)
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: %w", flag, err))
			return slices.Repeat([]float64{missing}, len(s.Rows))
		}
		return x
	}
	entry, lower := column("entry", c.Entry, 0), column("lower", c.Lower, math.NaN())
	exit, err := c.exits(s)
	if err != nil {
		faults = append(faults, fmt.Errorf("--exit: %w", err))
	}
	count := column("count", c.Count, 1)
	x := make([][]float64, len(c.Covariates))
	for i, name := range c.Covariates {
		x[i] = column("covariate", name, 0)
	}
	failed, err := c.events(s)
	if err = errors.Join(append(faults, err)...); err != nil {
		return nil, err
	}
	lives := make([]life.Life, len(s.Rows))
	for i := range lives {
		l := life.Alive(entry[i], exit[i])
		switch {
		case math.IsInf(exit[i], 1): // open above: only the lower bound is known
			l = life.Alive(entry[i], lower[i])
		case failed[i] && !math.IsNaN(lower[i]):
			l = life.Between(entry[i], lower[i], exit[i])
		case failed[i]:
			l = life.Exact(entry[i], exit[i])
		}
		l.Count = count[i]
		for k := range x {
			l.X = append(l.X, x[k][i])
		}
		lives[i] = l
	}
	return lives, nil
}

// exits reads the ages at the end. Where a lower bound is named, an upper one
// may be "inf": such a life is censored at its lower bound.
func (c lifeColumns) exits(s *sheet.Sheet) ([]float64, error) {
	if c.Lower == "" {
		return s.Numbers(c.Exit, false)
	}
	return s.Bounds(c.Exit)
}

// events reads who has failed.
func (c lifeColumns) events(s *sheet.Sheet) ([]bool, error) {
	failed := make([]bool, len(s.Rows))
	if c.Event == "" {
		for i := range failed {
			failed[i] = true
		}
		return failed, nil
	}
	words, err := s.Texts(c.Event)
	if err != nil {
		return nil, fmt.Errorf("--event: %w", err)
	}
	var faults []error
	for i, word := range words {
		if len(c.Failures) > 0 {
			failed[i] = slices.Contains(c.Failures, word)
			continue
		}
		yes, known := eventWord(word)
		if failed[i] = yes; !known {
			faults = append(faults, fmt.Errorf("%s: %.40q: want 1 or 0, failed or censored; "+
				"or name the words of a failure by --failures", s.Place(i, c.Event), word))
		}
	}
	return failed, sheet.All(faults)
}

// eventWord understands the usual ways to write that a part failed or lived on.
func eventWord(word string) (failed, known bool) {
	switch strings.ToLower(word) {
	case "1", "1.0", "true", "t", "yes", "failed", "fail", "failure", "dead", "event", "replaced", "exact",
		"replacement", "repair", "repaired":
		return true, true
	case "0", "0.0", "false", "f", "no", "censored", "censor", "alive", "survived", "right", "suspended", "end":
		return false, true
	}
	return false, false
}

// points is one point of a curve.
func points(x, y float64) plotter.XYs { return plotter.XYs{{X: x, Y: y}} }
