package hazard

import (
	"errors"
	"fmt"

	"presage"
)

// Config says how to learn.
type Config struct {
	Trees     int     // at most; default 500
	Depth     int     // of a tree, 1 to 4; default 3
	Rate      float64 // shrinkage of each tree, (0, 1]; default 0.05
	Subsample float64 // share of rows that each tree sees, (0, 1]; default 0.7
	Bins      int     // of a feature's histogram, 2 to 254; default 64
	LeafRows  int     // that a leaf holds at least; default 20
	Ridge     float64 // added to a leaf's curvature; default 1
	Patience  int     // trees without a better log loss on the stop part before growth ends; default 40
	// Stop, Calibrate and HoldOut are shares of the periods; what they leave is
	// for the fit. Defaults 0.15, 0.2 and 0.2; HoldOut may be 0.
	Stop, Calibrate, HoldOut float64
	// Monotone gives the sign of a feature's effect by name: +1 rising, -1 falling.
	Monotone map[string]int
}

// Default is a configuration for thousands to a million rows.
func Default() Config {
	return Config{
		Trees: 500, Depth: 3, Rate: 0.05, Subsample: 0.7, Bins: 64, LeafRows: 20, Ridge: 1, Patience: 40,
		Stop: 0.15, Calibrate: 0.2, HoldOut: 0.2,
	}
}

// maxDepth keeps trees readable and their number of leaves small.
const maxDepth = 4

// Validate names every fault by its field as one ErrInvalid; features are those there are.
func (c Config) Validate(features []string) error {
	var faults []error
	check := func(ok bool, field string, value any, want string) {
		if !ok {
			faults = append(faults, fmt.Errorf("%s is %v: want %s", field, value, want))
		}
	}
	share := func(x float64) bool { return x > 0 && x <= 1 }
	within := func(x, low, high int) bool { return x >= low && x <= high }
	check(within(c.Trees, 1, maxTrees), "Trees", c.Trees, fmt.Sprintf("1 to %d", maxTrees))
	check(within(c.Depth, 1, maxDepth), "Depth", c.Depth, fmt.Sprintf("1 to %d", maxDepth))
	check(share(c.Rate), "Rate", c.Rate, "a number in (0, 1]")
	check(share(c.Subsample), "Subsample", c.Subsample, "a number in (0, 1]")
	check(within(c.Bins, 2, missing-1), "Bins", c.Bins, "2 to 254")
	check(c.LeafRows >= 1, "LeafRows", c.LeafRows, "1 or more")
	check(c.Ridge >= 0, "Ridge", c.Ridge, "0 or more")
	check(c.Patience >= 1, "Patience", c.Patience, "1 or more")
	check(min(c.Stop, c.Calibrate) > 0 && c.HoldOut >= 0 && c.Stop+c.Calibrate+c.HoldOut < 1,
		"Stop, Calibrate, HoldOut", []float64{c.Stop, c.Calibrate, c.HoldOut}, "shares whose sum leaves rows to fit")
	known := map[string]bool{}
	for _, f := range features {
		known[f] = true
	}
	for f, sign := range c.Monotone {
		check(known[f], "Monotone", f, "the name of a feature")
		check(sign == 1 || sign == -1, "Monotone "+f, sign, "+1 or -1")
	}
	if len(faults) == 0 {
		return nil
	}
	return fmt.Errorf("hazard: %w: %w", presage.ErrInvalid, errors.Join(faults...))
}
