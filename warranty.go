package presage

import (
	"slices"
	"time"
)

// Warranty is a maker's promise to repair some components at its own cost, until
// the car is so old or has driven so far, whichever comes first.
type Warranty struct {
	ID         string        `json:"id" yaml:"id"`
	Name       Text          `json:"name" yaml:"name"` // as a customer reads it
	Components []ComponentID `json:"components" yaml:"components"`
	// Powertrains, Makes, Models and the first and last model year narrow it to
	// some cars; empty or zero for all.
	Powertrains []Powertrain `json:"powertrains,omitempty" yaml:"powertrains"`
	Makes       []string     `json:"makes,omitempty" yaml:"makes"`
	Models      []string     `json:"models,omitempty" yaml:"models"`
	FromYear    int          `json:"from_year,omitempty" yaml:"from_year"`
	ToYear      int          `json:"to_year,omitempty" yaml:"to_year"`
	Months      int          `json:"months" yaml:"months"` // from the first registration on, above 0
	Km          Kilometre    `json:"km,omitempty" yaml:"km"`
}

// fits tells whether the warranty was given for the car at all.
func (w Warranty) fits(v Vehicle) bool {
	return (len(w.Powertrains) == 0 || slices.Contains(w.Powertrains, v.Powertrain)) &&
		(len(w.Makes) == 0 || slices.Contains(w.Makes, v.Make)) &&
		(len(w.Models) == 0 || slices.Contains(w.Models, v.Model)) &&
		(w.FromYear == 0 || v.ModelYear >= w.FromYear) && (w.ToYear == 0 || v.ModelYear <= w.ToYear)
}

// Ends is the first moment after the warranty by age. A car whose first
// registration is unknown counts from the end of its model year, in its owner's
// favour; without one too the moment is zero.
func (w Warranty) Ends(v Vehicle) time.Time {
	if v.InService.IsZero() {
		if v.ModelYear == 0 {
			return time.Time{}
		}
		return time.Date(v.ModelYear+1, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, w.Months, 0)
	}
	return v.InService.AddDate(0, w.Months, 0)
}

// holds tells whether the car is within the limits at a time. An odometer that
// nobody read (0) does not end a warranty: who is asked to pay without need does
// not come, and the workshop reads it at the counter.
func (w Warranty) holds(v Vehicle, odometer Kilometre, at time.Time) bool {
	return at.Before(w.Ends(v)) && (w.Km == 0 || odometer < w.Km)
}

// WarrantyOf returns the warranty that pays for a component of the car at a time
// and odometer reading in km (0: unknown): of several that do the one that lasts
// longest. ok is false when the customer pays.
func (c *Catalogue) WarrantyOf(id ComponentID, v Vehicle, odometer Kilometre, at time.Time) (w Warranty, ok bool) {
	for _, x := range c.Warranties {
		if slices.Contains(x.Components, id) && x.fits(v) && x.holds(v, odometer, at) && (!ok || x.Months > w.Months) {
			w, ok = x, true
		}
	}
	return w, ok
}
