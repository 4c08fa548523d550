package visit

import (
	"context"
	"errors"

	"presage"
	"presage/outreach/finding"
)

// plausible checks a result against what is known of the visit and of the car,
// and notes what was doubtful about it.
func (d *Reception) plausible(ctx context.Context, r presage.WorkshopResult) (presage.WorkshopResult, error) {
	k := finding.Known{Catalogue: d.Catalogue, Now: d.Now()}
	if r.BookingID != "" {
		b, err := d.Store.Booking(ctx, r.BookingID)
		if err != nil {
			return r, err
		}
		k.Booking = &b
		course, err := d.Store.Repair(ctx, r.BookingID)
		if err != nil {
			return r, err
		}
		if k.Arrived = course.Began(); k.Arrived.IsZero() && b.State == presage.BookingArrived {
			k.Arrived = b.UpdatedAt // it came before stages were kept
		}
	}
	if r.VIN == "" {
		return k.Check(r)
	}
	var err error
	if k.Car, err = d.Store.Vehicle(ctx, r.VIN); err != nil && !errors.Is(err, presage.ErrNotFound) {
		return r, err
	}
	if k.Reading, err = d.reading(ctx, r); err != nil {
		return r, err
	}
	return k.Check(r)
}

// readingDays is how far back a reading is looked for.
const readingDays = 120

// odometerFeature is the name of the day's last odometer in roll-ups; see package models.
const odometerFeature = "odometer_km"

// reading is what the car sent last before a result. What it drove on the day itself
// may have been after the visit: of that day only what came before it counts.
// A prognosis has no reading: its mileage is what the car has driven on the whole.
func (d *Reception) reading(ctx context.Context, r presage.WorkshopResult) (finding.Reading, error) {
	day := presage.DayOf(r.At)
	days, err := d.Store.Rollups(ctx, r.VIN, day-readingDays, day)
	var last finding.Reading
	for _, x := range days {
		if km := x.Features[odometerFeature]; km > 0 && !x.Last.After(r.At) {
			last = finding.Reading{Km: presage.Kilometre(km), At: x.Last}
		}
	}
	return last, err
}
