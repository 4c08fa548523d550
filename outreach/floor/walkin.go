package floor

import (
	"context"
	"fmt"

	"presage"
)

// WalkIn takes in a car that stands in front, at the next free time of today; errors
// are those of visit.Desk.WalkIn.
func (f *Floor) WalkIn(ctx context.Context, w presage.WalkIn) (presage.Booking, error) {
	b, err := f.Desk.WalkIn(ctx, w)
	if err != nil {
		return b, err
	}
	if err := f.Reception.Arrive(ctx, b.ID, w.Who); err != nil {
		return b, fmt.Errorf("the time is booked (%s), but it is not noted that the car is there: %w", b.ID, err)
	}
	return f.Store.Booking(ctx, b.ID)
}
