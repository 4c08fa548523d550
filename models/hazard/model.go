package hazard

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"presage"
)

// Format and Version stand in every model file; others are refused.
const (
	Format  = "presage-hazard"
	Version = 1
)

// The bounds of a model from outside.
const (
	maxTrees    = 5000
	maxFeatures = 2000
	maxPoints   = 1_000_000
	maxNodes    = 1<<(maxDepth+1) - 1
)

// Model is a learned hazard. A model from outside must pass Check first.
type Model struct {
	Format   string   `json:"format"`
	Version  int      `json:"version"`
	Features []string `json:"features"` // in the order of x
	Monotone []int    `json:"monotone"` // sign of each feature's effect, 0 free
	Horizon  float64  `json:"horizon"`  // as Data.Horizon
	Base     float64  `json:"base"`     // log-odds without features
	Trees    []Tree   `json:"trees"`
	Isotonic Isotonic `json:"isotonic"` // from log-odds to probability
}

// Probability that a unit with features x (NaN: missing) fails within the period.
func (m *Model) Probability(x []float64) float64 { return m.Isotonic.At(m.score(x)) }

// Score is the log-odds before calibration: finer in order, as calibration has steps.
func (m *Model) Score(x []float64) float64 { return m.score(x) }

func (m *Model) score(x []float64) float64 {
	s := m.Base
	for _, t := range m.Trees {
		s += t.At(x)
	}
	return s
}

// Check makes sure of a model from outside: its version, its size, that every
// tree ends, and that its constraints' names and probabilities are sound. ErrInvalid.
func (m *Model) Check() error {
	if m.Format != Format || m.Version != Version {
		return fmt.Errorf("model: %w: format %.40q version %d: want %q version %d: train it again",
			presage.ErrInvalid, m.Format, m.Version, Format, Version)
	}
	faults := m.checkShape()
	for i, t := range m.Trees {
		if err := t.check(len(m.Features)); err != nil {
			faults = append(faults, fmt.Errorf("tree %d: %w", i+1, err))
			break
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("model: %w: %w", presage.ErrInvalid, err)
	}
	return nil
}

func (m *Model) checkShape() (faults []error) {
	check := func(ok bool, what string) {
		if !ok {
			faults = append(faults, errors.New(what))
		}
	}
	n := len(m.Features)
	check(n > 0 && n <= maxFeatures && len(m.Monotone) == n, "features and monotone signs do not fit together")
	check(len(m.Trees) <= maxTrees, fmt.Sprintf("%d trees, at most %d", len(m.Trees), maxTrees))
	check(finite(m.Base) && m.Horizon >= 0 && finite(m.Horizon), "base or horizon is not a finite number")
	f := m.Isotonic
	check(len(f.X) > 0 && len(f.X) == len(f.Y) && len(f.X) <= maxPoints, "the calibration has no points or unequal lists")
	check(slices.IsSorted(f.X) && len(slices.Compact(slices.Clone(f.X))) == len(f.X) && !slices.ContainsFunc(f.X, odd),
		"scores of the calibration do not rise")
	check(slices.IsSorted(f.Y) && !slices.ContainsFunc(f.Y, func(p float64) bool { return !(p >= 0 && p <= 1) }),
		"probabilities of the calibration fall or lie outside 0 to 1")
	return faults
}

func odd(x float64) bool { return !finite(x) }

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// check wants children beyond their parents, so that every way ends.
func (t Tree) check(features int) error {
	if len(t) == 0 || len(t) > maxNodes {
		return fmt.Errorf("%d nodes, want 1 to %d", len(t), maxNodes)
	}
	for i, n := range t {
		inside := func(k int) bool { return k > i && k < len(t) }
		sound := n.Feature == -1 && finite(n.Value)
		if n.Feature >= 0 && n.Feature < features {
			sound = inside(n.Left) && inside(n.Right) && finite(n.Threshold)
		}
		if !sound {
			return fmt.Errorf("node %d is %+v", i, n)
		}
	}
	return nil
}
