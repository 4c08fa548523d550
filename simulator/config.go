package simulator

import (
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/simulator/tbox"
)

// Config says which fleet to make. The zero value is not valid: see Default.
type Config struct {
	// Vehicles is the size of the fleet, 1-50,000.
	Vehicles int
	// Seed decides everything that is random.
	Seed uint64
	// Start is the first instant of the virtual time; no message is older.
	Start time.Time
	// Catalogue gives the limits at which components count as failed, and the
	// jobs and parts of repairs. Nil stands for an empty catalogue: built-in
	// limits, repairs without parts.
	Catalogue *presage.Catalogue
	// Software lets cars tell what software they run, some with a fault of it, and
	// install updates; see World.Command.
	Software bool
	// Strand lets some cars not start where they stand, so that they have to be fetched.
	Strand bool
	// WeakCells lets one electric car of twenty, and one at least, have a cell that fails
	// within months though the car is young.
	WeakCells bool
	// Places lets cars tell where they are parked.
	Places bool
	// Faults is how untidily the boxes publish; nil stands for DefaultFaults.
	Faults *Faults
}

// Faults holds the rates of what goes wrong between a car and the broker.
type Faults = tbox.Faults

// Counts says how much was published and how much of it was made untidy.
type Counts = tbox.Counts

// DefaultFaults returns the rates of an ordinary fleet.
func DefaultFaults() Faults { return tbox.DefaultFaults() }

// Default returns a fleet of 200 vehicles that starts at the given instant.
func Default(start time.Time) Config {
	return Config{Vehicles: 200, Seed: 1, Start: start}
}

// Validate returns every fault of the configuration at once, each an ErrInvalid.
func (c Config) Validate() error {
	var faults []error
	if c.Vehicles < 1 || c.Vehicles > 50_000 {
		faults = append(faults, fmt.Errorf("%w simulator vehicles: %d, want 1-50000", presage.ErrInvalid, c.Vehicles))
	}
	if y := c.Start.Year(); y < 2000 || y > 2039 {
		faults = append(faults, fmt.Errorf("%w simulator start: year %d, want 2000-2039", presage.ErrInvalid, y))
	}
	if c.Faults != nil {
		faults = append(faults, c.Faults.Validate())
	}
	return errors.Join(faults...)
}
