package demand

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"presage"
)

// Auto is the ensemble of all methods, weighted by their back-tested scores.
const Auto = "auto"

// Methods are the names of the methods, in the order of the tables.
func Methods() []string {
	return []string{
		"croston", "sba", "tsb", "adida", "imapa", "empirical", "bootstrap",
		"filter", "dynamic", "pooled", "analogue", "seasonal",
	}
}

// Options say what to forecast and how.
type Options struct {
	Task
	Method  string // Auto or one of Methods
	Origins int    // rolling origins that weigh the methods; 0 for 3, or 12 over the horizon if more
	Workers int    // goroutines; 0 for one a processor
	// Refit is how many origins of a back-test one fit serves, each with the
	// values up to it; 0 is 1, a fit an origin.
	Refit int
	// Progress is told of series done, from one goroutine; nil for none.
	Progress func(n int)
}

// Default forecasts each of 12 months by the ensemble.
func Default() Options {
	return Options{Task: Task{Horizon: 12, Season: 12, Seed: 1}, Method: Auto}
}

// longest is the most periods ahead; sums of more are beyond any planning.
const longest = 1000

// Validate names every option out of range.
func (o Options) Validate() error {
	var faults []error
	if o.Horizon < 1 || o.Horizon > longest {
		faults = append(faults, fmt.Errorf("horizon %d: want 1 to %d periods", o.Horizon, longest))
	}
	if o.Method != Auto && !slices.Contains(Methods(), o.Method) {
		faults = append(faults, fmt.Errorf("method %q: want %s, %s", o.Method, Auto, strings.Join(Methods(), ", ")))
	}
	if o.Origins < 0 || o.Origins > longest {
		faults = append(faults, fmt.Errorf("%d origins: want 0 to %d", o.Origins, longest))
	}
	if o.Refit < 0 {
		faults = append(faults, fmt.Errorf("refit after %d origins: want 0 or more", o.Refit))
	}
	if o.Season < 0 {
		faults = append(faults, fmt.Errorf("season of %d periods: want 2 or more, 0 for none", o.Season))
	}
	if len(faults) > 0 {
		return fmt.Errorf("forecast: %w options: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	return nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// origins is how many rolling origins weigh the methods: short horizons judge
// little each, so that they take more.
func (o Options) origins() int {
	if o.Origins > 0 {
		return o.Origins
	}
	return max(3, 12/o.Horizon)
}

// Work is what Progress adds up to in a Fit and the Each after it, of so many
// series and periods.
func (o Options) Work(series, periods int) int {
	rounds := 1
	if o.Method == Auto {
		rounds += len(origins(periods, o.Horizon, o.origins()))
	}
	return rounds * series
}

func (o Options) done(n int) {
	if o.Progress != nil {
		o.Progress(n)
	}
}

// team are fitted methods with their names.
type team struct {
	names   []string
	methods []method
}

// newTeam fits the methods asked for to the rows.
func newTeam(rows [][]float64, o Options) team {
	all := learn(rows)
	at := func(f func([]float64, float64) float64) point {
		return point{func(values []float64) float64 { return f(values, smoothing) }}
	}
	var t team
	var law *pooled
	var examples []example
	for _, name := range Methods() {
		season := []float64(nil)
		if name == "seasonal" {
			season = phases(rows, o.Season)
		}
		if o.Method != Auto && o.Method != name || name == "seasonal" && season == nil && o.Method == Auto {
			continue
		}
		var m method
		switch name {
		case "croston":
			m = at(Croston)
		case "sba":
			m = at(SBA)
		case "tsb":
			m = at(func(values []float64, alpha float64) float64 { return TSB(values, alpha, alpha) })
		case "adida":
			m = at(ADIDA)
		case "imapa":
			m = at(IMAPA)
		case "empirical":
			m = empirical{last: 12}
		case "bootstrap":
			m = bootstrap{}
		case "filter":
			m = newFilter(rows, all)
		case "dynamic":
			m = newDynamic(rows, all)
		case "seasonal":
			m, _ = newPooled(rows, all, o.Task, season, o.workers())
		default: // pooled and analogue share a law
			if law == nil {
				law, examples = newPooled(rows, all, o.Task, nil, o.workers())
			}
			m = law
			if name == "analogue" {
				m = newAnalogue(law, examples)
			}
		}
		t.names, t.methods = append(t.names, name), append(t.methods, m)
	}
	return t
}
