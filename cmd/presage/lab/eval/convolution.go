package eval

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"time"

	"presage/forecast/fleet"
	"presage/models/median"
)

// The fleet's convolution: against every outcome of a small fleet, and against
// the clock for a large one.
const (
	bruteVehicles = 20
	bruteBound    = 1e-12
	largeFleet    = 1_000_000
	timings       = 3 // the middle one counts
)

// judgeConvolution measures forecast/fleet.
func judgeConvolution(t *Table) error {
	rng := rand.New(rand.NewPCG(20, 2026)) //nolint:gosec // any fleet will do
	trials := make([]fleet.Trial, bruteVehicles)
	most := 0
	for i := range trials {
		trials[i] = fleet.Trial{P: rng.Float64(), Quantity: 1 + rng.IntN(4)}
		most += trials[i].Quantity
	}
	d, err := fleet.Sum(trials)
	if err != nil {
		return err
	}
	worst := 0.0
	for k, p := range everyOutcome(trials, most) {
		worst = max(worst, math.Abs(d.At(k)-p))
	}
	t.Judge(worst <= bruteBound, "fleet convolution, 20 vehicles of 1 to 4 pieces",
		fmt.Sprintf("worst difference %.1e", worst), "1e-12 from the sum over all 1,048,576 outcomes")
	return judgeLargeFleet(rng, t)
}

// everyOutcome adds up the probabilities of all outcomes by their pieces.
func everyOutcome(trials []fleet.Trial, most int) []float64 {
	mass := make([]float64, most+1)
	for outcome := range 1 << len(trials) {
		p, pieces := 1.0, 0
		for i, x := range trials {
			if outcome>>i&1 == 1 {
				p, pieces = p*x.P, pieces+x.Quantity
			} else {
				p *= 1 - x.P
			}
		}
		mass[pieces] += p
	}
	return mass
}

// judgeLargeFleet measures a million vehicles on one core, the collector's work included.
func judgeLargeFleet(rng *rand.Rand, t *Table) error {
	trials := make([]fleet.Trial, largeFleet)
	for i := range trials {
		trials[i] = fleet.Trial{P: rng.Float64(), Quantity: 1}
	}
	frailty, err := fleet.NewFrailty(0.01)
	if err != nil {
		return err
	}
	cores := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(cores)
	var law fleet.Distribution
	took, err := middleTime(func() (err error) { law, err = fleet.Sum(trials); return err })
	if err != nil {
		return err
	}
	shared, err := middleTime(func() error { _, err := fleet.Shared(trials, frailty); return err })
	if err != nil {
		return err
	}
	machine := fmt.Sprintf("one core of %d, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	t.Judge(took < time.Second, "fleet convolution, 1,000,000 vehicles: time",
		fmt.Sprintf("%.2f s, mean %.0f, %d cells", took.Seconds(), law.Mean(), len(law.Mass)),
		"below 1 s on one core; "+machine)
	t.Report("fleet convolution, 1,000,000 vehicles with a shared error: time", fmt.Sprintf("%.2f s", shared.Seconds()),
		fmt.Sprintf("%d strata, a convolution each; %s", fleet.Strata, machine))
	return nil
}

// middleTime is the median time of a few runs.
func middleTime(do func() error) (time.Duration, error) {
	took := make([]time.Duration, timings)
	for i := range took {
		begin := time.Now()
		if err := do(); err != nil {
			return 0, err
		}
		took[i] = time.Since(begin)
	}
	return time.Duration(median.Of(took)), nil
}
