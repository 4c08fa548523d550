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
		"filter", "dynamic", "pooled", "analogue", "seasonal", "born", "boosted",
	}
}

// Options say what to forecast and how.
type Options struct {
	Task
	Method  string // Auto or one of Methods
	Origins int    // rolling origins that weigh the methods; 0 for 3, or 36 over the horizon if more
	Workers int    // goroutines; 0 for one a processor
	// Refit is how many origins of a back-test one fit serves, each with the
	// values up to it; 0 is 1, a fit an origin.
	Refit int
	// Apart leaves the means of sums to what the sums teach; without it they, and
	// those of the sums' distributions, are the sums of the single periods' means,
	// whose fit takes as long again.
	Apart bool
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
	return max(3, 36/o.Horizon)
}

// Work is what Progress adds up to in a Fit and the Each after it, of so many
// series and periods.
func (o Options) Work(series, periods int) int {
	rounds := 1
	if o.Method == Auto {
		rounds += len(o.judging(periods))
		if o.coherent() {
			rounds = 2*rounds - 1
		}
	}
	return rounds * series
}

// coherent tells whether means come from a second fit, of single periods.
func (o Options) coherent() bool { return o.Cumulative && !o.Apart }

func (o Options) done(n int) {
	if o.Progress != nil {
		o.Progress(n)
	}
}

// team are fitted methods with their names.
type team struct {
	all     assortment
	names   []string
	methods []method
}

// newTeam fits the methods asked for to the rows. Without two years there is
// no season, and no seasonal method in the ensemble.
func newTeam(l lines, o Options) team {
	t := team{all: learn(l.rows)}
	r := recruiter{lines: l, options: o, all: t.all}
	for _, name := range Methods() {
		if o.Method != Auto && o.Method != name {
			continue
		}
		if m := r.method(name); m != nil {
			t.names, t.methods = append(t.names, name), append(t.methods, m)
		}
	}
	return t
}

// recruiter fits methods to rows; pooled and analogue share a distribution.
type recruiter struct {
	lines
	options  Options
	all      assortment
	pooled   *pooled
	examples []example
	young    *pooled   // of the values since the first demand
	births   []example // its examples
}

func (r *recruiter) method(name string) method {
	switch name {
	case "empirical":
		return empirical{last: 12}
	case "bootstrap":
		return bootstrap{}
	case "filter":
		return newFilter(r.lines, r.all)
	case "dynamic":
		return newDynamic(r.lines, r.all)
	case "seasonal":
		return r.seasonal()
	case "pooled":
		r.share()
		return r.pooled
	case "analogue":
		r.share()
		return newAnalogue(r.pooled, r.examples)
	case "born", "boosted":
		return r.born(name)
	default:
		return classical(name)
	}
}

// classical are the point methods, by name.
func classical(name string) method {
	f := map[string]func(values []float64, alpha float64) float64{
		"croston": Croston, "sba": SBA, "adida": ADIDA, "imapa": IMAPA,
		"tsb": func(values []float64, alpha float64) float64 { return TSB(values, alpha, alpha) },
	}[name]
	return point{func(values []float64) float64 { return f(values, smoothing) }}
}

func (r *recruiter) share() {
	if r.pooled == nil {
		r.pooled, r.examples = newPooled(r.lines, r.all, r.options.Task, nil, r.options.workers())
	}
}

// born are the methods that know only what came since the first demand.
func (r *recruiter) born(name string) method {
	r.share()
	if r.young == nil {
		l := r.lines.born()
		r.young, r.births = newPooled(l, learn(l.rows), r.options.Task, nil, r.options.workers())
	}
	if name == "born" {
		return sinceBirth{r.young, r.pooled}
	}
	return sinceBirth{newBoosted(r.young, r.births), r.pooled}
}

func (r *recruiter) seasonal() method {
	season := phases(r.rows, r.options.Season)
	if season == nil && r.options.Method == Auto {
		return nil
	}
	m, _ := newPooled(r.lines, r.all, r.options.Task, season, r.options.workers())
	return m
}
