package forecast

import (
	"errors"
	"fmt"

	"presage"
)

// Config is how demand is planned.
type Config struct {
	HorizonDays  int     // days of demand in a forecast, 1-365; 30
	ServiceLevel float64 // probability of no stock-out over a lead time, (0, 1); 0.95
	AutoOrder    bool    // Service places purchase orders instead of only advising them; false
	LeadTimeDays int     // of parts whose catalogue row names none, 1-365; 30
	CoverDays    int     // how long an order is to last beyond its lead time, 0-365; 14
	HistoryDays  int     // days of parts use looked back upon, 1-3650; 180
	// ScaleVariance is the variance of the one factor by which all predicted
	// failure hazards may be wrong together, in [0, 1]. Default 1/16: as if
	// the models' level had been learnt from 16 observed failures.
	ScaleVariance float64
	Acceptance    Acceptance
	Unpredicted   Prior
}

// Acceptance is how often what could be demanded is demanded, each in [0, 1].
type Acceptance struct {
	Offered float64 // an open or offered case becomes a visit within the horizon; 0.6
	ShowUp  float64 // a booked visit takes place; 0.95
	Failed  float64 // a failed vehicle is repaired with our parts; 1
}

// Prior is the gamma prior of the rate of jobs that nobody predicted, per part
// and depot: as if Jobs had been seen in Days.
type Prior struct {
	Jobs float64 // > 0; 0.5 (Jeffreys' prior of a Poisson rate)
	Days float64 // > 0; 90
}

// Default returns the configuration with every default.
func Default() Config {
	return Config{
		HorizonDays: 30, ServiceLevel: 0.95, LeadTimeDays: 30, CoverDays: 14, HistoryDays: 180,
		ScaleVariance: 1.0 / 16,
		Acceptance:    Acceptance{Offered: 0.6, ShowUp: 0.95, Failed: 1},
		Unpredicted:   Prior{Jobs: 0.5, Days: 90},
	}
}

// Validate checks every field; the error is an ErrInvalid naming all that are
// out of range.
func (c Config) Validate() error {
	var faults []error
	within := func(name string, x, lo, hi float64) {
		if !(x >= lo && x <= hi) {
			faults = append(faults, fmt.Errorf("%s %v: want %v to %v", name, x, lo, hi))
		}
	}
	const tiny = 1e-6
	within("HorizonDays", float64(c.HorizonDays), 1, 365)
	within("ServiceLevel", c.ServiceLevel, tiny, 1-tiny)
	within("LeadTimeDays", float64(c.LeadTimeDays), 1, 365)
	within("CoverDays", float64(c.CoverDays), 0, 365)
	within("HistoryDays", float64(c.HistoryDays), 1, 3650)
	within("ScaleVariance", c.ScaleVariance, 0, 1)
	within("Acceptance.Offered", c.Acceptance.Offered, 0, 1)
	within("Acceptance.ShowUp", c.Acceptance.ShowUp, 0, 1)
	within("Acceptance.Failed", c.Acceptance.Failed, 0, 1)
	within("Unpredicted.Jobs", c.Unpredicted.Jobs, tiny, 1e6)
	within("Unpredicted.Days", c.Unpredicted.Days, tiny, 1e6)
	if len(faults) > 0 {
		return fmt.Errorf("%w forecast configuration: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	return nil
}
