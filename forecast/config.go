package forecast

import (
	"errors"
	"fmt"
	"slices"

	"presage"
	"presage/forecast/stock"
)

// Config is how demand is planned.
type Config struct {
	HorizonDays  int     // days of demand in a forecast, 1-365; 30
	Horizons     []int   // more numbers of days to forecast, 1-365 each; 7, 14, 30, 60, 90
	Policy       string  // what a stock is held for, one of package stock; "service_level"
	ServiceLevel float64 // probability of no stock-out over a lead time, (0, 1); 0.95
	FillRate     float64 // share of the pieces served from the shelf, (0, 1); 0.98
	HoldingCost  float64 // of a piece a year, as a share of its price, (0, 10]; 0.25
	ShortageCost float64 // of a piece asked for in vain a day, as a share of its price, (0, 100]; 0.02
	AutoOrder    bool    // Service places the day's purchase orders itself, and advises no transfers; false
	LeadTimeDays int     // of parts whose catalogue row names none, 1-365; 30
	CoverDays    int     // how long an order is to last beyond its lead time, 0-365; 14
	HistoryDays  int     // days of parts use that the history's distribution is learnt from, 1-3650; 1096
	RecentDays   int     // days of parts use that the unpredicted demand is learnt from, 1-3650; 180
	// ScaleVariance is the variance of the one factor by which all predicted
	// failure hazards may be wrong together, in [0, 1]. Default 1/16: as if
	// the models' level had been learnt from 16 observed failures.
	ScaleVariance float64
	Acceptance    Acceptance
	Unpredicted   Prior
	Pool          Pool
}

// Pool is how prognoses and history are weighed in the pool of their distributions.
type Pool struct {
	Prior        float64 // share of the prognoses before any forecast is scored, [0, 1]; 0.5
	Forecasts    float64 // scored forecasts that the prior is worth, > 0; 8: two months of overlapping ones
	HalfLifeDays float64 // age at which a scored forecast counts half, > 0; 182
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

// horizons are all the numbers of days that are forecast, ascending.
func (c Config) horizons() []int {
	all := append([]int{c.HorizonDays}, c.Horizons...)
	slices.Sort(all)
	return slices.Compact(all)
}

// Default returns the configuration with every default.
func Default() Config {
	return Config{
		HorizonDays: 30, Horizons: []int{7, 14, 30, 60, 90}, LeadTimeDays: 30, CoverDays: 14,
		Policy: stock.ServiceLevel, ServiceLevel: 0.95, FillRate: 0.98, HoldingCost: 0.25, ShortageCost: 0.02,
		HistoryDays: 1096, RecentDays: 180,
		ScaleVariance: 1.0 / 16,
		Acceptance:    Acceptance{Offered: 0.6, ShowUp: 0.95, Failed: 1},
		Unpredicted:   Prior{Jobs: 0.5, Days: 90},
		Pool:          Pool{Prior: 0.5, Forecasts: 8, HalfLifeDays: 182},
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
	for _, days := range c.Horizons {
		within("Horizons", float64(days), 1, 365)
	}
	within("FillRate", c.FillRate, tiny, 1-tiny)
	within("HoldingCost", c.HoldingCost, tiny, 10)
	within("ShortageCost", c.ShortageCost, tiny, 100)
	within("ServiceLevel", c.ServiceLevel, tiny, 1-tiny)
	within("LeadTimeDays", float64(c.LeadTimeDays), 1, 365)
	within("CoverDays", float64(c.CoverDays), 0, 365)
	within("HistoryDays", float64(c.HistoryDays), 1, 3650)
	within("RecentDays", float64(c.RecentDays), 1, 3650)
	within("ScaleVariance", c.ScaleVariance, 0, 1)
	within("Acceptance.Offered", c.Acceptance.Offered, 0, 1)
	within("Acceptance.ShowUp", c.Acceptance.ShowUp, 0, 1)
	within("Acceptance.Failed", c.Acceptance.Failed, 0, 1)
	within("Unpredicted.Jobs", c.Unpredicted.Jobs, tiny, 1e6)
	within("Unpredicted.Days", c.Unpredicted.Days, tiny, 1e6)
	within("Pool.Prior", c.Pool.Prior, 0, 1)
	within("Pool.Forecasts", c.Pool.Forecasts, tiny, 1e6)
	within("Pool.HalfLifeDays", c.Pool.HalfLifeDays, tiny, 1e6)
	if !slices.Contains([]string{stock.ServiceLevel, stock.FillRate, stock.Newsvendor}, c.Policy) {
		faults = append(faults, fmt.Errorf("policy %q: want %s, %s or %s", c.Policy,
			stock.ServiceLevel, stock.FillRate, stock.Newsvendor))
	}
	if len(faults) > 0 {
		return fmt.Errorf("%w forecast configuration: %w", presage.ErrInvalid, errors.Join(faults...))
	}
	return nil
}
